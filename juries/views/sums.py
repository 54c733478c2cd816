"""Sums as they are printed: what a pocket calculator says of one is its result, to the last digit shown."""

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import NamedTuple

from django.utils.formats import get_format

FINE = 3
KEPT = 9
"""Decimals that a standing keeps of its figures."""
NOISE = Decimal("1e-12")

Number = float | Decimal
Work = Callable[[Sequence[Decimal]], Decimal]


class Fitted(NamedTuple):
    """The operands and the result of a sum, as rounded to be printed."""

    operands: tuple[Decimal, ...]
    result: Decimal


def fitted(operands: Sequence[Number], result: Number, work: Work, *, places: int = FINE) -> Fitted:
    """Round `operands` and `result` so that `work` on the ones, rounded, is the other.

    The result has `places` decimals and the operands as many, or the fewest more that make it come out. They exist: a
    result less than a fortieth of its step from where rounding turns lies, with one decimal more, in the middle half
    of its step; and a sum of k operands with d decimals more than the result is off by k ÷ (2 × 10^d) of a step at
    most. So three decimals more are enough for fifty operands. Nor may the result, read to one or two decimals, say
    otherwise than the standing does.
    """
    for coarse, fine in _decimals(places):
        told, given = rounded(result, coarse), tuple(rounded(one, fine) for one in operands)
        if _reads_alike(result, told) and rounded(work(given), coarse) == told:
            return Fitted(given, told)
    # Figures that do not hang together: what is printed still comes out.
    given = tuple(rounded(one, KEPT) for one in operands)
    return Fitted(given, rounded(work(given), places))


def _decimals(places: int) -> Iterator[tuple[int, int]]:
    """(of the result, of the operands), the fewest first."""
    return ((coarse, fine) for coarse, fine in product(range(places, KEPT + 1), repeat=2) if fine >= coarse)


def _reads_alike(exact: Number, told: Decimal) -> bool:
    return all(rounded(told, places) == rounded(exact, places) for places in (1, 2))


def rounded(value: Number, places: int) -> Decimal:
    """`value` to so many decimals, halves up, from the shortest decimal that names it (as `ranking.displayed`)."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value)).quantize(NOISE, ROUND_HALF_UP)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """A rounded figure as it is read: "3,464", "−0,161"."""
    text = f"{abs(value):f}".replace(".", get_format("DECIMAL_SEPARATOR"))
    return f"−{text}" if value < 0 else text


def signed(value: Decimal) -> str:
    """A rounded figure with its sign: "+0,030", "−0,164", "0,000"."""
    return f"+{plain(value)}" if value > 0 else plain(value)


def bracketed(value: Decimal) -> str:
    """A figure as an operand, in brackets where it is below zero."""
    return f"({plain(value)})" if value < 0 else plain(value)


def added(values: Sequence[Decimal]) -> str:
    """Figures one after the other, as a sum: "0,324 − 0,641"."""
    first, *rest = values
    return "".join([plain(first), *(f" − {plain(-one)}" if one < 0 else f" + {plain(one)}" for one in rest)])
