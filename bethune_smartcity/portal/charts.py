"""Small charts as coordinates, drawn by templates in SVG."""

from collections.abc import Sequence
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 320, 96, 8


def points(values: Sequence[Decimal | float]) -> list[tuple[float, float]]:
    """Where each of `values` falls on a chart of WIDTH × HEIGHT: evenly from left to right, the least at the bottom.

    A single value, or equal ones, lie half-way up.
    """
    if not values:
        return []
    least, span = min(values), max(values) - min(values)
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    return [(round(MARGIN + rank * step, 1), _height(value - least, span)) for rank, value in enumerate(values)]


def _height(above: Decimal | float, span: Decimal | float) -> float:
    share = float(above / span) if span else 0.5
    return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)
