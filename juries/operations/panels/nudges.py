"""Reminding late jurors by hand: a message that says how many sheets are left and until when, once a day at most."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, TooOften
from bethune_smartcity.lifecycle.moves import record
from juries import notices
from juries.models import Juror, Panel
from juries.operations.checks import held, require_state
from juries.queries.progress import readings_left, sheets_left
from juries.workflow import PanelState

A_DAY = timedelta(days=1)


@transaction.atomic
def nudge(juror: Juror, *, by: Any) -> int:
    """Remind one juror of the sheets they have left. Returns how many those are.

    Raises Forbidden, Conflict (sheets not open, nothing left) or TooOften (reminded within 24 hours).
    """
    panel = juror.panel
    require(by, "juries.organise_panel", panel)
    _require_open(panel)
    left = sheets_left(panel).get(juror.pk, 0)
    if not left:
        raise Conflict("nothing_left", _("This juror has handed everything in."))
    if not _tell(juror, left, by=by):
        raise _too_soon(juror)
    return left


def _too_soon(juror: Juror) -> TooOften:
    last = Juror.objects.values_list("nudged_at", flat=True).get(pk=juror.pk) or clock.now()
    wait = max(1, int((last + A_DAY - clock.now()).total_seconds()) + 1)
    sentence = _("This juror was reminded less than 24 hours ago: wait until tomorrow.")
    return TooOften("nudged_already", sentence, retry_after=wait)


@transaction.atomic
def nudge_late(panel: Panel, *, by: Any) -> int:
    """Remind every juror who has sheets left and was not reminded within 24 hours. Returns how many were written to.

    Raises Forbidden, or Conflict while sheets are not open.
    """
    require(by, "juries.organise_panel", panel)
    _require_open(panel)
    left = sheets_left(panel)
    late = panel.jurors.filter(pk__in=left).select_related("user")
    return sum(_tell(juror, left[juror.pk], by=by) for juror in late)


def _require_open(panel: Panel) -> None:
    require_state(held(panel), [PanelState.OPEN], _("The sheets of this panel are not open."))


def _tell(juror: Juror, left: int, *, by: Any) -> bool:
    """Write to a juror unless they were within the day. Returns whether they were."""
    now = clock.now()
    rested = Q(nudged_at__isnull=True) | Q(nudged_at__lte=now - A_DAY)
    if not Juror.objects.filter(rested, pk=juror.pk).update(nudged_at=now):
        return False
    juror.nudged_at = now
    record(juror, "nudge", by=by, data={"left": left})
    notices.nudged(juror, readings_left(juror.panel, juror))
    return True
