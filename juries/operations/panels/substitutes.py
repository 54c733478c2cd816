"""Substitutes: called up in place of a member who leaves, or of someone who declined to sit."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from juries import notices
from juries.models import Assignment, Juror, Sheet
from juries.operations.checks import require_seating
from juries.queries.panels import conflicts
from juries.queries.standings import counted_sheets
from juries.workflow import PanelState, SheetState


@transaction.atomic
def call_up(substitute: Juror, *, instead_of: Juror | None = None, by: Any) -> int:
    """Give a waiting substitute the voice, in place of the member `instead_of`, who leaves the panel for good.

    None stands for someone who declined to sit. What the member had still to hand in passes to the substitute, save
    what the substitute stands aside from or reads already; what they handed in stays and counts. The member's room
    shuts at the next request, and a message thanks them. Returns how many readings pass. Raises Forbidden, Invalid (at
    field `instead_of`: not a member with a voice, or one who leads) or Conflict (not a waiting substitute, marks
    locked).
    """
    require(by, "juries.organise_panel", substitute.panel)
    panel = require_seating(substitute.panel)
    called = Juror.objects.select_related("user").get(pk=substitute.pk)
    member = None if instead_of is None else _leaving(called, instead_of)
    if not called.is_substitute:
        raise Conflict("not_waiting", _("Only a substitute who waits is called up."))
    now = clock.now()
    if member is not None:
        Juror.objects.filter(pk=member.pk).update(has_voice=False, is_present=False, left_at=now)
    facts = {"has_voice": True, "is_substitute": False, "called_up_at": now, "stands_in_for": member}
    Juror.objects.filter(pk=called.pk).update(**facts)
    passed = 0 if member is None else _pass_on(member, called)
    data = {"juror": called.pk, "instead_of": member.pk if member else None, "readings": passed}
    record(panel, "call_up", by=by, data=data)
    if passed and panel.state == PanelState.OPEN:
        notices.called_up(panel, called)
    if member is not None:
        notices.seat_ended(member, is_replaced=True)
    substitute.refresh_from_db()
    return passed


def _leaving(substitute: Juror, instead_of: Juror) -> Juror:
    """The member who leaves, as they are now. Raises Invalid for whom nobody can stand in."""
    member = Juror.objects.filter(pk=instead_of.pk, panel=substitute.panel_id).first()
    if member is None or not member.has_voice:
        raise Invalid("not_a_member", _("Choose a member of this panel who has a vote."), field="instead_of")
    if member.is_chair or member.is_secretary:
        sentence = _("Who chairs or keeps the minutes first hands that over.")
        raise Invalid("leads", sentence, field="instead_of")
    return member


def _pass_on(member: Juror, substitute: Juror) -> int:
    """Give `substitute` the readings of which no sheet of `member` counts nor is abstained from. Returns how many."""
    panel = substitute.panel
    sheets = Sheet.objects.filter(juror=member)
    kept = set(counted_sheets(panel).filter(juror=member).values_list("submission", flat=True)) | set(
        sheets.filter(state=SheetState.ABSTAINED).values_list("submission", flat=True)
    )
    rows = list(Assignment.objects.lasting().filter(juror=member).exclude(submission__in=kept))
    closed = {submission for submission, juror in conflicts(panel) if juror == substitute.pk}
    known = set(substitute.assignments.values_list("submission", flat=True))
    fresh = [row for row in rows if row.submission_id not in closed | known]
    Assignment.objects.bulk_create(
        Assignment(juror=substitute, submission_id=row.submission_id, origin=row.origin) for row in fresh
    )
    substitute.assignments.all().note_declared()
    handed_in = sheets.filter(state=SheetState.HANDED_IN).values("submission")
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).exclude(submission__in=handed_in).delete()
    return len(fresh)
