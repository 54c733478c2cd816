"""The pattern of each pillar, as share cards draw it: the ideas of `templates/components/art`, in points and lines.

A pattern takes a pen over a square drawing, its side in points and the two colours it is made of.
"""

from collections.abc import Callable
from math import cos, pi, sin

from PIL import ImageColor
from PIL.ImageDraw import ImageDraw

Colour = str
Point = tuple[float, float]

# The inks of static/css/tokens.css: each pillar's own, and its mist.
INKS: dict[str, tuple[Colour, Colour]] = {
    "mobilite": ("#1f5fbf", "#e6eefb"),
    "habitat": ("#2a7348", "#e5f3ea"),
    "education": ("#7348b0", "#efe8f8"),
    "alimentation": ("#a15500", "#fbeedd"),
    "culture": ("#b02d74", "#fae6f0"),
    "sante": ("#00708a", "#e0f2f6"),
    "entraide": ("#bf3730", "#fbe7e5"),
}
CITY: tuple[Colour, Colour] = ("#0b5d66", "#e3f0ef")


def _curve(pen: ImageDraw, points: list[Point], colour: Colour, width: float) -> None:
    pen.line(points, fill=colour, width=round(width), joint="curve")


def _ring(pen: ImageDraw, middle: Point, radius: float, colour: Colour, width: float) -> None:
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=round(width))


def _dot(pen: ImageDraw, middle: Point, radius: float, colour: Colour) -> None:
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _blend(ink: Colour, mist: Colour, share: float) -> Colour:
    """A colour between the two, `share` of the way from the ink."""
    (r, g, b), (x, y, z) = ImageColor.getrgb(ink)[:3], ImageColor.getrgb(mist)[:3]
    return f"#{round(r + (x - r) * share):02x}{round(g + (y - g) * share):02x}{round(b + (z - b) * share):02x}"


def _road(side: float, at: float, level: float) -> Point:
    """A point of a road that crosses the drawing about `level`, `at` from 0 to 1."""
    return side * (1.1 * at - 0.05), side * (level - 0.075 * sin(2 * pi * at))


def _pin(pen: ImageDraw, side: float, tip: Point, inks: tuple[Colour, Colour]) -> None:
    """A pin that stands on its `tip`, with a bolt in its head; a line of ink keeps it apart from what it stands on."""
    (x, y), (ink, mist) = tip, inks
    for colour, edge in ((ink, 0.012), (mist, 0.0)):
        wide, foot, head = side * (0.062 + edge), y + side * edge * 1.6, y - side * 0.12
        pen.polygon(
            [(x - wide * 0.93, head + wide * 0.37), (x + wide * 0.93, head + wide * 0.37), (x, foot)], fill=colour
        )
        _dot(pen, (x, head), wide, colour)
    bolt = ((0.1, -0.72), (-0.5, 0.14), (-0.06, 0.14), (-0.2, 0.72), (0.48, -0.16), (0.04, -0.16))
    pen.polygon([(x + side * 0.062 * a, y + side * (0.062 * b - 0.12)) for a, b in bolt], fill=ink)


