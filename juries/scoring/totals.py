"""A juror's sheet, and what it is worth on 20."""

from collections.abc import Sequence
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
    bounds = _bounds(scale, len(marks))
    earned, parts = 0, 1
    for mark, weight, (low, high) in zip(marks, weights, bounds, strict=True):
        if not _weighed(weight):
            continue
        if mark is None:
            return None
        top, bottom = _earned(mark, weight, low, high)
        earned, parts = earned * bottom + top * parts, parts * bottom
    # whole numbers to the end: one division of two of them is rounded once, and fast
    whole, of = _in_all(tuple(weights))
    return OUT_OF * earned * of / (parts * whole) if whole else None


@lru_cache(maxsize=64)
def _in_all(weights: tuple[Number, ...]) -> tuple[int, int]:
    """The sum of the weights, as a fraction."""
    return sum(map(_weighed, weights), Fraction(0)).as_integer_ratio()


@lru_cache(maxsize=1024)
def _weighed(weight: Number) -> Fraction:
    if exact(weight) < 0:
        raise ValueError("A weight cannot be negative")
    return exact(weight)


@lru_cache(maxsize=8192)
def _earned(mark: Number, weight: Number, low: Number, high: Number) -> tuple[int, int]:
    """What a mark earns of its weight, as a fraction."""
    return (exact(weight) * _share(mark, low, high)).as_integer_ratio()


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
    if scale and isinstance(scale[0], Sequence):
        return cast(Sequence[Bounds], scale)
    return [cast(Bounds, scale)] * count
