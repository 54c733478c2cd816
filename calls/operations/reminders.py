"""The closing ladder: seven days and two days before the close, each draft is told what it still lacks."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import translation

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import gathering, key_of
from calls import notices
from calls.models import Call, Submission
from calls.phases import accepts_at
from calls.queries import Filled, announced, filled_forms, lacks
from calls.workflow import SubmissionState

# From the rung nearest to the close: when two are due, only the nearest is written.
RUNGS = (("48h", timedelta(hours=48)), ("7d", timedelta(days=7)))
# Drafts read and written to at once.
BATCH = 200

Waiting = tuple[Submission, list[User]]


def due_rung(closes_at: datetime, moment: datetime) -> tuple[str, datetime] | None:
    """The rung to write at the aware instant `moment` for that close: its key and when it came due; None when none."""
    if moment >= closes_at:
        return None
    for name, before in RUNGS:
        if closes_at - before <= moment:
            return notices.closing_step(name, closes_at), closes_at - before
    return None


def people_of(drafts: QuerySet[Submission]) -> dict[int, list[User]]:
    """The people of the structures behind `drafts`, by structure."""
    seats = Membership.objects.filter(structure__in=drafts.values("structure"), user__is_active=True)
    people: dict[int, list[User]] = defaultdict(list)
    for seat in seats.select_related("user").order_by("pk"):
        people[seat.structure_id].append(seat.user)
    return people


def waiting_for(drafts: QuerySet[Submission], step: str) -> list[Waiting]:
    """Each of `drafts` with those of its people to whom `step` was not written yet, where there are any."""
    people = people_of(drafts)
    asked = {
        key_of(notices.CLOSING, draft, step, str(user.pk)): (draft, user)
        for draft in drafts
        for user in people[draft.structure_id]
    }
    written = set(Message.objects.filter(key__in=asked).values_list("key", flat=True))
    left: dict[Submission, list[User]] = defaultdict(list)
    for key, (draft, user) in asked.items():
        if key not in written:
            left[draft].append(user)
    return list(left.items())


def remind(call: Call, moment: datetime) -> int:
    """Write the rung due at `moment` to the drafts of `call` that were started before it came due."""
    rung = due_rung(call.closes_at, moment)
    if rung is None:
        return 0
    step, since = rung
    drafts = Submission.objects.filter(call=call, state=SubmissionState.DRAFT, created_at__lte=since)
    waiting = waiting_for(drafts.select_related("call"), step)
    return sum(_tell(call, waiting[start : start + BATCH], step) for start in range(0, len(waiting), BATCH))


def _tell(call: Call, waiting: list[Waiting], step: str) -> int:
    """Write `step` to each draft's people, all at once."""
    filled = filled_forms(call.pk, [draft for draft, _users in waiting])
    with gathering():
        return sum(_tell_one(draft, filled[draft.pk], step, users) for draft, users in waiting)


def _tell_one(draft: Submission, filled: Filled, step: str, users: list[User]) -> int:
    written = 0
    for language in {user.language for user in users}:
        with translation.override(language):
            lacking = list(lacks(draft, filled))
        readers = [user for user in users if user.language == language]
        written += notices.closing_soon(draft, step, readers, lacking)
    return written


def plan_closing(until: datetime) -> int:
    """Write every closing reminder due at the aware instant `until` and not written. Returns how many."""
    calls = announced(until).filter(closes_at__gt=until)
    return sum(remind(call, until) for call in calls if accepts_at(call, until))
