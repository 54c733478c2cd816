"""Marks of severe and lenient jurors on one footing: additive least squares with a ridge.

Sources: Roos, Rothe, Scheuermann, "How to Calibrate the Scores of Biased Reviewers by
Quadratic Programming", AAAI 2011 (juror severity by least squares); Tan, Wu, Bei, Xu,
"Least Square Calibration for Peer Reviews", NeurIPS 2021; Lawrence and Cortes, the
NeurIPS 2014 experiment (variance split, printed margin). Wang and Shah, 2018, on the
limits: an additive effect does not undo every way of being miscalibrated, which is why
the plain mean stays beside the adjusted score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, isfinite, sqrt

Scores = Sequence[Sequence[float | None]]
Known = list[dict[int, float]]

PRIOR_WEIGHT = 4
"""How many sheets the prior on the spread of marks is worth."""
PRIOR_SHARE = 0.10
"""The prior spread s0, as a share of the scale."""
AGREEMENT = 1e-9
"""Residuals below this share of the scale are rounding, not disagreement."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The outcome of `calibrate`; i runs over submissions, j over jurors.

    `means[i]`, `adjusted[i]`, `margins[i]` (the printed "± margin") are None for a
    submission without a score; `effects[j]` (above 0: lenient) and `discordance[j]` are
    None for a juror without a score. `components` counts the separate groups among the
    submissions and jurors that have a score; `submission_groups[i]` and
    `juror_groups[j]` number them from 0, None for who has none.
    """

    means: tuple[float | None, ...]
    effects: tuple[float | None, ...]
    adjusted: tuple[float | None, ...]
    margins: tuple[float | None, ...]
    sigma2: float
    components: int
    calibrated: bool
    discordance: tuple[float | None, ...]
    submission_groups: tuple[int | None, ...]
    juror_groups: tuple[int | None, ...]


def calibrate(scores: Scores, *, ridge: float = 3.0, scale: tuple[float, float] = (0.0, 20.0)) -> Calibration:
    """Separate what a submission is worth (q) from how severe its jurors are (b).

    Minimises Σ(y_ij − q_i − b_j)² + ridge · Σ b_j² over the known scores, q free.
    `scores[i][j]` is the total of juror j on submission i, None where there is none;
    `scale` gives the bounds of a total and serves the margin only: q is never clamped.

    On a complete grid q is the plain mean, whatever the ridge. When jurors and
    submissions fall into several groups without a link, no effect can be told from
    quality: `calibrated` is False, effects are 0 and `adjusted` repeats the means.

    ValueError: rows of different lengths, a score that is not a finite number, a
    negative ridge, an empty scale.
    Sources: Roos et al. 2011; Tan et al. 2021; margin after Lawrence and Cortes 2014.
    """
    span = _checked(scores, ridge, scale)
    rows: Known = [{j: float(y) for j, y in enumerate(row) if y is not None} for row in scores]
    jurors = len(scores[0]) if scores else 0
    means = [fsum(row.values()) / len(row) if row else None for row in rows]
    groups = _groups(rows, jurors)
    components = len({group for group in groups if group is not None})
    effects = _effects(rows, means, groups[len(rows) :], ridge, flat=components > 1)
    adjusted = [_adjusted(row, mean, effects) for row, mean in zip(rows, means, strict=True)]
    residuals = _residuals(rows, adjusted, effects)
    sigma2 = _sigma2(residuals, effects, sum(map(bool, rows)), ridge, span)
    return Calibration(
        means=tuple(means),
        effects=tuple(effects),
        adjusted=tuple(adjusted),
        margins=tuple(sqrt(sigma2 / len(row)) if row else None for row in rows),
        sigma2=sigma2,
        components=components,
        calibrated=components <= 1,
        discordance=tuple(_discordances(residuals, jurors, span)),
        submission_groups=tuple(groups[: len(rows)]),
        juror_groups=tuple(groups[len(rows) :]),
    )


def _checked(scores: Scores, ridge: float, scale: tuple[float, float]) -> float:
    if len({len(row) for row in scores}) > 1:
        raise ValueError("Every submission needs one cell per juror")
    if not all(isfinite(y) for row in scores for y in row if y is not None):
        raise ValueError("A score must be a finite number")
    if not (isfinite(ridge) and ridge >= 0):
        raise ValueError("The ridge cannot be negative")
    span = float(scale[1]) - float(scale[0])
    if not (isfinite(span) and span > 0):
        raise ValueError("The top of the scale must be above its bottom")
    return span


def _groups(rows: Known, jurors: int) -> list[int | None]:
    """Number the connected groups: submissions first, then jurors; None without a score."""
    readers: list[list[int]] = [[] for _ in range(jurors)]
    for i, row in enumerate(rows):
        for j in row:
            readers[j].append(i)
    near = [[len(rows) + j for j in row] for row in rows] + readers
    groups: list[int | None] = [None] * len(near)
    count = 0
    for start, neighbours in enumerate(near):
        if neighbours and groups[start] is None:
            _flood(near, groups, start, count)
            count += 1
    return groups


def _flood(near: list[list[int]], groups: list[int | None], start: int, number: int) -> None:
    groups[start] = number
    waiting = [start]
    while waiting:
        for node in near[waiting.pop()]:
            if groups[node] is None:
                groups[node] = number
                waiting.append(node)


def _effects(
    rows: Known,
    means: list[float | None],
    juror_groups: list[int | None],
    ridge: float,
    *,
    flat: bool,
) -> list[float | None]:
    effects: list[float | None] = [None if group is None else 0.0 for group in juror_groups]
    active = [j for j, group in enumerate(juror_groups) if group is not None]
    if active and not flat:
        matrix, right = _normal_equations(rows, means, active, ridge)
        for j, effect in zip(active, _solve(matrix, right), strict=True):
            effects[j] = effect
    return effects


def _normal_equations(
    rows: Known, means: list[float | None], active: list[int], ridge: float
) -> tuple[list[list[float]], list[float]]:
    """Return M and r of M b = r, once q has been eliminated.

    The solution has Σ b = 0, so adding 1 to every cell of M leaves it as it is, and
    makes M well conditioned down to a ridge of 0.
    """
    place = {j: position for position, j in enumerate(active)}
    matrix = [[1.0] * len(active) for _ in active]
    parts: list[list[float]] = [[] for _ in active]
    for row, mean in zip(rows, means, strict=True):
        for j, y in row.items():
            line = matrix[place[j]]
            line[place[j]] += 1.0
            for other in row:
                line[place[other]] -= 1.0 / len(row)
            parts[place[j]].append(y - (mean or 0.0))
    for position, line in enumerate(matrix):
        line[position] += ridge
    return matrix, [fsum(part) for part in parts]


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a symmetric positive definite system by Cholesky: L Lᵀ x = right."""
    size = len(right)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - fsum(a * b for a, b in zip(lower[i][:j], lower[j], strict=False))
            lower[i][j] = sqrt(rest) if i == j else rest / lower[j][j]
    middle = [0.0] * size
    for i in range(size):
        middle[i] = (right[i] - fsum(lower[i][j] * middle[j] for j in range(i))) / lower[i][i]
    answer = [0.0] * size
    for i in reversed(range(size)):
        tail = fsum(lower[j][i] * answer[j] for j in range(i + 1, size))
        answer[i] = (middle[i] - tail) / lower[i][i]
    return answer


