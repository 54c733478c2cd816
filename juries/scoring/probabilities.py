"""The chance of being among the k best, given scores and their margins.

Independent normals N(value, margin²); the number of rivals above a given height is
Poisson-binomial; the height is integrated with Simpson's rule. Deterministic: no draw.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, erfc, exp, fsum, sqrt

REACH = 6.0
SPACING = 0.1
NEGLIGIBLE = 1e-10
STEEPEST = 5.0
"""A rival's margin may be this many times smaller before 0.1 becomes too coarse."""
ACROSS = 3.0
"""How many nodes of such a finer rule a rival's margin is wide: several rivals at one height make a steeper step."""
FINEST = 20.0
ROOT_OF_TWO = sqrt(2.0)
Rival = tuple[float, float]


def top_probabilities(values: Sequence[float | None], margins: Sequence[float | None], k: int) -> list[float]:
    """Return, for each submission, the probability that it is among the k best.

    `values[i]` and `margins[i]` (standard error) come from `calibrate`. A submission
    whose value or margin is None has no score: it competes with nobody and has 0. A
    margin of 0 is a certain value; certain values that tie share the places left.
    The probabilities add up to k (or to the number of scored submissions, if fewer).

    Simpson with 121 nodes on [−6, 6] standard errors. More nodes where margins differ
    more than fivefold (those of `calibrate` do not); where others are certain, cut at
    their values and twice as fine, so that the rule never straddles a step.
    ValueError: lengths that differ, a negative margin.
    Source: Lawrence and Cortes, the NeurIPS 2014 experiment.
    """
    field = {
        i: (float(value), float(margin))
        for i, (value, margin) in enumerate(zip(values, margins, strict=True))
        if value is not None and margin is not None
    }
    if any(margin < 0 for _, margin in field.values()):
        raise ValueError("A margin cannot be negative")
    return [_chance(field, i, k) for i in range(len(values))]


def _chance(field: dict[int, Rival], i: int, k: int) -> float:
    if i not in field or k <= 0:
        return 0.0
    if k >= len(field):
        return 1.0
    rivals = [rival for other, rival in field.items() if other != i]
    moving = sorted((rival for rival in rivals if rival[1] > 0), reverse=True)
    fixed = [value for value, margin in rivals if margin == 0]
    value, margin = field[i]
    if margin > 0:
        return _moving_chance(value, margin, moving, fixed, k)
    return _fixed_chance(value, moving, fixed, k)


def _moving_chance(value: float, margin: float, moving: list[Rival], fixed: list[float], k: int) -> float:
    cuts = sorted({z for z in ((other - value) / margin for other in fixed) if -REACH < z < REACH})
    nodes = list(_nodes(cuts, _spacing(margin, moving, cut=bool(cuts))))
    hit = 0.0
    for z, inside, density in reversed(nodes):
        places = k - sum(other > value + margin * inside for other in fixed)
        counts = _rivals_above(value + margin * z, moving, places)
        if not counts:
            break  # lower still, there are only more rivals above
        hit += density * sum(counts)
    return min(1.0, hit / fsum(density for _, _, density in nodes))


def _fixed_chance(value: float, moving: list[Rival], fixed: list[float], k: int) -> float:
    tied = fixed.count(value)
    places = k - sum(other > value for other in fixed)
    above = _rivals_above(value, moving, places)
    shares = [sum(above[: max(0, places - before)]) for before in range(tied + 1)]
    return min(1.0, sum(shares) / len(shares))


def _spacing(margin: float, moving: list[Rival], *, cut: bool) -> float:
    """Return how far apart nodes may be: 0.1, less beside much smaller margins or pieces cut short."""
    narrowest = min((other for _, other in moving), default=margin)
    steep = margin / narrowest
    finer = 1.0 if steep <= STEEPEST else min(FINEST, steep * SPACING * ACROSS)
    return SPACING / (2 * finer if cut else finer)


def _nodes(cuts: list[float], spacing: float) -> Iterator[tuple[float, float, float]]:
    """Yield Simpson's nodes on [−6, 6], cut in pieces: z, a point inside its piece, density × weight."""
    for low, high in pairwise([-REACH, *cuts, REACH]):
        panels = 2 * ceil((high - low) / (2 * spacing) - 1e-9)
        width = (high - low) / panels
        for node in range(panels + 1):
            z = low + node * width
            weight = 1 if node in (0, panels) else 4 if node % 2 else 2
            yield z, (low + high) / 2, weight * width * exp(-z * z / 2)


def _rivals_above(height: float, rivals: list[Rival], places: int) -> list[float]:
    """Return P(exactly c rivals are above `height`) for c = 0 … places − 1.

    `rivals` come best first, so that a hopeless height is given up after a few.
    """
    if places <= 0:
        return []
    counts = [1.0]
    for value, margin in rivals:
        above = 0.5 * erfc((height - value) / (margin * ROOT_OF_TWO))
        if above < NEGLIGIBLE:
            continue
        if above > 1.0 - NEGLIGIBLE:
            counts.insert(0, 0.0)
        else:
            counts = _with_one_more(counts, above)
        if len(counts) > places:
            counts.pop()
            if sum(counts) < NEGLIGIBLE:
                return []
    return counts


def _with_one_more(counts: list[float], above: float) -> list[float]:
    below = 1.0 - above
    return [stay * below + come * above for stay, come in zip([*counts, 0.0], [0.0, *counts], strict=True)]
