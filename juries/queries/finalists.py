"""What a finale has before it, with the place of each in the running order and its word."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, FilteredRelation, OuterRef, Q

from calls.models import Submission
from calls.workflow import SubmissionState
from juries.aside import apart
from juries.models import Attendance, Panel, Slot
from juries.queries.progress import on_board
from juries.workflow import PanelState


@dataclass(frozen=True)
class Finalist:
    """A finalist as organisers read it: the place in the running order where it is drawn, and its word, if any."""

    submission: Submission
    slot: Slot | None
    word: Attendance | None


def before_finale(panel: Panel, viewer: Any) -> list[Any]:
    """The applications of a finale by number, whether `viewer` may know of them or not: `is_shown` on the board,
    `is_finalist` as `finalists_of` says; each with its `slot` and `word`, or None. One statement.
    """
    slot = FilteredRelation("slots", condition=Q(slots__panel=panel))
    word = FilteredRelation("attendances", condition=Q(attendances__panel=panel))
    answered = Exists(Attendance.objects.filter(panel=panel, submission=OuterRef("pk")))
    finalist = Q(Q(state=SubmissionState.SHORTLISTED) | answered, apart(viewer.pk)) & ~Q(
        state=SubmissionState.WITHDRAWN
    )
    flags = {"is_shown": on_board(panel, viewer), "is_finalist": finalist}
    rows = panel.call.submissions.annotate(
        slot=slot, word=word, **{name: ExpressionWrapper(each, BooleanField()) for name, each in flags.items()}
    )
    known = rows.filter(Q(is_shown=True) | Q(is_finalist=True) | Q(slot__isnull=False))
    return list(known.select_related("pillar", "slot", "word__deck").order_by("number"))


def finalists_of(found: Iterable[Any]) -> list[Finalist]:
    """Those of `before_finale` that are finalists, in the running order: without those its viewer stands aside from."""
    told = [Finalist(one, slot_of(one), getattr(one, "word", None)) for one in found if one.is_finalist]
    return sorted(told, key=lambda each: (each.slot is None, each.slot.order if each.slot else 0))


def reserve_of(panel: Panel, viewer: Any) -> list[Submission]:
    """What a reading keeps on its reserve list, by number: nothing `viewer` stands aside from. One statement, none
    before the proclamation nor in a finale.
    """
    if panel.stage != Panel.Stage.READING or panel.state != PanelState.PROCLAIMED:
        return []
    kept = panel.call.submissions.filter(state=SubmissionState.ADMISSIBLE, reserve_public_at__isnull=False)
    return list(kept.filter(apart(viewer.pk)).order_by("number"))


def slot_of(submission: Any) -> Slot | None:
    """The slot of one of `before_finale`."""
    return getattr(submission, "slot", None)
