"""The closing ladder: seven days and two days before the close, each draft is told what it still lacks."""

from datetime import datetime, timedelta

from django.utils import translation

from bethune_smartcity.accounts.models import User
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import key_of
from calls import notices
from calls.models import Call, Submission
from calls.phases import accepts_at
from calls.queries import announced, missing
from calls.workflow import SubmissionState

# From the rung nearest to the close: when two are due, only the nearest is written.
RUNGS = (("48h", timedelta(hours=48)), ("7d", timedelta(days=7)))


def due_rung(closes_at: datetime, moment: datetime) -> tuple[str, datetime] | None:
    """The rung to write at the aware instant `moment` for that close: its key and when it came due; None when none."""
    if moment >= closes_at:
        return None
    for name, before in RUNGS:
        if closes_at - before <= moment:
            return notices.closing_step(name, closes_at), closes_at - before
    return None


def waiting_for(drafts: list[Submission], step: str) -> list[tuple[Submission, list[User]]]:
    """Each draft with those of its people to whom `step` was not written yet."""
    people = {draft: list(notices.members(draft)) for draft in drafts}
    keys = [key_of(notices.CLOSING, draft, step, str(user.pk)) for draft in drafts for user in people[draft]]
    written = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    left = [
        (draft, [u for u in people[draft] if key_of(notices.CLOSING, draft, step, str(u.pk)) not in written])
        for draft in drafts
    ]
    return [(draft, users) for draft, users in left if users]


def remind(call: Call, moment: datetime) -> int:
    """Write the rung due at `moment` to the drafts of `call` that were started before it came due."""
    rung = due_rung(call.closes_at, moment)
    if rung is None:
        return 0
    step, since = rung
    drafts = Submission.objects.filter(call=call, state=SubmissionState.DRAFT, created_at__lte=since)
    waiting = waiting_for(list(drafts.select_related("call")), step)
    return sum(_tell(draft, step, users) for draft, users in waiting)


def _tell(draft: Submission, step: str, users: list[User]) -> int:
    written = 0
    for language in {user.language for user in users}:
        with translation.override(language):
            lacks = missing(draft)
        readers = [user for user in users if user.language == language]
        written += notices.closing_soon(draft, step, readers, lacks)
    return written


def plan_closing(until: datetime) -> int:
    """Write every closing reminder due at the aware instant `until` and not written. Returns how many."""
    calls = announced(until).filter(closes_at__gt=until)
    return sum(remind(call, until) for call in calls if accepts_at(call, until))
