"""Why a row stands above the next, in figures a sentence can be made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from juries.scoring.ranking import HeadToHead, displayed, head_to_head

SCORE: Final = "score"
CRITERION: Final = "criterion"
JURORS: Final = "jurors"
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one submission of the standing.

    `score`: official score; `margin`: its standard error; `totals[j]`: total of juror j,
    None where there is none; `mean`: plain mean; `criteria`: means of the counted
    criteria, heaviest first (`ranking.shown_means`).
    """

    score: float | Decimal
    margin: float | None
    totals: Sequence[float | None]
    mean: float | None = None
    criteria: Sequence[Decimal] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two neighbours of the standing.

    `gap`: difference of the displayed scores. `margins_overlap`: whether the two
    intervals score ± margin touch, None when a margin is unknown. `head_to_head`:
    jurors for, against, level. `decided_by`: SCORE, CRITERION (then `criterion` is its
    place among the counted ones, heaviest first), JURORS, or NOTHING: the figures do
    not put this row first, so the two are tied or an act of the jury parts them.
    `correction_reverses`: whether plain means alone would give the other order, None
    when they are unknown.
    """

    gap: Decimal
    margins_overlap: bool | None
    head_to_head: HeadToHead
    decided_by: str
    criterion: int | None
    correction_reverses: bool | None


def explain(above: Row, below: Row) -> Comparison:
    """Compare a row with the one under it; everything is judged as displayed, to two decimals."""
    gap = displayed(above.score) - displayed(below.score)
    duel = head_to_head(above.totals, below.totals)
    decided_by, criterion = _decision(gap, above.criteria, below.criteria, duel)
    return Comparison(
        gap=gap,
        margins_overlap=_overlap(abs(gap), above.margin, below.margin),
        head_to_head=duel,
        decided_by=decided_by,
        criterion=criterion,
        correction_reverses=_reversed(above.mean, below.mean),
    )


def _decision(
    gap: Decimal, above: Sequence[Decimal], below: Sequence[Decimal], duel: HeadToHead
) -> tuple[str, int | None]:
    if gap:
        return (SCORE if gap > 0 else NOTHING), None
    for criterion, (one, other) in enumerate(zip(above, below, strict=True)):
        if one != other:
            return (CRITERION, criterion) if one > other else (NOTHING, None)
    return (JURORS if duel.ahead > duel.behind else NOTHING), None


def _overlap(gap: Decimal, above: float | None, below: float | None) -> bool | None:
    if above is None or below is None:
        return None
    return gap <= displayed(above) + displayed(below)


def _reversed(above: float | None, below: float | None) -> bool | None:
    if above is None or below is None:
        return None
    return displayed(above) < displayed(below)
