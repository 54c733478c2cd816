"""The day of a finale: the running order, drawn with a seed anyone can replay; who is there, where a jury meets."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.notifications.operations import supersede
from calls.models import Submission
from calls.workflow import SubmissionState
from juries.models import Juror, Panel, Slot
from juries.notices import SLOT, pitch_hour
from juries.operations.checks import checked, held, require_state
from juries.workflow import BEFORE_THE_LOCK, AttendanceState, PanelState

IN_SESSION = (*BEFORE_THE_LOCK, PanelState.LOCKED, PanelState.DISCLOSED, PanelState.DELIBERATION)


def draw(numbers: list[str], seed: int) -> list[str]:
    """`numbers` in an order drawn by `seed`: sorted first, so that anyone who knows both finds the same order."""
    order = sorted(numbers)
    random.Random(seed).shuffle(order)  # noqa: S311  (a draw to replay, not a secret)
    return order


@transaction.atomic
def draw_slots(panel: Panel, *, seed: int, starts_at: datetime, minutes: int, by: Any) -> list[Slot]:
    """Draw the running order of a finale: one slot of `minutes` a finalist, back to back from `starts_at` (aware).

    Drawing again replaces the order until the first pitch begins. Those whose hour or length changes are told once they
    know that they are finalists. Returns the slots. Raises Forbidden, Invalid (minutes) or Conflict (no finale, no
    finalist, marks locked, a pitch begun).
    """
    require(by, "juries.organise_panel", panel)
    fresh = held(panel)
    if not 1 <= minutes <= 240:
        raise Invalid("bad_minutes", _("Give each pitch 1 to 240 minutes."), field="minutes")
    check_drawable(fresh)
    finalists = {str(one.number): one for one in _finalists(panel)}
    if not finalists:
        raise Conflict("no_finalist", _("There is no finalist yet."))
    former = {slot.submission: slot for slot in panel.slots.select_related("submission")}
    panel.slots.all().delete()
    order = draw(list(finalists), seed)
    slots = Slot.objects.bulk_create(
        Slot(
            panel=panel,
            submission=finalists[number],
            order=i + 1,
            starts_at=starts_at + timedelta(minutes=i * minutes),
            minutes=minutes,
        )
        for i, number in enumerate(order)
    )
    record(panel, "draw_slots", by=by, data={"seed": seed, "order": order, "minutes": minutes})
    _tell(slots, former)
    return slots


def check_drawable(panel: Panel) -> None:
    """Raise Conflict unless the running order of `panel` may be drawn, or drawn again."""
    if panel.stage != Panel.Stage.FINALE or panel.state not in BEFORE_THE_LOCK:
        raise Conflict("no_draw", _("The running order of a finale is drawn before its marks are locked."))
    if panel.slots.filter(began_at__isnull=False).exists():
        raise Conflict("pitches_begun", _("The pitches have begun: their order is no longer drawn again."))


def _tell(slots: list[Slot], former: dict[Submission, Slot]) -> None:
    """Tell those whose slot is another than their `former` one; to those who have none now no former hour leaves."""
    for slot in slots:
        before = former.pop(slot.submission, None)
        if before is None or (before.starts_at, before.minutes) != (slot.starts_at, slot.minutes):
            pitch_hour(slot)
    for gone in former:
        supersede(SLOT, gone)


def _finalists(panel: Panel) -> Any:
    finalists = Submission.objects.filter(call=panel.call_id, state=SubmissionState.SHORTLISTED)
    return finalists.select_related("structure")


@transaction.atomic
def move_on(panel: Panel, *, after: int | None, by: Any) -> Slot | None:
    """Let the pitch in progress end and the next of the running order begin, those who do not come left out.

    `after`: the key of the pitch in progress as seen by whoever asks, None before the first: two who press at once move
    on once. Returns the slot that begins, None after the last. Raises Forbidden, or Conflict (no finale, sheets not
    open, no order drawn, moved on already, nothing left).
    """
    require(by, "juries.chair_panel", panel)
    fresh = held(panel)
    sentence = _("Pitches follow one another while the sheets of a finale are open.")
    require_state(fresh, [PanelState.OPEN] if fresh.stage == Panel.Stage.FINALE else [], sentence)
    moment, slots = clock.now(), list(panel.slots.order_by("order"))
    current = next((one for one in slots if one.is_in_progress), None)
    if after != (current.pk if current else None):
        raise Conflict("moved_on", _("Someone has moved on already."))
    absent = set(panel.attendances.filter(state=AttendanceState.DECLINED).values_list("submission", flat=True))
    waiting = [one for one in slots if one.began_at is None and one.submission_id not in absent]
    if not slots:
        raise Conflict("no_order", _("The running order is not drawn yet: draw it, then the first pitch can begin."))
    if current is None and not waiting:
        raise Conflict("no_pitch_left", _("No pitch is left in the running order."))
    if current is not None:
        current.ended_at = moment
        current.save(update_fields=["ended_at"])
    begun = waiting[0] if waiting else None
    if begun is not None:
        begun.began_at = moment
        begun.save(update_fields=["began_at"])
    ended = {"ended": str(current.submission_id)} if current else {}
    begins = {"submission": str(begun.submission_id)} if begun else {}
    record(panel, "move_on", by=by, data={**ended, **begins})
    return begun


@transaction.atomic
def mark_present(juror: Juror, present: bool, *, by: Any) -> None:
    """Write that a juror has arrived or left. Raises Forbidden, or Conflict once the decision is settled."""
    panel = juror.panel
    _require_meeting(panel, by)
    if panel.state not in IN_SESSION:
        raise Conflict("session_over", _("The decision is settled: presence no longer changes."))
    if not Juror.objects.filter(pk=juror.pk).exclude(is_present=present).update(is_present=present):
        return
    juror.is_present = present
    record(panel, "arrive" if present else "leave", by=by, data={"juror": juror.pk, "at": clock.now().isoformat()})


@transaction.atomic
def meet_at(panel: Panel, place: str, *, by: Any) -> None:
    """Write where the jury of a reading meets, or that it meets online: its minutes print it. (A finale is held where
    its programme says.)

    Raises Forbidden, Invalid, or Conflict: a finale, or once the decision is settled.
    """
    _require_meeting(panel, by)
    fresh = held(panel)
    if fresh.stage != Panel.Stage.READING:
        raise Conflict("not_a_reading", _("The place of a finale is told in its programme: change its settings."))
    require_state(fresh, IN_SESSION, _("The decision is settled: the place no longer changes."))
    place = " ".join(place.split())
    if place == fresh.place:
        return
    fresh.place = place
    checked(fresh)
    fresh.save(update_fields=["place"])
    panel.place = place
    record(panel, "meet_at", by=by, data={"place": place})


def _require_meeting(panel: Panel, by: Any) -> None:
    """Raise Forbidden unless `by` leads or organises the panel."""
    if not can(by, "juries.chair_panel", panel):
        require(by, "juries.organise_panel", panel)
