"""Panels: who sits, who stands aside, who reads what."""

from .assignments import Planned, assign, foretell_plan, loose_readings, unassign
from .invitations import (
    accept_invitation,
    check_live,
    decline_invitation,
    invitation_behind,
    invite_juror,
    is_unnamed,
    revoke_invitation,
    send_link_again,
    spent,
)
from .nudges import nudge, nudge_late
from .planning import ask_for_plan, facts_of, is_large, make_due_plans, plan_assignments
from .recusals import confirm_recusal, declare_no_link, declare_recusal, dismiss_doubt
from .seats import accept_charter, configure_panel, create_panel, open_panel, seat, unseat
from .second_reading import begin_second_reading
from .substitutes import call_up
from .wishes import state_wishes

__all__ = [
    "Planned",
    "accept_charter",
    "accept_invitation",
    "ask_for_plan",
    "assign",
    "begin_second_reading",
    "call_up",
    "check_live",
    "configure_panel",
    "confirm_recusal",
    "create_panel",
    "declare_no_link",
    "declare_recusal",
    "decline_invitation",
    "dismiss_doubt",
    "facts_of",
    "foretell_plan",
    "invitation_behind",
    "invite_juror",
    "is_large",
    "is_unnamed",
    "loose_readings",
    "make_due_plans",
    "nudge",
    "nudge_late",
    "open_panel",
    "plan_assignments",
    "revoke_invitation",
    "seat",
    "send_link_again",
    "spent",
    "state_wishes",
    "unassign",
    "unseat",
]
