"""Where figures fall on small charts: plain numbers in, coordinates out. Templates draw them in SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

Number = int | float | Decimal

# The least thickness that is still seen.
THIN = 2.0
# A line whose values differ by less than this share of the greatest would be flat on a scale that holds zero.
FLAT = 5
# A figure's room: above its point, below it, and the height of its letters.
OVER, UNDER, TALL = 9.0, 19.0, 13.0


def along(values: Sequence[Number], room: float, scale: Sequence[Number] = ()) -> list[float]:
    """Where each of `values` falls on a stretch of length `room`: the least at 0, the greatest at `room`.

    `scale` holds what the stretch must reach besides. Equal values lie half-way.
    """
    if not values:
        return []
    exact = [Fraction(value) for value in values]
    reached = exact + [Fraction(value) for value in scale]
    least, span = min(reached), max(reached) - min(reached)
    return [round(float((value - least) / span) * room if span else room / 2, 2) for value in exact]


def spans(values: Sequence[Number], room: float = 100) -> list[tuple[float, float]]:
    """(start, length) of each value's bar on one axis of length `room` that holds zero and every value.

    Bars of negative values end where those of positive ones start.
    """
    if not values:
        return []
    exact = [Fraction(value) for value in values]
    axis = [Fraction(0), *exact]
    least, span = min(axis), max(axis) - min(axis)
    if not span:
        return [(0.0, 0.0) for _value in exact]
    return [
        (round(float((min(Fraction(0), value) - least) / span) * room, 2), round(float(abs(value) / span) * room, 2))
        for value in exact
    ]


@dataclass(frozen=True)
class Box:
    """A drawing's size and the margins that its words need."""

    width: float = 320
    height: float = 132
    top: float = 24
    side: float = 8
    foot: float = 26

    @property
    def floor(self) -> float:
        return self.height - self.foot

    @property
    def right(self) -> float:
        return self.width - self.side


@dataclass(frozen=True)
class Line:
    """Points of a line over time, the height of its goal and where its mark stands (None without one)."""

    points: list[tuple[float, float]]
    goal: float | None = None
    mark: float | None = None


def line(
    days: Sequence[date],
    values: Sequence[Number],
    box: Box,
    goal: Number | None = None,
    mark: date | None = None,
    from_zero: bool = False,
) -> Line:
    """The line through `values` at their `days` (in order), which are apart as the calendar has them.

    `goal` is reached by the scale too, and zero where it starts `from_zero`; a `mark` outside of the days is not drawn.
    """
    dates = [day.toordinal() for day in days]
    across = along(dates, box.right - box.side)
    reached = (*values, goal) if goal is not None else tuple(values)
    up = along(reached, box.floor - box.top, (0,) if from_zero else ())
    heights = [round(box.floor - height, 2) for height in up]
    points = [(round(box.side + x, 2), y) for x, y in zip(across, heights, strict=False)]
    inside = mark is not None and len(dates) > 1 and dates[0] <= mark.toordinal() <= dates[-1]
    at = along([mark.toordinal()], box.right - box.side, dates)[0] if inside and mark else 0
    return Line(
        points, heights[-1] if goal is not None and points else None, round(box.side + at, 2) if inside else None
    )


def starts_at_zero(values: Sequence[Number], is_share: bool) -> bool:
    """Whether a line's scale holds zero: a share's always does, another's unless the line would then be flat.

    Args:
        values: what the scale reaches, the goal included.
        is_share: the values are per cent.
    """
    if not values or min(values) < 0:
        return False
    spread = Fraction(max(values)) - Fraction(min(values))
    return is_share or spread * FLAT >= Fraction(max(values))


def beside_end(points: Sequence[tuple[float, float]], reach: float, box: Box) -> float:
    """How low the figure of the last of `points` is written: over or under all it would cover.

    Args:
        points: from left to right.
        reach: how far to the left of its point the figure goes.
        box: the drawing it stays inside.

    Returns:
        the height of the figure's foot.
    """
    x, y = points[-1]
    covered = [y]
    for (left, high), (right, low) in zip(reversed(points[:-1]), reversed(points[1:]), strict=True):
        at = max(left, x - reach)
        covered.append(high + (low - high) * (at - left) / (right - left) if right > left else high)
        if left <= x - reach:
            break
    under = max(covered) + UNDER
    if min(covered) < y - 1 and under <= box.floor - 3:
        return round(under, 2)
    return round(max(min(covered) - OVER, TALL), 2)


@dataclass(frozen=True)
class Column:
    """A column: its left edge, its top, its size, and the middle its words stand under."""

    x: float
    y: float
    width: float
    height: float
    middle: float


def columns(values: Sequence[Number], box: Box) -> list[Column]:
    """One column for each of `values`, from left to right, on one axis that holds zero."""
    if not values:
        return []
    step = (box.right - box.side) / len(values)
    room = box.floor - box.top
    drawn = []
    for rank, (start, length) in enumerate(spans(values, room)):
        left = box.side + rank * step
        drawn.append(
            Column(
                round(left + step * 0.12, 2),
                round(box.floor - start - length, 2),
                round(step * 0.76, 2),
                length,
                round(left + step / 2, 2),
            )
        )
    return drawn


@dataclass(frozen=True)
class Strand:
    """A stage of a thread: where it stands, how thick it is there, and the outline that leads to the next one."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    outline: str


def thread(values: Sequence[Number], box: Box) -> list[Strand]:
    """What is left from stage to stage: each as thick as its count, joined to the one after it."""
    if not values:
        return []
    step, room = (box.right - box.side) / len(values), box.floor - box.top
    most = max(Fraction(value) for value in values)
    thick = [max(round(float(Fraction(value) / most) * room, 2), THIN) if value > 0 else 0.0 for value in values]
    axis = (box.floor + box.top) / 2
    strands = []
    for rank, height in enumerate(thick):
        left, width = box.side + rank * step, step * 0.56
        x = round(left + (step - width) / 2, 2)
        outline = ""
        if rank + 1 < len(thick):
            after, end = thick[rank + 1], round(x + step, 2)
            corners = [
                (x + width, axis - height / 2),
                (end, axis - after / 2),
                (end, axis + after / 2),
                (x + width, axis + height / 2),
            ]
            outline = " ".join(f"{round(a, 2)},{round(b, 2)}" for a, b in corners)
        strands.append(
            Strand(x, round(axis - height / 2, 2), round(width, 2), height, round(left + step / 2, 2), outline)
        )
    return strands
