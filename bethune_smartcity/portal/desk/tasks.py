"""What waits for this agent: one statement a task."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import wording
from calls.instants import late_since
from calls.models import CallAgent, Clarification
from calls.queries import rights_on_calls, screened_by
from calls.workflow import SubmissionState
from juries.queries.organised import overdue_readings
from projects.models import Payment
from projects.queries import run_projects
from projects.workflow import PaymentState

from .outgoing import Failed

SOON = timedelta(days=3)


@dataclass(frozen=True)
class Task:
    """Something to do: how many, what, a note with the date, where, and whether it presses."""

    count: int
    what: str
    note: str
    url: str
    is_hot: bool = False


def tasks(user: Any, lost: Failed, moment: datetime) -> list[Task]:
    """What waits for `user` at the aware instant `moment`, done or not, in a fixed order. `lost` are the messages
    that failed, among those they may list. At most four statements.
    """
    if not is_agent(user):
        return [_failed_messages(lost)]
    return [
        _to_screen(user, moment),
        _unanswered(user),
        _late_jurors(user, moment),
        _payments(user),
        _failed_messages(lost),
    ]


def _to_screen(user: Any, moment: datetime) -> Task:
    waiting = screened_by(user).filter(state=SubmissionState.SUBMITTED, call__closes_at__lte=moment)
    found = waiting.aggregate(n=Count("pk"), due=Min("call__screening_until"))
    due = found["due"]
    return Task(
        found["n"],
        ngettext("application to examine", "applications to examine", found["n"]),
        _until(due, moment) if due else "",
        f"{reverse('admin:calls_submission_changelist')}?state__exact=submitted",
        is_hot=bool(due) and due - moment < SOON,
    )


def _until(due: datetime, moment: datetime) -> str:
    """Until when it is to be done, or since when it is late."""
    if due <= moment:
        return late_since(due)
    return _("before the end of %(day)s") % {"day": wording.day(wording.last_minute(due), weekday=True)}


def _unanswered(user: Any) -> Task:
    screened = rights_on_calls(user).filter(right=CallAgent.Right.SCREEN).values("call")
    waiting = Clarification.objects.filter(call__in=screened, answered_at__isnull=True)
    found = waiting.aggregate(n=Count("pk"), since=Min("asked_at"))
    note = _("the oldest asked on %(day)s") % {"day": wording.day(found["since"])} if found["n"] else ""
    return Task(
        found["n"],
        ngettext("question without an answer", "questions without an answer", found["n"]),
        note,
        f"{reverse('admin:calls_clarification_changelist')}?answered=no",
    )


def _late_jurors(user: Any, moment: datetime) -> Task:
    found = overdue_readings(user, moment).aggregate(
        n=Count("juror", distinct=True), sheets=Count("pk"), due=Min("juror__panel__due_at")
    )
    note = ""
    if found["n"]:
        sheets = ngettext("%(n)d sheet expected", "%(n)d sheets expected", found["sheets"]) % {"n": found["sheets"]}
        note = _("%(sheets)s by %(day)s") % {"sheets": sheets, "day": wording.day(found["due"])}
    return Task(
        found["n"],
        ngettext("juror late", "jurors late", found["n"]),
        note,
        f"{reverse('admin:juries_panel_changelist')}?state__exact=open",
        is_hot=bool(found["n"]),
    )


def _payments(user: Any) -> Task:
    asked = Payment.objects.filter(project__in=run_projects(user).values("pk"), state=PaymentState.REQUESTED)
    found = asked.aggregate(n=Count("pk"), total=Sum("amount"), project=Min("project__name"))
    note = wording.amount(found["total"]) if found["n"] else ""
    if found["n"] == 1:
        note = f"{found['project']}, {note}"
    return Task(
        found["n"],
        ngettext("payment to approve", "payments to approve", found["n"]),
        note,
        f"{reverse('admin:projects_payment_changelist')}?state__exact=requested",
    )


def _failed_messages(lost: Failed) -> Task:
    n = lost.count
    note = _("the oldest written on %(day)s") % {"day": wording.day(lost.since)} if lost.since else ""
    return Task(
        n,
        ngettext("message that failed", "messages that failed", n),
        note,
        f"{reverse('admin:notifications_message_changelist')}?state__exact=failed",
        is_hot=bool(n),
    )
