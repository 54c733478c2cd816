"""Invented marks: a project's merit, a juror's severity and a little disagreement, rounded to halves."""

import random
from decimal import Decimal

from calls.models import Criterion

SEVERITY = (-0.35, 0.2, 0.0, -0.15, 0.3, 0.1, -0.25, 0.15, 0.05, -0.05)

# The finale, criterion by criterion, as merits on 5: only the order of the three laureates is a fact.
FINALE_MERITS = {
    "Get It Done": 4.3,
    "Totem Mobi": 3.9,
    "IcoHup": 3.6,
    "CulturMoov": 3.5,
    "Smiile": 3.0,
    "ECHY": 2.85,
}


def half(value: float) -> Decimal:
    """`value` on the scale from 0 to 5, to the nearest half."""
    return Decimal(round(min(5.0, max(0.0, value)) * 2)) / 2


def invented(criteria: list[Criterion], merit: float, seat: int, seed: str) -> dict[Criterion, Decimal | None]:
    """Marks of the juror in seat `seat` for a project of merit `merit` (0 to 5), the same at each call."""
    draw = random.Random(seed)  # noqa: S311 - invented data that must not vary, no secret
    lean = SEVERITY[seat % len(SEVERITY)]
    return {criterion: half(merit + lean + draw.gauss(0, 0.4)) for criterion in criteria}
