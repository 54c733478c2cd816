"""Words for figures: where a submission stands, how far jurors differ.

They prompt the jury's talk. The software decides nothing inside a band.
"""

from collections.abc import Sequence
from math import fsum, sqrt
from typing import Final

SOLID: Final = "solid"
DISCUSS: Final = "discuss"
UNLIKELY: Final = "unlikely"
BANDS: Final = (SOLID, DISCUSS, UNLIKELY)

AGREED: Final = "agreed"
NUANCED: Final = "nuanced"
DIVIDED: Final = "divided"

SOLID_FROM = 0.90
UNLIKELY_BELOW = 0.10
ATYPICAL_ABOVE = 5.0
NUANCED_FROM = 1.5
DIVIDED_FROM = 2.0


def band(probability: float) -> str:
    """Return SOLID (0.90 and more), UNLIKELY (below 0.10) or DISCUSS.

    `probability` is the chance of being among the k best (`top_probabilities`).
    Source: Lawrence and Cortes, the NeurIPS 2014 experiment (the grey band between
    certain acceptance and certain refusal).
    """
    if probability >= SOLID_FROM:
        return SOLID
    return UNLIKELY if probability < UNLIKELY_BELOW else DISCUSS


def atypical(discordance: float | None) -> bool:
    """Tell whether a juror's sheets are worth a question from the chair (D above 5).

    A hint for the chair alone, not a shield. False without a score.
    """
    return discordance is not None and discordance > ATYPICAL_ABOVE


def spread(totals: Sequence[float | None]) -> float | None:
    """Return the standard deviation (n − 1) of the totals of one submission; None below two."""
    known = [value for value in totals if value is not None]
    if len(known) < 2:
        return None
    mean = fsum(known) / len(known)
    return sqrt(fsum((value - mean) ** 2 for value in known) / (len(known) - 1))


def agreement(deviation: float | None) -> str | None:
    """Say in a word how far jurors differ on a submission: `spread` on 20 in, word out.

    AGREED below 1.5, NUANCED below 2, DIVIDED from 2 on: 10 % of the scale, the spread
    between jurors that calibration expects beforehand. None when there is no spread.
    """
    if deviation is None:
        return None
    if deviation >= DIVIDED_FROM:
        return DIVIDED
    return NUANCED if deviation >= NUANCED_FROM else AGREED
