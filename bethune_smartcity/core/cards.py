"""The picture a page is shared with: 1200 × 630 points, drawn by the portal in its own type and a pillar's colours."""

from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache as kept
from PIL import Image, ImageDraw, ImageFont

from .card_art import inks_of, pattern_of
from .digests import digest

WIDTH, HEIGHT = 1200, 630
PANEL = 400
# What no ellipsis follows.
TRAILING = " ,;:–-"
MARGIN = 64
INK, SOFT, PAPER = "#10243a", "#4a5866", "#ffffff"
# A new way to draw is a new picture: this number is part of what a card's digest is made of.
DRAWING = 3
KEPT_FOR = 7 * 24 * 3600
FONTS: Path = settings.BASE_DIR / "static" / "build" / "fonts"
DISPLAY, TEXT = "bricolage-grotesque", "public-sans"
# Letters beyond Western Europe's come from the second file of a typeface.
EXTENDED = frozenset((*range(0x100, 0x2B0), *range(0x1E00, 0x1F00))) - {0x131, 0x152, 0x153}

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class Card:
    """What a share card says, in the language of its page.

    `kicker` stands above the title (a section, a state), `line` below it; `hook` is the pillar's whose colour and
    pattern it wears, empty for the city's.
    """

    title: str
    kicker: str = ""
    line: str = ""
    hook: str = ""

    @property
    def digest(self) -> str:
        """What tells this picture from any other."""
        return digest(
            {
                "drawing": DRAWING,
                "site": settings.SITE_NAME,
                **{name: str(value) for name, value in asdict(self).items()},
            }
        )


@cache
def font(family: str, size: int, weight: int, extended: bool = False) -> Font:
    """A typeface of the portal at a size and a weight."""
    subset = "latin-ext" if extended else "latin"
    drawn = ImageFont.truetype(str(FONTS / f"{family}-{subset}-wght-normal.woff2"), size)
    drawn.set_variation_by_axes([weight])
    return drawn


@dataclass(frozen=True)
class Type:
    """A typeface, its size and weight: measures and writes words whose letters come from both of its files."""

    family: str
    size: int
    weight: int

    def runs(self, text: str) -> list[tuple[str, Font]]:
        """`text` cut where its letters change file."""
        runs: list[tuple[str, bool]] = []
        for letter in text:
            extended = ord(letter) in EXTENDED
            if runs and runs[-1][1] == extended:
                runs[-1] = (runs[-1][0] + letter, extended)
            else:
                runs.append((letter, extended))
        return [(run, font(self.family, self.size, self.weight, extended)) for run, extended in runs]

    def width(self, text: str) -> float:
        return sum(face.getlength(run) for run, face in self.runs(text))

    def write(self, pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str) -> None:
        left, top = at
        for run, face in self.runs(text):
            pen.text((left, top), run, font=face, fill=colour)
            left += face.getlength(run)

    def lines(self, text: str, width: float, most: int) -> list[str]:
        """`text` on at most `most` lines of `width` points; what is too long ends in an ellipsis."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        cut = lines[:most]
        if len(lines) > most:
            cut[-1] = cut[-1].rstrip(TRAILING) + "…"
        return [self.fitted(line, width) for line in cut]

    def fitted(self, line: str, width: float) -> str:
        """`line` cut to `width` after a whole word; inside one only where it is too long by itself."""
        while self.width(line) > width and len(line) > 1:
            words = line.removesuffix("…").rstrip()
            shorter = words.rpartition(" ")[0].rstrip(TRAILING) if " " in words else words[:-1]
            line = shorter + "…"
        return line


# From the largest to the smallest, each with the lines it may take.
TITLES = (
    (Type(DISPLAY, 84, 800), 3),
    (Type(DISPLAY, 68, 800), 3),
    (Type(DISPLAY, 54, 800), 4),
    (Type(DISPLAY, 46, 800), 4),
)
KICKER = Type(TEXT, 30, 700)
LINE = Type(TEXT, 32, 400)
BRAND = Type(DISPLAY, 34, 750)


def _title(title: str, width: float) -> tuple[Type, list[str]]:
    """The largest type in which `title` fits its lines uncut, and these lines."""
    for type_, most in TITLES:
        lines = type_.lines(title, width, most)
        if "…" not in "".join(lines) or "…" in title:
            break
    return type_, lines


def _panel(card: Card) -> Image.Image:
    """The pillar's pattern, drawn twice as large and made smaller so that its edges are smooth."""
    ink, mist = inks_of(card.hook)
    side, tall = 2 * PANEL, 2 * HEIGHT
    panel = Image.new("RGB", (side, tall), ink)
    square = Image.new("RGB", (tall, tall), ink)
    pattern_of(card.hook)(ImageDraw.Draw(square), tall, ink, mist)
    panel.paste(square.crop(((tall - side) // 2, 0, (tall + side) // 2, tall)))
    return panel.resize((PANEL, HEIGHT), Image.Resampling.LANCZOS)


def draw(card: Card) -> bytes:
    """The picture of `card` as PNG."""
    ink, _mist = inks_of(card.hook)
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    picture.paste(_panel(card), (WIDTH - PANEL, 0))
    pen = ImageDraw.Draw(picture)
    width, top = WIDTH - PANEL - MARGIN - 48, 72
    pen.rectangle((MARGIN, top - 8, MARGIN + 96, top), fill=ink)
    top += 28
    if card.kicker:
        KICKER.write(pen, (MARGIN, top), KICKER.fitted(str(card.kicker), width), ink)
        top += 60
    type_, lines = _title(str(card.title), width)
    for line in lines:
        type_.write(pen, (MARGIN, top), line, INK)
        top += round(type_.size * 1.06)
    top += 28
    for line in LINE.lines(str(card.line), width, min(3, (HEIGHT - 120 - top) // 44)):
        LINE.write(pen, (MARGIN, top), line, SOFT)
        top += 44
    BRAND.write(pen, (MARGIN, HEIGHT - 92), settings.SITE_NAME, "#0b5d66")
    out = BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def png(card: Card) -> bytes:
    """The picture of `card`, drawn once for as long as it says the same."""
    key = f"card:{card.digest}"
    drawn: Any = kept.get(key)
    if drawn is None:
        drawn = draw(card)
        kept.set(key, drawn, KEPT_FOR)
    return bytes(drawn)
