"""The date of what comes next for applications, as far as their own people may know it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.core import wording
from calls.models import Submission
from calls.queries import shown_state
from calls.queries.agenda import next_dates
from calls.workflow import SubmissionState as S
from juries.queries.programme import finale_dates
from projects.queries import next_steps

# After these nothing follows.
ENDED = frozenset({S.INADMISSIBLE, S.DECLINED, S.WITHDRAWN})


def coming_of(submissions: Sequence[Submission], moment: datetime) -> dict[Any, str]:
    """The sentence that says when the next thing happens to each of `submissions` whose own dates do not, by its key;
    that it is not known yet, where it is not. As may be known at the aware instant `moment`.

    At most four statements: one for the steps of calls, two for finalists, one for laureates.
    """
    states = {one.pk: shown_state(one, moment) for one in submissions}
    waiting = [one for one in submissions if _waits(one, states[one.pk], moment)]
    steps = next_steps([one.pk for one in waiting if states[one.pk] == S.LAUREATE])
    hours = finale_dates([one for one in waiting if states[one.pk] == S.SHORTLISTED], moment)
    rest = [one for one in waiting if one.pk not in {*steps, *hours}]
    dates = next_dates({one.call_id for one in rest}, moment)
    told = {pk: _("Your next step: %(step)s, due on %(day)s.") % _step(step) for pk, step in steps.items()}
    told |= {pk: _pitch(at) for pk, at in hours.items()}
    for one in rest:
        step = dates.get(one.call_id)
        words = {"step": step.label, "when": step.words} if step else {}
        told[one.pk] = _("Next date of the call: %(step)s, %(when)s.") % words if step else to_come()
    return told


def to_come() -> str:
    """What is said where no date is known."""
    return _("The date of what follows is still to come: the city will write to you.")


def _waits(submission: Submission, state: S, moment: datetime) -> bool:
    """Whether something follows whose date the application itself does not tell."""
    if state == S.SUBMITTED:
        call, until = submission.call, submission.correction_until
        dates = (until, submission.closes_at, call.screening_until)
        return not any(date is not None and moment < date for date in dates) and not submission.accepts_at(moment)
    return state not in {S.DRAFT, *ENDED}


def _step(step: Any) -> dict[str, str]:
    return {"step": step.title, "day": wording.day(step.due_on)}


def _pitch(at: Any) -> str:
    if isinstance(at, datetime):
        return _("Your pitch: %(when)s.") % {"when": wording.instant(at, weekday=True)}
    return _("The finale is held on %(day)s; the hour of your pitch is still to come.") % {
        "day": wording.day(at, weekday=True)
    }
