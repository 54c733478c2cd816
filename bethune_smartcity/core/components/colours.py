"""The look's own values, read from the style sheet that declares them, and how well colours stand on one another."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

TOKENS = settings.BASE_DIR / "static" / "css" / "tokens.css"
DECLARED = re.compile(r"^\s*--(?P<name>[\w-]+):\s*(?P<value>[^;]+);", re.MULTILINE)
COLOUR = re.compile(r"#[0-9a-f]{6}")
# Shares of the pillar's colour and of the ink in a text on a pillar's mist, as tokens.css mixes them.
MIXED = 0.82
ENOUGH = 4.5


@dataclass(frozen=True)
class Pair:
    """A colour of text on a ground, and their contrast."""

    text: str
    ground: str
    ratio: float

    @property
    def is_enough(self) -> bool:
        return self.ratio >= ENOUGH


@cache
def tokens() -> dict[str, str]:
    """Every value of the look by its name, in the order of the style sheet: that of wide screens."""
    found: dict[str, str] = {}
    for match in DECLARED.finditer(TOKENS.read_text(encoding="utf-8")):
        found.setdefault(match["name"], match["value"].strip())
    return found


def colours() -> dict[str, str]:
    """The tokens that are colours."""
    return {name: value for name, value in tokens().items() if COLOUR.fullmatch(value)}


def channels(colour: str) -> tuple[int, int, int]:
    """The red, green and blue of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """How light a colour is, as WCAG 2 reckons it."""
    parts = [value / 255 for value in channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, ink: str, share: float = MIXED) -> str:
    """`share` of a colour, the rest of `ink`."""
    pairs = zip(channels(colour), channels(ink), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def pairs_of(hook: str) -> list[Pair]:
    """How a pillar's colour is used: on paper, under white words, and its text on its own mist."""
    known = colours()
    own, mist, paper = known[f"pillar-{hook}"], known[f"pillar-{hook}-mist"], known["paper"]
    uses = [(own, paper), (paper, own), (mixed(own, known["ink"]), mist)]
    return [Pair(text, ground, round(contrast(text, ground), 2)) for text, ground in uses]
