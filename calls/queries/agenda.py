"""The dates of a person's own applications and of the calls an agent runs, for their own calendar and space."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import wording
from bethune_smartcity.core.calendars import Entry
from bethune_smartcity.core.language import language_of
from calls.models import Call, CallDate, Submission
from calls.workflow import SubmissionState

from .calls import board_calls
from .submissions import my_submissions, shown_state


@dataclass(frozen=True)
class NextDate:
    """A step of a call's calendar that is still to come, and when it is, in words; the language of its label."""

    label: str
    words: str
    label_language: str


def next_dates(calls: Collection[Any], moment: datetime) -> dict[Any, NextDate]:
    """The first step of the calendar of each of `calls` after the aware instant `moment`, by the call's key, in the
    language in force. One statement, none without calls.
    """
    if not calls:
        return {}
    steps = CallDate.objects.filter(call__in=calls, at__gt=moment).order_by("-at", "-pk")
    return {step.call_id: NextDate(step.label, _when(step), language_of(step, "label")) for step in steps}


def dates_to_come(call: Call, moment: datetime) -> list[NextDate]:
    """The steps of the calendar of `call` after the aware instant `moment`, in their order, in the language in force.
    One statement.
    """
    return [
        NextDate(step.label, _when(step), language_of(step, "label"))
        for step in call.dates.filter(at__gt=moment).order_by("at", "pk")
    ]


def _when(step: CallDate) -> str:
    """As on the call's page, with the zone where there is an hour."""
    if step.ends_at and step.with_time:
        return _("%(when)s (Paris time)") % {"when": step.words}
    return wording.instant(step.at, weekday=True) if step.with_time else step.words


def own_dates(user: Any, moment: datetime, since: datetime) -> Iterator[Entry]:
    """The closes of the drafts of `user`, with the time they alone were given, and the ends of corrections asked for.

    As they may be known at the aware instant `moment`; those past before `since` are left out. In the language in
    force. One statement.
    """
    drafts = Q(state=SubmissionState.DRAFT) & (Q(call__closes_at__gte=since) | Q(extended_until__gte=since))
    found = my_submissions(user).filter(drafts | Q(correction_until__gte=since))
    for submission in found.order_by("pk"):
        state, until = shown_state(submission, moment), submission.correction_until
        if state == SubmissionState.DRAFT:
            yield _close(submission)
        elif state == SubmissionState.SUBMITTED and until is not None:
            yield _correction(submission, until)


def run_dates(user: Any, since: datetime) -> Iterator[Entry]:
    """The closes of the calls on which `user`, an agent, has a right, and the instants their results become public.

    Those past before the aware instant `since` are left out. In the language in force. One statement, none for others.
    """
    if not is_agent(user):
        return
    coming = Q(closes_at__gte=since) | Q(results_at__gte=since)
    for call in board_calls(user).filter(coming).order_by("pk"):
        if call.closes_at >= since:
            yield _run(call, "close", _("Applications close"), wording.last_minute(call.closes_at))
        if call.results_at is not None and call.results_at >= since:
            yield _run(call, "results", _("Results public"), call.results_at)


def _run(call: Call, name: str, label: str, at: datetime) -> Entry:
    return Entry(
        uid=f"call-{call.pk}-{name}",
        summary=f"{label} – {call.short_title}",
        at=at,
        url=reverse("calls:board", kwargs={"slug": call.slug}),
        description=call.title,
    )


def _close(draft: Submission) -> Entry:
    label = _("Applications close")
    return Entry(
        uid=f"draft-{draft.pk}",
        summary=f"{label} – {draft.call.short_title}",
        at=wording.last_minute(draft.closes_at),
        url=reverse("calls:check", kwargs={"pk": draft.pk}),
        description=_("Your draft “%(title)s” is not submitted yet.") % {"title": draft.title},
    )


def _correction(submission: Submission, until: datetime) -> Entry:
    label = _("Correction expected")
    return Entry(
        uid=f"correction-{submission.pk}",
        summary=f"{label} – {submission.call.short_title}",
        at=wording.last_minute(until),
        url=reverse("calls:submission", kwargs={"pk": submission.pk}),
        description=submission.title,
    )
