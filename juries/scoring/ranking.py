"""From scores to ranks: what is displayed decides, then criteria, then the jurors one by one.

A tie that outlasts all three stays a tie (1, 1, 3) until a recorded act of the jury
resolves it: never the time of arrival, never a draw.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from math import lcm
from typing import Any, NamedTuple

from juries.scoring.probabilities import top_probabilities
from juries.scoring.totals import Marks, Number, Scale, criterion_means, exact, total

__all__ = [
    "Balance", "HeadToHead", "Rounds", "deciding_criteria", "displayed", "head_to_head", "rank", "rank_sum_order",
    "ranked", "shown_means", "top_probabilities",
]  # fmt: skip

Sheets = Sequence[Marks | None]
Group = list[int]

CENT = Decimal("0.01")
NOISE = Decimal("1e-12")
NOTHING = Decimal("-Infinity")


class HeadToHead(NamedTuple):
    """How many jurors put the one ahead, behind, or level, among those who marked both."""

    ahead: int
    behind: int
    level: int


class Balance(NamedTuple):
    """A submission among several that are tied: how often a juror puts it ahead of another of them, or behind."""

    ahead: int
    behind: int
    among: int

    @property
    def net(self) -> int:
        return self.ahead - self.behind


Rounds = list[list[Balance]]
"""The balances of each submission, one for each time that jurors were counted among those then tied with it."""


@lru_cache(maxsize=16384, typed=True)
def displayed(value: Number) -> Decimal:
    """Return a score as people read it: two decimals, half up (13.005 gives 13.01).

    Starts from the shortest decimal that names the number (`repr`), not from its binary
    value: 2.675, stored as 2.67499999999999982, gives 2.68 as anyone would by hand. The
    last trace of floating-point sums (below 10⁻¹²) is dropped first, so that two equal
    means never part on the way a sum was ordered. Negative values mirror positive ones.
    """
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    clean = number.quantize(NOISE, ROUND_HALF_UP)
    return clean.quantize(CENT, ROUND_HALF_UP) + 0


def rank(
    displayed: Sequence[Number | None],
    *,
    sheets: Sequence[Sheets] | None = None,
    weights: Sequence[Number] | None = None,
    scale: Scale | None = None,
    means: Sequence[tuple[Decimal, ...]] | None = None,
) -> list[int | None]:
    """Return the ranks (1, 1, 3) of submissions by displayed score; None without a score.

    When `sheets` are given, a tie is broken by the mean per criterion (two decimals
    too), from the heaviest criterion down, equal weights in the order of the rules;
    then head to head: each juror who marked both counts for the one she put higher.
    Among three or more, the balance for and against all the others decides, and those
    still level are compared again among themselves alone.

    `sheets[i][j]`: marks per criterion of juror j on submission i, or None.
    `weights[c]`: weight of criterion c, all equal when left out; weight 0 is not counted.
    `scale`: as for `totals.total`, needed when criteria have scales of their own.
    `means[i]`: what `shown_means` gives of submission i, when it is known already.
    """
    return ranked(displayed, sheets=sheets, weights=weights, scale=scale, means=means)[0]


def ranked(
    displayed: Sequence[Number | None],
    *,
    sheets: Sequence[Sheets] | None = None,
    weights: Sequence[Number] | None = None,
    scale: Scale | None = None,
    means: Sequence[tuple[Decimal, ...]] | None = None,
) -> tuple[list[int | None], Rounds]:
    """Return the ranks, as `rank` does, and the balances of jurors among those whom no criterion parted."""
    rounds: Rounds = [[] for _ in displayed]
    scores = [None if score is None else _shown(score) for score in displayed]
    scored = [i for i, score in enumerate(scores) if score is not None]
    groups = _parted(scored, lambda i: scores[i])
    if sheets is not None:
        factors = _weights(sheets, weights)
        groups = _part_each(groups, lambda group: _by_means(group, sheets, factors, means))
        groups = _part_each(groups, lambda group: _by_duels(group, sheets, factors, scale, rounds))
    return _ranks(groups, len(scores)), rounds


def head_to_head(above: Sequence[float | None], below: Sequence[float | None]) -> HeadToHead:
    """Count the jurors for the one and for the other: totals per juror, None where there is none."""
    pairs = [(a, b) for a, b in zip(above, below, strict=True) if a is not None and b is not None]
    ahead, behind = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
    return HeadToHead(ahead, behind, len(pairs) - ahead - behind)


def deciding_criteria(weights: Sequence[Number]) -> list[int]:
    """Return the counted criteria, heaviest first; equal weights keep the order of the rules."""
    return list(_deciding(tuple(weights)))


@lru_cache(maxsize=64)
def _deciding(weights: tuple[Number, ...]) -> tuple[int, ...]:
    counted = [criterion for criterion, weight in enumerate(weights) if weight > 0]
    return tuple(sorted(counted, key=lambda criterion: -exact(weights[criterion])))


def shown_means(sheets: Sheets, weights: Sequence[Number]) -> tuple[Decimal, ...]:
    """Return one submission's displayed means of the counted criteria, heaviest first.

    A criterion without any mark comes as −Infinity: below whatever has one.
    """
    means = criterion_means(sheets) or [None] * len(weights)
    chosen = (means[criterion] for criterion in deciding_criteria(weights))
    return tuple(NOTHING if mean is None else _shown(mean) for mean in chosen)


def rank_sum_order(scores: Sequence[Sequence[float | None]]) -> list[int | None]:
    """Return the ranks by sum of ranks: the second look, beside the official order.

    Each juror's own submissions are ranked (ties share the mean of their ranks), then
    brought to 0–1 by the number she read, and averaged over the jurors of a submission:
    on a complete grid this is the order of the plain sum of ranks. `scores[i][j]` as for
    `calibrate`. A prompt to talk, never a result. None for a submission without a score.
    """
    columns = [{i: y for i, y in enumerate(column) if y is not None} for column in zip(*scores, strict=True)]
    sums, read = [0] * len(scores), [0] * len(scores)
    whole = lcm(*(len(known) for known in columns if known))
    for known in columns:
        for i, position in _doubled_positions(known):
            sums[i] += position * (whole // len(known))
            read[i] += 1
    # whole numbers over one denominator: exact, and read in an instant
    over = lcm(*{count for count in read if count})
    scored = [i for i, count in enumerate(read) if count]
    groups = _parted(scored, lambda i: -sums[i] * (over // read[i]))
    return _ranks(groups, len(scores))


_shown = displayed  # for `rank`, whose argument bears the name


def _doubled_positions(known: Mapping[int, float]) -> list[tuple[int, int]]:
    """Twice the rank of each of a juror's submissions, best first, those tied at the middle of their ranks."""
    positions: list[tuple[int, int]] = []
    before = 0
    for group in _parted(list(known), known.__getitem__):
        positions += [(i, 2 * before + len(group)) for i in group]
        before += len(group)
    return positions


