"""Reads of calls and applications: what each person may see, and how."""

from .calls import PublicCalls, announced, board_calls, in_lists, public_calls, rights_on_calls, visible_calls
from .completeness import Filled, Missing, completeness_of, filled_form, filled_forms, lacks, missing
from .origins import finished, origins, shares_of, told
from .submissions import (
    BoardFilter,
    draft_overview,
    handed_in,
    helped_by,
    my_submissions,
    next_to_screen,
    screened_by,
    shown_state,
    state_shown,
    submissions_for_board,
    unsealed,
    visible_submissions,
    withdrawn_at,
)

__all__ = [
    "BoardFilter",
    "Filled",
    "Missing",
    "PublicCalls",
    "announced",
    "board_calls",
    "completeness_of",
    "draft_overview",
    "filled_form",
    "filled_forms",
    "finished",
    "handed_in",
    "helped_by",
    "in_lists",
    "lacks",
    "missing",
    "my_submissions",
    "next_to_screen",
    "origins",
    "public_calls",
    "rights_on_calls",
    "screened_by",
    "shares_of",
    "shown_state",
    "state_shown",
    "submissions_for_board",
    "told",
    "unsealed",
    "visible_calls",
    "visible_submissions",
    "withdrawn_at",
]
