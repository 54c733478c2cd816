"""What a jury decided, carried out on applications: hidden behind the former state until it is public."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import move, record
from calls.models import Call, Submission
from calls.queries import shown_state
from calls.workflow import SubmissionState


def shortlist(submission: Submission, *, by: Any, public_at: datetime) -> Submission:
    """Make `submission` a finalist; only the jury and agents know before the aware instant `public_at`.

    `by` is the portal acting for whoever recorded the decision (`acting_for`). Returns it. Raises Forbidden or
    Conflict.
    """
    return _decide(submission, "shortlist", by=by, public_at=public_at)


def decline(submission: Submission, *, by: Any, public_at: datetime) -> Submission:
    """Do not select `submission`. As `shortlist` otherwise."""
    return _decide(submission, "decline", by=by, public_at=public_at)


@transaction.atomic
def reserve(submission: Submission, *, by: Any, public_at: datetime) -> Submission:
    """Put `submission` on the reserve list of the finalists: its state stays. As `shortlist` otherwise."""
    require(by, "calls.apply_decision")
    waiting = Submission.objects.filter(pk=submission.pk, state=SubmissionState.ADMISSIBLE)
    if not waiting.update(reserve_public_at=public_at):
        raise Conflict("not_waiting", _("Only an admissible application can be on the reserve list."))
    submission.reserve_public_at = public_at
    record(submission, "reserve", by=by, data={"public_at": public_at.isoformat()})
    return submission


def elect(submission: Submission, *, by: Any, public_at: datetime) -> Submission:
    """Make the finalist `submission` a laureate. As `shortlist` otherwise."""
    return _decide(submission, "elect", by=by, public_at=public_at)


def _decide(submission: Submission, act: str, *, by: Any, public_at: datetime) -> Submission:
    former = shown_state(submission, clock.now())
    data = {"public_at": public_at.isoformat()}
    return move(submission, act, by=by, data=data, former_state=former.value, decision_public_at=public_at)


@transaction.atomic
def publish_decisions_at(call: Call, before: datetime, after: datetime, *, by: Any) -> int:
    """Move the publication of the decisions on `call` that were due public at `before` to `after` (aware instants).

    Returns how many applications it concerns. Raises Forbidden.
    """
    require(by, "calls.apply_decision")
    waiting = Submission.objects.filter(call=call, decision_public_at=before)
    reserve = Submission.objects.filter(call=call, reserve_public_at=before)
    moved = waiting.update(decision_public_at=after) + reserve.update(reserve_public_at=after)
    record(call, "publish_decisions_at", by=by, data={"before": before.isoformat(), "after": after.isoformat()})
    return moved
