"""Why a row stands above the next, in figures a sentence can be made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from juries.scoring.ranking import Balance, HeadToHead, displayed, head_to_head

SCORE: Final = "score"
CRITERION: Final = "criterion"
JURORS: Final = "jurors"
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one submission of the standing.

    `score`: official score; `margin`: its standard error; `totals[j]`: total of juror j,
    None where there is none; `mean`: plain mean; `criteria`: means of the counted
    criteria, heaviest first (`ranking.shown_means`); `rounds`: its balances of jurors
    among those tied with it (`ranking.ranked`), none where nobody else is.
    """

    score: float | Decimal
    margin: float | None
    totals: Sequence[float | None]
    mean: float | None = None
    criteria: Sequence[Decimal] = ()
    rounds: Sequence[Balance] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two neighbours of the standing.

    `gap`: difference of the displayed scores. `margins_overlap`: whether the two
    intervals score ± margin touch, None when a margin is unknown. `head_to_head`:
    jurors for, against, level. `decided_by`: SCORE, CRITERION (then `criterion` is its
    place among the counted ones, heaviest first), JURORS, or NOTHING: the figures do
    not put this row first, so the two are tied or an act of the jury parts them.
    `correction_reverses`: whether plain means alone would give the other order, None
    when they are unknown. `balances`: those of both in the count of jurors that parted
    them, or left them tied; None when jurors were not counted.
    """

    gap: Decimal
    margins_overlap: bool | None
    head_to_head: HeadToHead
    decided_by: str
    criterion: int | None
    correction_reverses: bool | None
    balances: tuple[Balance, Balance] | None = None


def explain(above: Row, below: Row) -> Comparison:
    """Compare a row with the one under it; everything is judged as displayed, to two decimals."""
    gap = displayed(above.score) - displayed(below.score)
    duel = head_to_head(above.totals, below.totals)
    balances = _last_round(above.rounds, below.rounds) or _of_two(duel)
    decided_by, criterion = _decision(gap, above.criteria, below.criteria, balances)
    return Comparison(
        gap=gap,
        margins_overlap=_overlap(abs(gap), above.margin, below.margin),
        head_to_head=duel,
        decided_by=decided_by,
        criterion=criterion,
        correction_reverses=_reversed(above.mean, below.mean),
        balances=None if gap or above.criteria != below.criteria else balances,
    )


def _decision(
    gap: Decimal, above: Sequence[Decimal], below: Sequence[Decimal], balances: tuple[Balance, Balance]
) -> tuple[str, int | None]:
    if gap:
        return (SCORE if gap > 0 else NOTHING), None
    for criterion, (one, other) in enumerate(zip(above, below, strict=True)):
        if one != other:
            return (CRITERION, criterion) if one > other else (NOTHING, None)
    return (JURORS if balances[0].net > balances[1].net else NOTHING), None


def _last_round(above: Sequence[Balance], below: Sequence[Balance]) -> tuple[Balance, Balance] | None:
    """The balances of both where they parted, else in the last count they went through together."""
    last = None
    for last in zip(above, below, strict=False):
        if last[0].net != last[1].net:
            break
    return last


def _of_two(duel: HeadToHead) -> tuple[Balance, Balance]:
    """The balances of two that nobody else is tied with."""
    return Balance(duel.ahead, duel.behind, 2), Balance(duel.behind, duel.ahead, 2)


def _overlap(gap: Decimal, above: float | None, below: float | None) -> bool | None:
    if above is None or below is None:
        return None
    return gap <= displayed(above) + displayed(below)


def _reversed(above: float | None, below: float | None) -> bool | None:
    if above is None or below is None:
        return None
    return displayed(above) < displayed(below)
