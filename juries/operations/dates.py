"""Dates of a panel that change: what agents decided on its reminders goes on at the new ones."""

from collections.abc import Container
from typing import Any

from bethune_smartcity.notifications.steps import carry
from juries.models import Panel

from .expecting import FINALISTS
from .reminders import FINALE, READING

SHEETS = {Panel.Stage.READING.value: READING, Panel.Stage.FINALE.value: FINALE}


def carry_reminders(panel: Panel, changed: Container[str], *, by: Any) -> None:
    """Let the reminders of `panel` that are held back or called off stay so for those of its dates named in `changed`.

    A date taken out leaves them for the next one.
    """
    for name, ladder in (("due_at", SHEETS[panel.stage]), ("deck_due_at", FINALISTS)):
        to = getattr(panel, name)
        if name in changed and to is not None:
            carry(ladder.name, panel, before=None, to=to, by=by)
