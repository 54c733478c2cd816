"""The criteria that sheets are marked by: settled from the moment the sheets of their stage open."""

from typing import Any

from juries.models import Panel
from juries.workflow import PanelState


def settled_stages(call: Any, *, hold: bool = False) -> set[str]:
    """The stages of `call` whose sheets are open, or were. One statement.

    `hold`: its panels wait for the end of the transaction, so that none opens on criteria that change meanwhile.
    """
    panels = Panel.objects.filter(call=call).order_by("pk")
    rows = panels.select_for_update() if hold else panels
    return {stage for stage, state in rows.values_list("stage", "state") if state != PanelState.PREPARATION}
