"""Where an application stands on its way, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from calls.models import Call, Submission
from calls.queries import on_reserve
from calls.queries.agenda import NextDate, dates_to_come
from calls.workflow import SubmissionState

S = SubmissionState


@dataclass(frozen=True)
class Leg:
    """One step of the way: its name, whether it is done, now or still to come, and a note."""

    name: str
    state: str
    note: str = ""


def date_note(moment: datetime | None) -> str:
    return _("until %(when)s") % {"when": wording.day(wording.last_minute(moment))} if moment else ""


REACHED = {S.DRAFT: 0, S.SUBMITTED: 1, S.ADMISSIBLE: 2, S.INADMISSIBLE: 1, S.SHORTLISTED: 3, S.LAUREATE: 5}


def reached(submission: Submission, state: SubmissionState) -> int:
    """How many legs are done when people see `state`."""
    if on_reserve(submission, clock.now()):
        return 3
    if state == S.DECLINED:
        return 3 if submission.former_state == S.SHORTLISTED else 2
    return REACHED.get(state, 0)


def progress_of(submission: Submission, state: SubmissionState) -> list[Leg]:
    """The way of `submission` as those who see it in `state` read it: done, now, to come."""
    call, done = submission.call, reached(submission, state)
    ended = state in {S.INADMISSIBLE, S.DECLINED, S.WITHDRAWN, S.LAUREATE}
    waits = state == S.SUBMITTED and submission.accepts_at(clock.now())  # nothing is examined before the close
    waits_in_reserve = on_reserve(submission, clock.now())
    names = [
        (_("Submission"), submitted_note(submission)),
        (_("Admissibility"), date_note(call.screening_until)),
        (_("Reading by the jury"), ""),
        *([(_("Reserve list"), _("if a place becomes free"))] if waits_in_reserve else []),
        (_("Pitch of the finalists"), ""),
        (_("Results"), results_note(call)),
    ]
    legs = []
    for place, (name, note) in enumerate(names):
        if place < done:
            legs.append(Leg(name, "done", note if place == 0 else ""))
        elif not ended:
            legs.append(Leg(name, "now" if place == done and not waits else "next", note))
    return legs


def results_note(call: Call) -> str:
    """The day the results became public; their hour is nobody's to know before."""
    if call.results_at is None or clock.now() < call.results_at:
        return ""
    return _("public on %(day)s") % {"day": wording.day(call.results_at)}


def submitted_note(submission: Submission) -> str:
    if submission.submitted_at is None:
        return date_note(submission.closes_at)
    return _("on %(day)s") % {"day": wording.day(submission.submitted_at)}


def known_dates(submission: Submission, state: SubmissionState) -> list[NextDate]:
    """What the calendar of the call still holds for an application people see in `state`: nothing once it has ended.
    One statement, or none.
    """
    return dates_to_come(submission.call, clock.now()) if state in {S.SUBMITTED, S.ADMISSIBLE, S.SHORTLISTED} else []


def next_sentence(submission: Submission, state: SubmissionState, *, mention: Any = None) -> str:
    """What comes next, in one sentence; `mention`: the special mention it was given."""
    if mention:
        return _("The jury gave it a special mention. It is not among the laureates. Thank you for having taken part.")
    until = submission.correction_until
    if state == S.SUBMITTED and until is not None and clock.now() < until:
        return _("The city asks for a correction before %(when)s.") % {"when": wording.deadline(until)}
    if state == S.SUBMITTED and submission.accepts_at(clock.now()):
        return _("You may still change it until the close. Then the city examines whether it is admissible.")
    if on_reserve(submission, clock.now()):
        return _(
            "The jury puts it on its reserve list: you are told if a place becomes free, "
            "at the latest with the results."
        )
    if state == S.WITHDRAWN and not submission.number:
        return _("You abandoned this draft: it was never submitted.")
    sentences = {
        S.DRAFT: _("It was never submitted: nobody examines it."),
        S.SUBMITTED: _("The city examines whether it is admissible, and tells you by e-mail."),
        S.ADMISSIBLE: _("The jury reads the applications. The finalists will be told by e-mail."),
        S.INADMISSIBLE: _("It is not examined further. The message you received says why."),
        S.SHORTLISTED: _("You are a finalist: the city writes to you about the date and time of your pitch."),
        S.DECLINED: _("The jury did not select it. Thank you for having taken part."),
        S.LAUREATE: _("The jury named it laureate: the city writes to you about what follows."),
        S.WITHDRAWN: _("You withdrew it: nobody examines it."),
    }
    return sentences[state]
