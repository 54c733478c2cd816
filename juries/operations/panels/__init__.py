"""Panels: who sits, who stands aside, who reads what."""

from .assignments import Planned, assign, plan_assignments, unassign
from .recusals import confirm_recusal, declare_no_link, declare_recusal, dismiss_doubt
from .seats import accept_charter, configure_panel, create_panel, open_panel, seat, unseat

__all__ = [
    "Planned",
    "accept_charter",
    "assign",
    "configure_panel",
    "confirm_recusal",
    "create_panel",
    "declare_no_link",
    "declare_recusal",
    "dismiss_doubt",
    "open_panel",
    "plan_assignments",
    "seat",
    "unassign",
    "unseat",
]
