"""A whole standing from its frozen inputs, and what differs from the one that was kept.

The inputs are plain JSON, so that anyone holding them can compute the same standing again:

    format      1
    stage       "reading" or "finale"
    basis       "adjusted" or "mean": which score is official
    ridge       λ of the calibration
    places      k, how many places there are to give
    criteria    [{id, label, weight, minimum, maximum, counted}], figures as decimal texts
    submissions [{id, label}]
    jurors      [id]
    sheets      [{submission, juror, marks}]: places in the two lists above, and one mark per criterion (text or null)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from functools import lru_cache
from math import isclose
from typing import Any

from juries.scoring.bands import band, spread
from juries.scoring.calibration import Calibration, calibrate
from juries.scoring.explain import CRITERION, JURORS, NOTHING, Comparison, Row, explain
from juries.scoring.ranking import (
    deciding_criteria,
    displayed,
    rank_sum_order,
    ranked,
    shown_means,
    top_probabilities,
)
from juries.scoring.totals import yardstick

FORMAT = 1
MEAN = "mean"
OF_THE_CRITERION = ("criterion_ours", "criterion_theirs")
OF_THE_TIED = ("among", "for", "against", "next_for", "next_against")
TOLD_LATER = (*OF_THE_CRITERION, *OF_THE_TIED)
"""What a reason holds since some were frozen without it: the means of the criterion that decided, and of more than two
tied, how many they were and the balances of jurors of the line and of the next.
"""


def without_tied(why: Mapping[str, Any]) -> dict[str, Any]:
    """Why a line stands above the next, without how many were tied nor what jurors counted over all of them."""
    return {name: told for name, told in why.items() if name not in OF_THE_TIED}


PLACES_KEPT = 9
"""Decimals kept of a computed figure: machines agree on these."""

BANDS_UP_TO = 250
"""Applications beyond which no chance of a place is computed: its cost grows with their square (two seconds at 250)."""

Marks = list[Decimal | None]
Grid = list[list[Marks | None]]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a standing; `order` runs from 1, `rank` repeats for ties and is None without a score.

    `second_look` is the rank by the sum of ranks: a prompt to talk, never a result.
    """

    submission: str
    order: int
    rank: int | None
    sheets: int
    mean: float | None
    adjusted: float | None
    margin: float | None
    probability: float | None
    band: str
    spread: float | None
    second_look: int | None
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Lines in order, and the figures of the calibration they come from."""

    lines: tuple[Line, ...]
    figures: dict[str, Any]


def compute(inputs: Mapping[str, Any]) -> Standing:
    """Return the standing of `inputs` (see above); beyond `BANDS_UP_TO` applications, without chances.

    Source: jury method, calibration, ranking and ties.
    """
    weights = [Decimal(c["weight"]) if c["counted"] else Decimal(0) for c in inputs["criteria"]]
    bounds = [(Decimal(c["minimum"]), Decimal(c["maximum"])) for c in inputs["criteria"]]
    grid = _grid(inputs)
    measure = yardstick(weights, scale=bounds, criteria=len(weights))
    scores = [[None if marks is None else measure(marks) for marks in row] for row in grid]
    sheets = _on_one_scale(grid, bounds)
    found = calibrate(scores, ridge=inputs["ridge"])
    official = found.means if inputs["basis"] == MEAN else found.adjusted
    means = [shown_means(marks, weights) for marks in sheets]
    ranks, rounds = ranked([_shown(score) for score in official], sheets=sheets, weights=weights, means=means)
    chances = _chances(official, found, inputs["places"])
    second = rank_sum_order(scores)
    rows = [
        Row(
            score=score or 0.0,
            margin=found.margins[i],
            totals=scores[i],
            mean=found.means[i],
            criteria=means[i],
            rounds=rounds[i],
        )
        for i, score in enumerate(official)
    ]
    order = sorted(range(len(grid)), key=lambda i: (ranks[i] is None, ranks[i] or 0, inputs["submissions"][i]["label"]))
    lines = []
    for place, i in enumerate(order):
        below = order[place + 1] if place + 1 < len(order) else None
        reason = {} if below is None or ranks[below] is None else _why(inputs, weights, rows, ranks, i, below)
        lines.append(_line(inputs, found, scores, ranks, second, chances, i, place + 1, reason))
    return Standing(tuple(lines), _figures(inputs, found, scores))


def _chances(official: Sequence[float | None], found: Calibration, places: int) -> Sequence[float | None]:
    if len(official) > BANDS_UP_TO:
        return [None] * len(official)
    return top_probabilities(official, found.margins, places)


def differences(kept: Standing, again: Standing) -> Iterator[str]:
    """Say what differs between a standing that was kept and the same computed again; nothing when identical."""
    if len(kept.lines) != len(again.lines):
        yield f"{len(kept.lines)} lines kept, {len(again.lines)} computed"
    for one, other in zip(kept.lines, again.lines, strict=False):
        for field in fields(Line):
            before, after = getattr(one, field.name), getattr(other, field.name)
            if field.name == "why":
                after = _as_told_then(after, before)
            if not _same(before, after):
                yield f"line {one.order}, {field.name}: {before} kept, {after} computed"
    for name in sorted({*kept.figures, *again.figures}):
        before, after = kept.figures.get(name), again.figures.get(name)
        if not _same(before, after):
            yield f"{name}: {before} kept, {after} computed"


def _as_told_then(why: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The reason `why` as it was told when `before` was frozen: of more than two tied, by the two neighbours alone."""
    found = {name: told for name, told in why.items() if name in before or name not in TOLD_LATER}
    if "among" in why and "among" not in before:
        found["decided_by"] = JURORS if why["ahead"] > why["behind"] else NOTHING
    return found