def _adjusted(row: dict[int, float], mean: float | None, effects: list[float | None]) -> float | None:
    if mean is None:
        return None
    return mean - fsum(effects[j] or 0.0 for j in row) / len(row)


def _residuals(rows: Known, adjusted: list[float | None], effects: list[float | None]) -> list[tuple[int, float]]:
    return [
        (j, y - (quality or 0.0) - (effects[j] or 0.0))
        for row, quality in zip(rows, adjusted, strict=True)
        for j, y in row.items()
    ]


def _sigma2(
    residuals: list[tuple[int, float]],
    effects: list[float | None],
    scored: int,
    ridge: float,
    span: float,
) -> float:
    """Return (4 s0² + RSS + ridge Σ b²) / (4 + N − n), n counting scored submissions."""
    prior = PRIOR_WEIGHT * (PRIOR_SHARE * span) ** 2
    fit = _squares(residual for _, residual in residuals)
    penalty = ridge * _squares(effect for effect in effects if effect is not None)
    return (prior + fit + penalty) / (PRIOR_WEIGHT + len(residuals) - scored)


def _discordances(residuals: list[tuple[int, float]], jurors: int, span: float) -> list[float | None]:
    """Return each juror's mean squared residual over that of all the others' sheets.

    None without a score or without another juror; 1 when everybody agrees with everybody.
    """
    own: list[list[float]] = [[] for _ in range(jurors)]
    for juror, residual in residuals:
        own[juror].append(residual)
    squares, counts = [_squares(part) for part in own], [len(part) for part in own]
    found: list[float | None] = []
    for j in range(jurors):
        rest = len(residuals) - counts[j]
        # summed without the juror rather than subtracted: what is left of agreement is no rounding error
        others = fsum(squares[:j] + squares[j + 1 :])
        found.append(_ratio_of(squares[j], counts[j], others, rest, span))
    return found


def _ratio_of(own: float, count: int, others: float, rest: int, span: float) -> float | None:
    if not count or not rest:
        return None
    yardstick = others / rest
    return 1.0 if yardstick <= (AGREEMENT * span) ** 2 else own / count / yardstick


def _squares(values: Iterable[float]) -> float:
    return fsum(value * value for value in values)
