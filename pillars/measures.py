"""What readings say: which way they went, and what changed around a trial. Plain values in, plain values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar


class Measured(Protocol):
    """A value read on a day."""

    day: date
    value: Decimal


R = TypeVar("R", bound=Measured)


@dataclass(frozen=True)
class Trend:
    """How far the last reading is from the first, and whether that is the way hoped for (None: no change)."""

    change: Decimal
    is_better: bool | None


def trend(first: Decimal, last: Decimal, rising_is_better: bool) -> Trend:
    """How an indicator went from `first` to `last`."""
    change = last - first
    return Trend(change, None if not change else (change > 0) == rising_is_better)


def before_and_after(readings: Sequence[R], start: date | None) -> tuple[R | None, R | None]:
    """The last of `readings` up to the day a trial started, and the latest one after it; None for what is missing.

    `readings` come the oldest first. Without a start all of them are before.
    """
    if start is None:
        return (readings[-1] if readings else None), None
    before = [reading for reading in readings if reading.day <= start]
    after = [reading for reading in readings if reading.day > start]
    return (before[-1] if before else None), (after[-1] if after else None)


def way_made(baseline: Decimal, goal: Decimal, value: Decimal) -> int:
    """The share of the way from `baseline` to `goal` made at `value`, in whole per cent: 0 to 100, rounded down."""
    if baseline == goal:
        return 100 if value == goal else 0
    return int(min(max((value - baseline) / (goal - baseline) * 100, Decimal(0)), Decimal(100)))
