"""Sheets as jurors write them, and the standing frozen from them."""

from .sheets import ChangedElsewhere, abstain, check_abstainable, hand_in, save_sheet, take_back
from .standings import disclose_panel, freeze_again, lock_panel, reopen_panel

__all__ = [
    "ChangedElsewhere",
    "abstain",
    "check_abstainable",
    "disclose_panel",
    "freeze_again",
    "hand_in",
    "lock_panel",
    "reopen_panel",
    "save_sheet",
    "take_back",
]
