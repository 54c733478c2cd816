"""One line of a standing taken apart: every number needed to find its figures again by hand.

Source: jury method, §1, §2 and §6, as juries.scoring.standing computes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from typing import Any

from juries.scoring.calibration import PRIOR_SHARE, PRIOR_WEIGHT
from juries.scoring.ranking import HeadToHead, deciding_criteria, displayed, head_to_head, ranked, shown_means
from juries.scoring.standing import Marks, marks_on_one_scale
from juries.scoring.totals import OUT_OF, total

Totals = dict[int, dict[int, float]]
"""Totals on 20 by place of the submission, then of the juror."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet that counts: its marks (one text or None for each criterion), its total on 20, and its juror's severity.

    `effect` is b_j, above zero for a lenient juror: `gaps`, the sum over their `sheets` of total less adjusted score,
    divided by `sheets` plus the ridge. `against` holds (submission, total, adjusted score) of each of those sheets.
    """

    juror: int
    marks: tuple[str | None, ...]
    total: float
    effect: float
    sheets: int
    gaps: float
    against: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A criterion by which two submissions of one score were compared: its place among the criteria, and the marks of
    each, the best first (brought to 0–5 where the criteria have scales of their own).
    """

    criterion: int
    ours: tuple[Decimal, ...]
    theirs: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """What σ² is made of: (prior + residuals + penalty) ÷ divisor, for the whole panel.

    `prior`: 4 s0², s0 being a tenth of the scale. `residuals`: Σ (total − adjusted − effect)². `penalty`: ridge · Σ b².
    `sheets`, `submissions`: those with a score; `divisor`: 4 + sheets − submissions.
    """

    prior: float
    residuals: float
    penalty: float
    sheets: int
    submissions: int

    @property
    def divisor(self) -> int:
        return PRIOR_WEIGHT + self.sheets - self.submissions


