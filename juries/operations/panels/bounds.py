"""What the settings of a panel may be, given the day it is, the other stage of the call and those who sit."""

from collections.abc import Container
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Conflict, Invalid
from juries.models import Panel
from juries.workflow import BEFORE_THE_LOCK, PanelState

INSTANTS = ("due_at", "deck_due_at")


def check_bounds(panel: Panel, changed: Container[str]) -> None:
    """Raise Invalid, at its field, for a setting of `panel` named in `changed` that cannot hold.

    A date is to come, and the sheets of the reading are due before the finale begins. Once sheets are open the voting
    members bound the quorum and the readings; before, the jury is still being seated (see check_quorum).
    """
    for name in INSTANTS:
        if name in changed:
            check_to_come(getattr(panel, name), name)
    if "due_at" in changed:
        check_before_finale(panel, panel.due_at)
    if "held_from" in changed:
        _check_after_reading(panel, panel.held_from)
    if panel.state == PanelState.OPEN:
        _check_voices(panel, changed)


def check_to_come(moment: datetime | None, field: str = "due_at") -> None:
    """Raise Invalid unless `moment`, where there is one, is to come."""
    if moment is not None and moment <= clock.now():
        sentence = _("Choose a date to come: %(when)s is past.") % {"when": wording.instant(moment)}
        raise Invalid("past", sentence, field=field)


def check_before_finale(panel: Panel, moment: datetime | None) -> None:
    """Raise Invalid where the sheets of a reading would be due once the finale of its call has begun."""
    if moment is None or panel.stage != Panel.Stage.READING:
        return
    finale = Panel.objects.filter(call=panel.call_id, stage=Panel.Stage.FINALE).first()
    first = finale.held_from if finale else None
    if first is not None and moment > clock.start_of(first):
        sentence = _("The finale begins on %(day)s: the sheets of the reading are due before that day.")
        raise Invalid("after_next_stage", sentence % {"day": wording.day(first)}, field="due_at")


def _check_after_reading(panel: Panel, first: date | None) -> None:
    if first is None or panel.stage != Panel.Stage.FINALE:
        return
    begun = clock.start_of(first)
    readings = Panel.objects.filter(call=panel.call_id, stage=Panel.Stage.READING, state__in=BEFORE_THE_LOCK)
    reading = readings.filter(due_at__gt=begun).first()
    if reading is not None:
        sentence = _("The sheets of the reading are due on %(when)s: the finale begins after that, on another day.")
        raise Invalid("before_reading", sentence % {"when": wording.deadline(reading.due_at)}, field="held_from")


def _voices(panel: Panel) -> int:
    return panel.jurors.filter(has_voice=True).count()


def _check_voices(panel: Panel, changed: Container[str]) -> None:
    voices = _voices(panel)
    if "quorum" in changed and panel.quorum > voices:
        raise Invalid("quorum_beyond", _beyond_quorum(voices), field="quorum")
    if "readings" in changed and panel.readings > voices:
        sentence = ngettext(
            "%(n)d member reads and marks: an application has no more readings than that.",
            "%(n)d members read and mark: an application has no more readings than that.",
            voices,
        )
        raise Invalid("readings_beyond", sentence % {"n": voices}, field="readings")


def check_quorum(panel: Panel) -> None:
    """Raise Conflict for a quorum that could never be reached, when sheets are about to open."""
    voices = _voices(panel)
    if panel.quorum > voices:
        raise Conflict("quorum_beyond", _beyond_quorum(voices))


def _beyond_quorum(voices: int) -> str:
    sentence = ngettext(
        "The panel has %(n)d voting member: the quorum is no higher.",
        "The panel has %(n)d voting members: the quorum is no higher.",
        voices,
    )
    return sentence % {"n": voices}