def _weights(sheets: Sequence[Sheets], weights: Sequence[Number] | None) -> Sequence[Number]:
    if weights is not None:
        return weights
    return [1] * max((len(sheet) for of_one in sheets for sheet in of_one if sheet is not None), default=0)


def _worth(sheet: Marks | None, weights: Sequence[Number], scale: Scale | None) -> float | None:
    """Return what orders the sheets of a juror as their totals do; None if incomplete."""
    if sheet is None:
        return None
    if scale is not None:
        return total(sheet, weights, scale=scale)
    counted = [(mark, weight) for mark, weight in zip(sheet, weights, strict=True) if weight > 0]
    parts = [_product(mark, weight) for mark, weight in counted if mark is not None]
    return float(sum(parts)) if len(parts) == len(counted) else None


@lru_cache(maxsize=8192)
def _product(mark: Number, weight: Number) -> Fraction:
    return exact(mark) * exact(weight)


def _part_each(groups: list[Group], part: Callable[[Group], list[Group]]) -> list[Group]:
    """Part the groups that are tied; nothing more is asked of those who stand alone."""
    return [smaller for group in groups for smaller in (part(group) if len(group) > 1 else [group])]


def _by_means(
    group: Group,
    sheets: Sequence[Sheets],
    weights: Sequence[Number],
    known: Sequence[tuple[Decimal, ...]] | None,
) -> list[Group]:
    means = {i: known[i] if known is not None else shown_means(sheets[i], weights) for i in group}
    return _parted(group, means.__getitem__)


def _by_duels(
    group: Group, sheets: Sequence[Sheets], weights: Sequence[Number], scale: Scale | None, rounds: Rounds
) -> list[Group]:
    return _duels(group, {i: [_worth(sheet, weights, scale) for sheet in sheets[i]] for i in group}, rounds)


def _duels(group: Group, worths: Mapping[int, Sequence[float | None]], rounds: Rounds) -> list[Group]:
    """Part a tied group by its balance of jurors, again and again while it parts."""
    if len(group) == 1:
        return [group]
    for one in group:
        duels = [head_to_head(worths[one], worths[other]) for other in group if other != one]
        rounds[one].append(Balance(sum(d.ahead for d in duels), sum(d.behind for d in duels), len(group)))
    parts = _parted(group, lambda one: rounds[one][-1].net)
    if len(parts) == 1:
        return parts
    return [smaller for part in parts for smaller in _duels(part, worths, rounds)]


def _parted(group: Group, key: Callable[[int], Any]) -> list[Group]:
    """Part a group into groups of equal key, highest key first."""
    ordered = sorted(group, key=key, reverse=True)
    return [sorted(part) for _, part in groupby(ordered, key=key)]


def _ranks(groups: list[Group], count: int) -> list[int | None]:
    ranks: list[int | None] = [None] * count
    place = 1
    for group in groups:
        for i in group:
            ranks[i] = place
        place += len(group)
    return ranks