def marks_on_one_scale(inputs: Mapping[str, Any]) -> Grid:
    """Return the marks of `inputs`, submissions × jurors, as ties compare them."""
    return _on_one_scale(_grid(inputs), [(Decimal(c["minimum"]), Decimal(c["maximum"])) for c in inputs["criteria"]])


def as_columns(line: Line) -> dict[str, Any]:
    """Return a line as a dictionary of its fields."""
    return asdict(line)


def _grid(inputs: Mapping[str, Any]) -> Grid:
    grid: Grid = [[None] * len(inputs["jurors"]) for _ in inputs["submissions"]]
    for sheet in inputs["sheets"]:
        marks: Marks = [None if mark is None else _read(mark) for mark in sheet["marks"]]
        grid[sheet["submission"]][sheet["juror"]] = marks
    return grid


@lru_cache(maxsize=1024)
def _read(mark: str) -> Decimal:
    """A mark of the inputs. Few are different."""
    return Decimal(mark)


def _on_one_scale(grid: Grid, bounds: Sequence[tuple[Decimal, Decimal]]) -> Grid:
    """Bring marks to 0–5 when criteria do not share a scale: ties compare criteria with one another."""
    if len(set(bounds)) <= 1:
        return grid
    return [[None if marks is None else _rescaled(marks, bounds) for marks in row] for row in grid]


def _rescaled(marks: Marks, bounds: Sequence[tuple[Decimal, Decimal]]) -> Marks:
    return [
        None if mark is None else 5 * (mark - low) / (high - low)
        for mark, (low, high) in zip(marks, bounds, strict=True)
    ]


def _line(
    inputs: Mapping[str, Any],
    found: Calibration,
    scores: Sequence[Sequence[float | None]],
    ranks: Sequence[int | None],
    second: Sequence[int | None],
    chances: Sequence[float | None],
    i: int,
    order: int,
    why: dict[str, Any],
) -> Line:
    chance = None if found.means[i] is None else chances[i]
    return Line(
        submission=inputs["submissions"][i]["id"],
        order=order,
        rank=ranks[i],
        sheets=sum(score is not None for score in scores[i]),
        mean=_kept(found.means[i]),
        adjusted=_kept(found.adjusted[i]),
        margin=_kept(found.margins[i]),
        probability=_kept(chance),
        band="" if chance is None else band(chance),
        spread=_kept(spread(scores[i])),
        second_look=second[i],
        why=why,
    )


def _why(
    inputs: Mapping[str, Any],
    weights: Sequence[Decimal],
    rows: Sequence[Row],
    ranks: Sequence[int | None],
    i: int,
    below: int,
) -> dict[str, Any]:
    """Say in figures why row i stands above the one below it."""
    found = explain(rows[i], rows[below])
    criterion, told = None, {}
    if found.decided_by == CRITERION and found.criterion is not None:
        criterion = inputs["criteria"][deciding_criteria(weights)[found.criterion]]["label"]
        means = [rows[one].criteria[found.criterion] for one in (i, below)]
        told = dict(zip(OF_THE_CRITERION, map(str, means), strict=True))
    return {
        "next": inputs["submissions"][below]["id"],
        "tied": ranks[i] == ranks[below],
        "gap": str(found.gap),
        "margins_overlap": found.margins_overlap,
        "ahead": found.head_to_head.ahead,
        "behind": found.head_to_head.behind,
        "level": found.head_to_head.level,
        "decided_by": found.decided_by,
        "criterion": criterion,
        "correction_reverses": found.correction_reverses,
        **told,
        **_of_the_tied(found),
    }


def _of_the_tied(found: Comparison) -> dict[str, int]:
    """The balances that parted more than two tied, or left them so: two are told by who is ahead and behind."""
    if found.balances is None or found.balances[0].among == 2:
        return {}
    ours, theirs = found.balances
    figures = (ours.among, ours.ahead, ours.behind, theirs.ahead, theirs.behind)
    return dict(zip(OF_THE_TIED, figures, strict=True))


def _figures(inputs: Mapping[str, Any], found: Calibration, scores: Sequence[Sequence[float | None]]) -> dict[str, Any]:
    jurors = [str(juror) for juror in inputs["jurors"]]
    return {
        "sheets": sum(score is not None for row in scores for score in row),
        "components": found.components,
        "calibrated": found.calibrated,
        "sigma2": _kept(found.sigma2),
        "effects": _by_juror(jurors, found.effects),
        "discordance": _by_juror(jurors, found.discordance),
    }


def _by_juror(jurors: Sequence[str], values: Sequence[float | None]) -> dict[str, float | None]:
    """Each juror's figure, None where there is nothing to compute it from: no application is left at all."""
    return dict(zip(jurors, map(_kept, values or [None] * len(jurors)), strict=True))


def _shown(score: float | None) -> Decimal | None:
    return None if score is None else displayed(score)


def _kept(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES_KEPT) + 0.0


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, float) and isinstance(after, float):
        return isclose(before, after, abs_tol=2 * 10**-PLACES_KEPT)
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(_same(before[key], after[key]) for key in before)
    return bool(before == after)
