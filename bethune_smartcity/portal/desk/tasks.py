"""What waits for this agent, counted in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateTimeField, DecimalField, Min, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import wording
from bethune_smartcity.notifications.models import Message
from calls.instants import late_since
from calls.models import CallAgent, Clarification
from calls.queries import rights_on_calls, screened_by
from calls.workflow import SubmissionState
from juries.queries.organised import overdue_readings
from projects.models import Payment
from projects.queries import run_projects
from projects.workflow import PaymentState

SOON = timedelta(days=3)


@dataclass(frozen=True)
class Task:
    """Something to do: how many, what, a note with the date, where, and whether it presses."""

    count: int
    what: str
    note: str
    url: str
    is_hot: bool = False


@dataclass(frozen=True)
class Counted:
    """So many things that wait, and the first of their dates; where they have them, how many parts they are made of,
    what they amount to, and a name among theirs.
    """

    n: int = 0
    at: datetime | None = None
    parts: int = 0
    total: Decimal | None = None
    name: str = ""


# What things have not. With their types: the columns of the first are those of all.
LACKING: dict[str, Any] = {
    "first_at": Cast(Value(None), DateTimeField()),
    "in_parts": Value(0),
    "in_all": Cast(Value(None), DecimalField(max_digits=20, decimal_places=2)),
    "one_name": Value(""),
}


def tasks(user: Any, messages: QuerySet[Message], moment: datetime) -> list[Task]:
    """What waits for `user` at the aware instant `moment`, done or not, in a fixed order. `messages` are those they may
    list. One statement.
    """
    lost = _counted("lost", messages.filter(state=Message.State.FAILED), first_at=Min("created_at"))
    if not is_agent(user):
        return [_failed_messages(_by_name(lost).get("lost", Counted()))]
    others = (_to_screen(user, moment), _unanswered(user), _late(user, moment), _to_approve(user))
    found = _by_name(lost.union(*others, all=True))
    return [
        _examinations(found.get("screen", Counted()), moment),
        _questions(found.get("answer", Counted())),
        _late_jurors(found.get("late", Counted())),
        _payments(found.get("approve", Counted())),
        _failed_messages(found.get("lost", Counted())),
    ]


# --- How many ---


def _counted(name: str, rows: QuerySet[Any], **columns: Any) -> QuerySet[Any, Any]:
    """How many `rows` there are, with what `columns` say of them in place of what LACKING does."""
    named = rows.order_by().annotate(task=Value(name)).values("task")
    said = {"how_many": Count("pk"), **LACKING, **columns}
    return named.annotate(**said).values_list("task", "how_many", *LACKING)


def _by_name(rows: QuerySet[Any, Any]) -> dict[str, Counted]:
    return {name: Counted(*columns) for name, *columns in rows}


def _to_screen(user: Any, moment: datetime) -> QuerySet[Any, Any]:
    waiting = screened_by(user).filter(state=SubmissionState.SUBMITTED, call__closes_at__lte=moment)
    return _counted("screen", waiting, first_at=Min("call__screening_until"))


def _unanswered(user: Any) -> QuerySet[Any, Any]:
    screened = rights_on_calls(user).filter(right=CallAgent.Right.SCREEN).values("call")
    waiting = Clarification.objects.filter(call__in=screened, answered_at__isnull=True)
    return _counted("answer", waiting, first_at=Min("asked_at"))


def _late(user: Any, moment: datetime) -> QuerySet[Any, Any]:
    return _counted(
        "late",
        overdue_readings(user, moment),
        first_at=Min("juror__panel__due_at"),
        how_many=Count("juror", distinct=True),
        in_parts=Count("pk"),
    )


def _to_approve(user: Any) -> QuerySet[Any, Any]:
    asked = Payment.objects.filter(project__in=run_projects(user).values("pk"), state=PaymentState.REQUESTED)
    return _counted("approve", asked, in_all=Sum("amount"), one_name=Min("project__name"))


# --- In words ---


def _examinations(found: Counted, moment: datetime) -> Task:
    due = found.at
    return Task(
        found.n,
        ngettext("application to examine", "applications to examine", found.n),
        _until(due, moment) if due else "",
        f"{reverse('admin:calls_submission_changelist')}?state__exact=submitted",
        is_hot=due is not None and due - moment < SOON,
    )


def _until(due: datetime, moment: datetime) -> str:
    """Until when it is to be done, or since when it is late."""
    if due <= moment:
        return late_since(due)
    return _("before the end of %(day)s") % {"day": wording.day(wording.last_minute(due), weekday=True)}


def _questions(found: Counted) -> Task:
    note = _("the oldest asked on %(day)s") % {"day": wording.day(found.at)} if found.at else ""
    return Task(
        found.n,
        ngettext("question without an answer", "questions without an answer", found.n),
        note,
        f"{reverse('admin:calls_clarification_changelist')}?answered=no",
    )


def _late_jurors(found: Counted) -> Task:
    note = ""
    if found.at:
        sheets = ngettext("%(n)d sheet expected", "%(n)d sheets expected", found.parts) % {"n": found.parts}
        note = _("%(sheets)s by %(day)s") % {"sheets": sheets, "day": wording.day(found.at)}
    return Task(
        found.n,
        ngettext("juror late", "jurors late", found.n),
        note,
        f"{reverse('admin:juries_panel_changelist')}?state__exact=open",
        is_hot=bool(found.n),
    )


def _payments(found: Counted) -> Task:
    note = wording.amount(found.total) if found.total is not None else ""
    if found.n == 1:
        note = f"{found.name}, {note}"
    return Task(
        found.n,
        ngettext("payment to approve", "payments to approve", found.n),
        note,
        f"{reverse('admin:projects_payment_changelist')}?state__exact=requested",
    )


def _failed_messages(found: Counted) -> Task:
    note = _("the oldest written on %(day)s") % {"day": wording.day(found.at)} if found.at else ""
    return Task(
        found.n,
        ngettext("message that failed", "messages that failed", found.n),
        note,
        f"{reverse('admin:notifications_message_changelist')}?state__exact=failed",
        is_hot=bool(found.n),
    )
