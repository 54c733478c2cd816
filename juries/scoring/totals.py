"""A juror's sheet, and what it is worth on 20."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import cast

Number = int | float | Decimal
Marks = Sequence[Number | None]
Bounds = tuple[Number, Number]
Scale = Bounds | Sequence[Bounds]

OUT_OF = 20


def exact(value: Number) -> Fraction:
    """Return the exact value of a number; ValueError when it is not a finite number."""
    if not isfinite(value):
        raise ValueError(f"{value} is not a finite number")
    return Fraction(value)


def total(marks: Marks, weights: Sequence[Number], *, scale: Scale = (0.0, 5.0)) -> float | None:
    """Return the total of a sheet on 20: 20 · Σ w(s − min)/(max − min) / Σ w.

    `marks[c]` is the mark on criterion c (None: not filled), `weights[c]` its weight; a
    criterion of weight 0 is shown but not counted. `scale` is one (min, max) for all
    criteria, or a list of one pair per criterion.

    None when a counted mark is missing (missing is never zero) or nothing is counted.
    The sum is exact and rounded once, so the order of the criteria never matters.
    ValueError: lengths that differ, a negative weight, an empty scale, a mark outside it.
    """
    return yardstick(weights, scale=scale, criteria=len(marks))(marks)


def yardstick(weights: Sequence[Number], *, scale: Scale, criteria: int) -> Callable[[Marks], float | None]:
    """Return what tells the total of any sheet of so many criteria, as `total` does: for the many sheets of a call.

    ValueError: as `total`, lengths and weights at once, a scale or a mark when a sheet is measured.
    """
    bounds = _bounds(scale, criteria)
    if not len(weights) == len(bounds) == criteria:
        raise ValueError("Each criterion needs one weight and one scale")
    shares = [_weighed(weight) for weight in weights]
    worths = [_Worths(share, *bounds[place]) if share else None for place, share in enumerate(shares)]
    counted = [(place, worth) for place, worth in enumerate(worths) if worth is not None]
    whole, of = sum(shares, Fraction(0)).as_integer_ratio()

    def measure(marks: Marks) -> float | None:
        if len(marks) != criteria:
            raise ValueError("A sheet needs one mark per criterion")
        earned, parts = 0, 1
        for place, worth in counted:
            mark = marks[place]
            if mark is None:
                return None
            top, bottom = worth[mark]
            earned, parts = earned * bottom + top * parts, parts * bottom
        # whole numbers to the end: one division of two of them is rounded once, and fast
        return OUT_OF * earned * of / (parts * whole) if whole else None

    return measure


class _Worths(dict[Number, tuple[int, int]]):
    """What each mark on a criterion earns of its weight, as a fraction: few marks are different."""

    def __init__(self, weight: Fraction, low: Number, high: Number) -> None:
        self.weight, self.bounds = weight, (low, high)

    def __missing__(self, mark: Number) -> tuple[int, int]:
        self[mark] = found = (self.weight * _share(mark, *self.bounds)).as_integer_ratio()
        return found


def _weighed(weight: Number) -> Fraction:
    if exact(weight) < 0:
        raise ValueError("A weight cannot be negative")
    return exact(weight)


def criterion_means(sheets: Sequence[Marks | None]) -> list[float | None]:
    """Return the mean mark per criterion over the sheets of one submission.

    `sheets[j]` is the list of marks of juror j, or None. Missing marks are left out;
    a criterion nobody marked has None. An empty list when there is no sheet at all.
    """
    filled = [sheet for sheet in sheets if sheet is not None]
    return [_mean(column) for column in zip(*filled, strict=True)]


def _mean(marks: Marks) -> float | None:
    known = [_ratio(mark) for mark in marks if mark is not None]
    if not known:
        return None
    top, bottom = 0, 1
    for numerator, denominator in known:
        if denominator == bottom:
            top += numerator
        else:
            top, bottom = top * denominator + numerator * bottom, bottom * denominator
    return top / (bottom * len(known))


@lru_cache(maxsize=8192)
def _ratio(mark: Number) -> tuple[int, int]:
    return exact(mark).as_integer_ratio()


def _share(mark: Number, low: Number, high: Number) -> Fraction:
    bottom, top, value = exact(low), exact(high), exact(mark)
    if bottom >= top:
        raise ValueError("The top of a scale must be above its bottom")
    if not bottom <= value <= top:
        raise ValueError(f"The mark {mark} is outside the scale from {low} to {high}")
    return (value - bottom) / (top - bottom)


def _bounds(scale: Scale, count: int) -> Sequence[Bounds]:
    if scale and isinstance(scale[0], tuple | list):
        return cast(Sequence[Bounds], scale)
    return [cast(Bounds, scale)] * count