@dataclass(frozen=True, slots=True)
class Part:
    """What one juror adds to the sum of σ²: `squares`, the sum over their sheets of (total − adjusted − effect)².

    `against` holds (total, adjusted score) of each of those sheets.
    """

    juror: int
    effect: float
    squares: float
    against: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The readings of one submission, best total first, and what its margin comes from."""

    readings: tuple[Reading, ...]
    spread: Spread


def retrace(
    inputs: Mapping[str, Any],
    submission: str,
    *,
    adjusted: Mapping[str, float | None],
    effects: Mapping[str, float | None],
) -> Trace:
    """Take apart the line of `submission` (its id) in the standing frozen from `inputs`.

    `adjusted`: adjusted score of each submission by id; `effects`: severity of each juror by key, both as frozen.
    """
    marks, totals = _sheets(inputs)
    scores = [adjusted.get(one["id"]) or 0.0 for one in inputs["submissions"]]
    severity = [effects.get(str(juror)) or 0.0 for juror in inputs["jurors"]]
    ids = [one["id"] for one in inputs["submissions"]]
    place = ids.index(submission)
    readings = [
        Reading(inputs["jurors"][j], marks[place, j], score, severity[j], *_of_juror(totals, scores, ids, j))
        for j, score in totals.get(place, {}).items()
    ]
    readings.sort(key=lambda one: (-one.total, one.juror))
    return Trace(tuple(readings), _spread(totals, scores, severity, inputs["ridge"]))


def parts(
    inputs: Mapping[str, Any], *, adjusted: Mapping[str, float | None], effects: Mapping[str, float | None]
) -> list[Part]:
    """What each juror with a sheet that counts adds to σ², in the order of the inputs; arguments as for `retrace`."""
    _marks, totals = _sheets(inputs)
    scores = [adjusted.get(one["id"]) or 0.0 for one in inputs["submissions"]]
    given: dict[int, list[tuple[float, float]]] = {}
    for i, row in totals.items():
        for j, score in row.items():
            given.setdefault(j, []).append((score, scores[i]))
    found = []
    for j in sorted(given):
        effect = effects.get(str(inputs["jurors"][j])) or 0.0
        squares = fsum((score - quality - effect) ** 2 for score, quality in given[j])
        found.append(Part(inputs["jurors"][j], effect, squares, tuple(given[j])))
    return found


def duel(inputs: Mapping[str, Any], one: str, other: str) -> list[tuple[int, float, float]]:
    """(juror, total of `one`, total of `other`) for each juror who marked both submissions, by id."""
    _marks, totals = _sheets(inputs)
    ids = [each["id"] for each in inputs["submissions"]]
    first, second = totals.get(ids.index(one), {}), totals.get(ids.index(other), {})
    return [(inputs["jurors"][j], first[j], second[j]) for j in sorted(first.keys() & second.keys())]


def compared(inputs: Mapping[str, Any], one: str, other: str) -> list[Compared]:
    """How two submissions, by id, compare on the criteria that count: the heaviest first, up to the one that parts."""
    weights = [Decimal(each["weight"]) if each["counted"] else Decimal(0) for each in inputs["criteria"]]
    ids, grid = [each["id"] for each in inputs["submissions"]], marks_on_one_scale(inputs)
    ours, theirs = ([marks for marks in grid[ids.index(key)] if marks is not None] for key in (one, other))
    found = []
    for place, criterion in enumerate(deciding_criteria(weights)):
        found.append(Compared(criterion, _best_first(ours, criterion), _best_first(theirs, criterion)))
        if shown_means(ours, weights)[place] != shown_means(theirs, weights)[place]:
            break
    return found


def tied_with(inputs: Mapping[str, Any], one: str, other: str, scores: Mapping[str, float | None]) -> list[str]:
    """The submissions, by id, among which jurors were counted when `one` and `other` parted, or stayed tied.

    `scores`: official score of each by id, as frozen.
    """
    weights = [Decimal(each["weight"]) if each["counted"] else Decimal(0) for each in inputs["criteria"]]
    ids, grid = [each["id"] for each in inputs["submissions"]], marks_on_one_scale(inputs)
    shown = [None if score is None else displayed(score) for score in map(scores.get, ids)]
    means = [shown_means(marks, weights) for marks in grid]
    _ranks, rounds = ranked(shown, sheets=grid, weights=weights, means=means)
    nets = [[balance.net for balance in each] for each in rounds]
    ours, theirs = nets[ids.index(one)], nets[ids.index(other)]
    last = next((n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), len(ours) - 1)
    known = [(shown[i], means[i], nets[i][:last]) for i in range(len(ids))]
    return [key for key, each in zip(ids, known, strict=True) if each == known[ids.index(one)]]


def counted(inputs: Mapping[str, Any], one: str, other: str) -> HeadToHead:
    """How many jurors put `one` ahead of `other`, behind it, or level, among those who marked both."""
    rows = duel(inputs, one, other)
    return head_to_head([mine for _juror, mine, _theirs in rows], [theirs for _juror, _mine, theirs in rows])


def _best_first(sheets: Sequence[Marks], criterion: int) -> tuple[Decimal, ...]:
    given = [marks[criterion] for marks in sheets]
    return tuple(sorted((mark for mark in given if mark is not None), reverse=True))


def _sheets(inputs: Mapping[str, Any]) -> tuple[dict[tuple[int, int], tuple[str | None, ...]], Totals]:
    """The marks of each sheet, and the totals of those that count."""
    weights = [Decimal(one["weight"]) if one["counted"] else Decimal(0) for one in inputs["criteria"]]
    scale = [(Decimal(one["minimum"]), Decimal(one["maximum"])) for one in inputs["criteria"]]
    marks: dict[tuple[int, int], tuple[str | None, ...]] = {}
    totals: Totals = {}
    for sheet in inputs["sheets"]:
        i, j, given = sheet["submission"], sheet["juror"], tuple(sheet["marks"])
        score = total([None if mark is None else Decimal(mark) for mark in given], weights, scale=scale)
        if score is not None:
            marks[i, j] = given
            totals.setdefault(i, {})[j] = score
    return marks, totals


def _of_juror(
    totals: Totals, scores: Sequence[float], ids: Sequence[str], juror: int
) -> tuple[int, float, tuple[tuple[str, float, float], ...]]:
    """How many sheets of the juror count, the sum of their gaps to the adjusted scores, and both of each sheet."""
    against = tuple((ids[i], row[juror], scores[i]) for i, row in totals.items() if juror in row)
    return len(against), fsum(total - adjusted for _id, total, adjusted in against), against


def _spread(totals: Totals, scores: Sequence[float], severity: Sequence[float], ridge: float) -> Spread:
    residuals = [(y - scores[i] - severity[j]) ** 2 for i, row in totals.items() for j, y in row.items()]
    return Spread(
        prior=PRIOR_WEIGHT * (PRIOR_SHARE * OUT_OF) ** 2,
        residuals=fsum(residuals),
        penalty=ridge * fsum(effect**2 for effect in severity),
        sheets=len(residuals),
        submissions=len(totals),
    )
