"""What an envelope gives to a selection of ranked applications, in three ways. A calculation: nothing is decided here.

Amounts are in euros. Whoever reads them can do them again by hand: shares are rounded down, and what remains is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import groupby

from .ranking import displayed

EURO, CENT = Decimal(1), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Placed:
    """An application by its key, with its rank in the standing and its official score out of 20."""

    key: str
    rank: int
    score: float | None = None


def first(ranked: Sequence[Placed], count: int) -> list[Placed]:
    """The first `count` of `ranked` (in order), and those tied with the last of them: nothing here settles a tie."""
    last = ranked[count - 1].rank if 0 < count <= len(ranked) else None
    return [one for place, one in enumerate(ranked) if place < count or one.rank == last]


def as_announced(selected: Sequence[Placed], amounts: Sequence[Decimal]) -> dict[str, Decimal]:
    """By key, the amounts announced (the first prize's first) to `selected` in the order of the ranking: one each, none
    beyond the last prize. Those tied share those of the places that they hold, to the cent.
    """
    found: dict[str, Decimal] = {}
    place = 0
    for _rank, group in groupby(selected, key=lambda one: one.rank):
        tied = list(group)
        held = sum(amounts[place : place + len(tied)], Decimal(0))
        found |= {one.key: (held / len(tied)).quantize(CENT, ROUND_DOWN) for one in tied}
        place += len(tied)
    return found


def in_equal_shares(selected: Sequence[Placed], envelope: Decimal) -> dict[str, Decimal]:
    """By key, `envelope` in equal shares, to the euro."""
    return {one.key: (envelope / len(selected)).quantize(EURO, ROUND_DOWN) for one in selected}


def by_score(selected: Sequence[Placed], envelope: Decimal) -> dict[str, Decimal]:
    """By key, `envelope` in proportion to the scores as they are displayed, to the euro; equal shares without any."""
    scores = {one.key: Decimal(0) if one.score is None else Decimal(displayed(one.score)) for one in selected}
    total = sum(scores.values(), Decimal(0))
    if total <= 0:
        return in_equal_shares(selected, envelope)
    return {key: (envelope * score / total).quantize(EURO, ROUND_DOWN) for key, score in scores.items()}
