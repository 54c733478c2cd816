"""The public vote: online by a mailed link, in the room by a printed code; counted after the close, then forgotten."""

from .casting import CountedBallot, cast_many, check_open, check_panel_undecided
from .counting import (
    close_vote,
    count,
    disclose_vote,
    leading,
    open_vote,
    public_winner,
    purge_due,
    purge_vote,
    settle_tie,
    void_ballots,
    void_codes,
)
from .keys import normalise
from .online import cast_by_code, cast_by_link, is_live, live_link, request_ballot, spent
from .room import PrintedCode, cast_in_room, find_code, issue_codes, read_code

__all__ = [
    "CountedBallot",
    "PrintedCode",
    "cast_by_code",
    "cast_by_link",
    "cast_in_room",
    "cast_many",
    "check_open",
    "check_panel_undecided",
    "close_vote",
    "count",
    "disclose_vote",
    "find_code",
    "is_live",
    "issue_codes",
    "leading",
    "live_link",
    "normalise",
    "open_vote",
    "public_winner",
    "purge_due",
    "purge_vote",
    "read_code",
    "request_ballot",
    "settle_tie",
    "spent",
    "void_ballots",
    "void_codes",
]