def mobility(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """Roads and their charging stops."""
    for level, wide in ((0.47, 0.062), (0.82, 0.04)):
        for n in range(241):
            _dot(pen, _road(side, n / 240, level), side * wide, _blend(ink, mist, 0.3))
        for n in range(0, 80, 4):
            _curve(pen, [_road(side, n / 80, level), _road(side, (n + 2) / 80, level)], mist, side * 0.011)
    for at in (0.3, 0.5, 0.7):
        _pin(pen, side, _road(side, at, 0.47), (ink, mist))


def _gable(left: float, roof: float, wide: float, stepped: bool) -> list[Point]:
    """The outline of a gable on a house `wide` whose wall ends at `roof`: in steps, or pointed."""
    if not stepped:
        return [(left, roof), (left + wide / 2, roof - wide * 0.55), (left + wide, roof)]
    steps = ((0, 0), (0, 0.18), (0.18, 0.18), (0.18, 0.36), (0.36, 0.36), (0.36, 0.55))
    up = [(left + wide * x, roof - wide * y) for x, y in steps]
    return up + [(2 * left + wide - x, y) for x, y in reversed(up)]


def housing(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """Gables above the water."""
    for n, height in enumerate((0.15, 0.2, 0.17, 0.23, 0.16)):
        left, wide, floor = side * (0.07 + 0.178 * n), side * 0.15, side * 0.53
        roof = floor - side * height
        pen.rectangle((left, roof, left + wide, floor), fill=mist)
        pen.polygon(_gable(left, roof, wide, n % 2 == 1), fill=mist)
        pen.rectangle((left + wide * 0.38, floor - wide * 0.5, left + wide * 0.62, floor), fill=ink)
        for x in (0.16, 0.62):
            pen.rectangle((left + wide * x, roof + wide * 0.12, left + wide * (x + 0.22), roof + wide * 0.42), fill=ink)
    for row in range(6):
        level = side * (0.6 + 0.075 * row)
        wave = [(side * n / 60, level + side * 0.016 * sin(n / 60 * 10 * pi + row)) for n in range(61)]
        _curve(pen, wave, mist, side * 0.014)


def learning(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """A shelf of books."""
    left = side * 0.08
    for n, height in enumerate((0.5, 0.38, 0.58, 0.44, 0.54, 0.34, 0.6, 0.47, 0.52)):
        wide, top = side * (0.06 + 0.025 * (n % 3)), side * (0.74 - height)
        pen.rounded_rectangle((left, top, left + wide, side * 0.74), radius=side * 0.008, fill=mist)
        pen.rectangle((left + wide * 0.2, top + side * 0.05, left + wide * 0.8, top + side * 0.065), fill=ink)
        left += wide + side * 0.014
    pen.rectangle((0, side * 0.755, side, side * 0.775), fill=mist)


def food(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """Furrows that meet at the horizon, and a sun."""
    horizon, middle = side * 0.45, side * 0.5
    for n in range(-9, 10):
        _curve(pen, [(middle + n * side * 0.012, horizon), (middle + n * side * 0.24, side * 1.05)], mist, side * 0.016)
    pen.rectangle((0, horizon - side * 0.01, side, horizon + side * 0.01), fill=mist)
    _dot(pen, (side * 0.66, side * 0.24), side * 0.12, mist)
    _dot(pen, (side * 0.66, side * 0.24), side * 0.05, ink)


def _star(middle: Point, radius: float) -> list[Point]:
    x, y = middle
    reach = [radius if n % 2 == 0 else radius * 0.42 for n in range(10)]
    return [(x + r * sin(n * pi / 5), y - r * cos(n * pi / 5)) for n, r in enumerate(reach)]


def culture(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """A curtain that opens on stars."""
    for n in range(6):
        for direction, edge in ((1, 0.0), (-1, 1.0)):
            top = side * (edge + direction * 0.055 * n)
            fold = [(top - direction * side * 0.1 * (k / 20) ** 2 * n / 3, side * k / 20) for k in range(21)]
            _curve(pen, fold, mist, side * 0.026)
    for x, y, radius in (
        (0.5, 0.42, 0.16),
        (0.36, 0.66, 0.07),
        (0.63, 0.64, 0.085),
        (0.56, 0.2, 0.05),
        (0.42, 0.22, 0.06),
    ):
        pen.polygon(_star((side * x, side * y), side * radius), fill=mist)
    _dot(pen, (side * 0.5, side * 0.43), side * 0.04, ink)


def health(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """A pulse through rings."""
    for radius in (0.44, 0.33, 0.22):
        _ring(pen, (side / 2, side / 2), side * radius, mist, side * 0.012)
    beat = ((0, 0.52), (0.3, 0.52), (0.36, 0.42), (0.43, 0.68), (0.52, 0.28), (0.6, 0.6), (0.65, 0.52), (1, 0.52))
    line = [(side * x, side * y) for x, y in beat]
    _curve(pen, line, ink, side * 0.06)
    _curve(pen, line, mist, side * 0.024)


def solidarity(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """Two circles of neighbours, and what ties them."""
    here, there = (side * 0.34, side * 0.62), (side * 0.7, side * 0.3)
    for n in range(1, 10):
        _dot(
            pen, (here[0] + (there[0] - here[0]) * n / 10, here[1] + (there[1] - here[1]) * n / 10), side * 0.009, mist
        )
    for middle, rings in ((here, 4), (there, 3)):
        for n in range(1, rings + 1):
            _ring(pen, middle, side * 0.075 * n, mist, side * 0.013)
        _dot(pen, middle, side * 0.035, mist)


def city(pen: ImageDraw, side: float, ink: Colour, mist: Colour) -> None:
    """The belfry above the canal."""
    left, right, floor = side * 0.4, side * 0.6, side * 0.76
    pen.rectangle((left, side * 0.36, right, floor), fill=mist)
    pen.polygon(
        [(left - side * 0.02, side * 0.36), (right + side * 0.02, side * 0.36), (side / 2, side * 0.1)], fill=mist
    )
    pen.rectangle((side * 0.493, side * 0.05, side * 0.507, side * 0.14), fill=mist)
    _dot(pen, (side / 2, side * 0.46), side * 0.05, ink)
    for n, (wide, high) in enumerate(((0.12, 0.2), (0.11, 0.27), (0.12, 0.16))):
        for edge, direction in ((left, -1), (right, 1)):
            outer = edge + direction * side * (0.02 + 0.14 * n)
            box = sorted((outer, outer + direction * side * wide))
            pen.polygon(
                [
                    (box[0], floor - side * high),
                    (sum(box) / 2, floor - side * (high + 0.07)),
                    (box[1], floor - side * high),
                ],
                fill=mist,
            )
            pen.rectangle((box[0], floor - side * high, box[1], floor), fill=mist)
    for row in range(3):
        level = side * (0.82 + 0.06 * row)
        _curve(
            pen,
            [(side * n / 60, level + side * 0.012 * sin(n / 60 * 12 * pi + row)) for n in range(61)],
            mist,
            side * 0.013,
        )


Pattern = Callable[[ImageDraw, float, Colour, Colour], None]

PATTERNS: dict[str, Pattern] = {
    "mobilite": mobility,
    "habitat": housing,
    "education": learning,
    "alimentation": food,
    "culture": culture,
    "sante": health,
    "entraide": solidarity,
}


def inks_of(hook: str) -> tuple[Colour, Colour]:
    """The ink and the mist of a pillar, the city's own for none."""
    return INKS.get(hook, CITY)


def pattern_of(hook: str) -> Pattern:
    """The pattern of a pillar, the city's own for none."""
    return PATTERNS.get(hook, city)
