"""A person's applications, each with where it stands for them and what comes next."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.core import wording
from calls.asked import Asked, asked_of
from calls.mentions import mentions_of
from calls.models import Submission
from calls.queries import my_submissions, on_reserve, shown_state
from calls.workflow import SubmissionState as S

from .coming import coming_of, to_come

SHOWN = 20
TONES = {
    S.DRAFT: "draft",
    S.SUBMITTED: "info",
    S.ADMISSIBLE: "info",
    S.SHORTLISTED: "ok",
    S.LAUREATE: "ok",
    S.INADMISSIBLE: "stop",
}


@dataclass(frozen=True)
class Line:
    """An application as its own people read of it: state, what comes next and when, and what to press.

    `until` is the aware exclusive instant by which they may act, None where nothing is theirs to do.
    """

    submission: Submission
    state: str
    tone: str
    next: str
    action: str
    url: str
    is_urgent: bool
    until: datetime | None = None


def my_applications(user: Any, moment: datetime) -> list[Line]:
    """The applications of the structures `user` acts for, the last edited first, as they stand at `moment`."""
    mine = list(my_submissions(user)[:SHOWN])
    asked, dates, mentioned = asked_of(mine, moment), coming_of(mine, moment), mentions_of(mine, moment)
    lines = [line_of(one, moment, asked.get(one.pk), dates.get(one.pk, "")) for one in mine]
    return [_mentioned(line) if line.submission.pk in mentioned else line for line in lines]


def _mentioned(line: Line) -> Line:
    """The line of an application to which the jury gave a special mention: it is told instead of the refusal."""
    words = _("The jury gave this application a special mention: you can read its words on the page.")
    return replace(line, state=_("Special mention of the jury"), tone="ok", next=words)


def line_of(submission: Submission, moment: datetime, asked: Asked | None = None, coming: str = "") -> Line:
    """`submission` as it may be shown to its own people at the aware instant `moment`, with what is `asked` of them and
    the sentence that says when the rest is `coming`.
    """
    state = shown_state(submission, moment)
    is_theirs = (state == S.DRAFT and submission.accepts_at(moment)) or _is_corrected(submission, state, moment)
    is_urgent = not asked.is_done if asked else is_theirs
    return Line(
        submission,
        _("On the reserve list") if on_reserve(submission, moment) else state.label,
        TONES.get(state, "quiet"),
        _with_date(_said(asked) if asked else _next(submission, state, moment), asked, coming),
        asked.action if asked else _action(submission, state, moment),
        asked.url if asked else submission.get_absolute_url(),
        is_urgent,
        asked.due_at if asked else _until(submission, state, moment),
    )


def _with_date(sentence: str, asked: Asked | None, coming: str) -> str:
    """What comes next and when; that no date is known is left out where what is asked has one."""
    if not coming or (asked and asked.due_at and coming == to_come()):
        return sentence
    return f"{sentence} {coming}"


def _until(submission: Submission, state: S, moment: datetime) -> datetime | None:
    """The exclusive instant by which its people may act at `moment`."""
    dates = {S.DRAFT: [submission.closes_at], S.SUBMITTED: [submission.correction_until, submission.closes_at]}
    return next((date for date in dates.get(state, []) if date is not None and moment < date), None)


def _said(asked: Asked) -> str:
    """What is asked, with its date where there is one."""
    if asked.due_at is None:
        return asked.sentence
    until = _("You have until %(when)s.") % {"when": wording.deadline(asked.due_at)}
    return f"{asked.sentence} {until}"


def _next(submission: Submission, state: S, moment: datetime) -> str:
    if state == S.DRAFT:
        return _draft_next(submission, moment)
    if state == S.SUBMITTED:
        return _submitted_next(submission, moment)
    if on_reserve(submission, moment):
        return _("You will be told if a place among the finalists becomes free, at the latest with the results.")
    return {
        S.ADMISSIBLE: _("Jurors are reading the applications."),
        S.INADMISSIBLE: _("The application does not meet the rules of the call: the reason is on its page."),
        S.SHORTLISTED: _("You are a finalist: prepare your pitch."),
        S.DECLINED: _("The jury has not selected this application."),
        S.LAUREATE: _("You are a laureate: the city will write to you about the first steps."),
        S.WITHDRAWN: _("You have withdrawn this application."),
    }[state]


def _draft_next(submission: Submission, moment: datetime) -> str:
    if moment >= submission.closes_at:
        return _("The call has closed: this draft was not submitted.")
    return _("Not submitted yet. You have until %(when)s.") % {"when": wording.deadline(submission.closes_at)}


def _is_corrected(submission: Submission, state: S, moment: datetime) -> bool:
    """Whether the city awaits a correction at `moment`."""
    until = submission.correction_until
    return state == S.SUBMITTED and until is not None and moment < until


def _submitted_next(submission: Submission, moment: datetime) -> str:
    until, call = submission.correction_until, submission.call
    if until is not None and _is_corrected(submission, S.SUBMITTED, moment):
        return _("The city asks for a correction before %(when)s.") % {"when": wording.deadline(until)}
    if submission.accepts_at(moment):
        edit = _("Submitted. You can edit it until %(when)s.") % {"when": wording.deadline(submission.closes_at)}
        return f"{edit} {_checked_next(call.screening_until)}"
    if call.screening_until is not None and moment < call.screening_until:
        return _("The city checks that it meets the rules, until %(day)s.") % {
            "day": wording.day(wording.last_minute(call.screening_until))
        }
    return _("The city checks that it meets the rules.")


def _checked_next(until: datetime | None) -> str:
    """What follows the close, and until when."""
    if until is None:
        return _("Then the city checks that it meets the rules.")
    day = wording.day(wording.last_minute(until))
    return _("Then the city checks that it meets the rules, until %(day)s.") % {"day": day}


def _action(submission: Submission, state: S, moment: datetime) -> str:
    if state == S.DRAFT and submission.accepts_at(moment):
        return _("Resume my draft")
    if _is_corrected(submission, state, moment):
        return _("Correct my application")
    return _("See my application")
