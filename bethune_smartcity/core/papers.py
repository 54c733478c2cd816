"""Documents as PDF that anyone can read: tagged (PDF/UA-1), lasting (PDF/A-2a), in the portal's one look.

A document is a template of ours (`templates/papers/*.typ`) and data. What people typed is data only: it is handed over
as JSON and set as text, never read as a template's source. A template reads nothing outside its folder.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.cache import cache as kept
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext

from .digests import digest
from .language import language_of, page_language, text_of
from .models import City
from .text import hold_signs

TEMPLATES: Path = settings.BASE_DIR / "templates" / "papers"
FONTS: Path = settings.BASE_DIR / "static" / "build" / "papers"
TOKENS: Path = settings.BASE_DIR / "static" / "css" / "tokens.css"
LOGO: Path = settings.BASE_DIR / "static" / settings.DRAWN.logo
STANDARDS: list[Any] = ["a-2a", "ua-1"]
COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})\b")
# Letters that our own typeface draws, whatever stands around them.
PLAIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2028), 0x202F, 0x20AC))) | {"\n"}
# What no document may hold, in its text or in what describes it.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SOFT_HYPHEN = "\u00ad"
KEPT_FOR = 7 * 24 * 3600


@dataclass(frozen=True)
class Paper:
    """A document to draw. `name` is that of its file, without ending; `language` that of its own words.

    `data` is what `framed` gives.
    """

    template: str
    name: str
    language: str
    data: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """What tells this document from any other, and from itself drawn by other templates."""
        said = {"template": self.template, "language": self.language, "data": self.data}
        return digest({**said, "drawing": drawing()})


def framed(
    title: Any, *, kicker: str, footer: str, at: datetime, words: Mapping[str, Any], **parts: Any
) -> dict[str, Any]:
    """The data of a document: JSON types only, its words in the language in force.

    A text in another language is `{"text": …, "lang": …}` (see `told`). `kicker` stands beside the logo, `footer` at
    the foot of each page; `at` is the instant the document is dated.
    """
    city = City.current()
    return {
        "title": title,
        "kicker": kicker,
        "footer": footer,
        "date": int(at.timestamp()),
        "city": {"name": city.name},
        "words": {"page": gettext("Page {n} of {all}"), "logo": words_of_logo(city), **words},
        **parts,
    }


def words_of_logo(city: City) -> str:
    """What is drawn beside the name of `city`, for who does not see it: that name where another town is drawn."""
    return str(settings.DRAWN.logo_words) if city.place == settings.DRAWN.town else city.name


def told(thing: Any, name: str) -> Any:
    """What the attribute `name` of `thing` says, marked with its language where that is not the page's."""
    return in_language(text_of(thing, name), language_of(thing, name))


def in_language(text: str, code: str) -> Any:
    """`text`, which is in the language `code`, marked with it where the page is in another."""
    held = hold_signs(text) if code == "fr" else text
    return held if not held or code == page_language() else {"text": held, "lang": code}


@cache
def drawing() -> str:
    """The digest of all that decides how documents look."""
    sources = [*sorted(TEMPLATES.glob("*.typ")), TOKENS, LOGO]
    return digest([path.read_text(encoding="utf-8") for path in sources] + [version("typst")])


@cache
def look() -> str:
    """What all templates share, as JSON: the colours of the style sheet and the logo."""
    colours = dict(COLOUR.findall(TOKENS.read_text(encoding="utf-8")))
    return json.dumps({"colours": colours, "logo": LOGO.read_text(encoding="utf-8")})


@cache
def fonts() -> typst.Fonts:
    """The typefaces of documents: ours, then those that typst brings for signs and other scripts."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def draw(template: str, data: Mapping[str, Any], language: str) -> bytes:
    """The PDF of `data` set by `template` (a file of templates/papers, without ending), in `language`.

    A sign that no typeface has is written as its Unicode number, such as [U+5317]: nothing is left out unsaid. Raises
    typst.TypstError when a template is wrong.
    """
    data = _each_text(data, without_control)
    try:
        return _compiled(template, data, language)
    except typst.TypstError:
        spelt = _each_text(data, spell_out)
    try:
        return _compiled(template, spelt, language)
    except typst.TypstError:
        return _compiled(template, _each_text(data, spell_out_all), language)


def _compiled(template: str, data: Mapping[str, Any], language: str) -> bytes:
    source = (TEMPLATES / f"{template}.typ").read_bytes()
    return _compile(source, {"data": json.dumps(data), "look": look(), "language": language}, int(data.get("date", 0)))


def _compile(source: bytes, inputs: dict[str, str], date: int = 0) -> bytes:
    # A compiler keeps what it read: each document gets its own, which costs less than a millisecond.
    compiler = typst.Compiler(source, root=str(TEMPLATES), font_paths=fonts(), ignore_system_fonts=True)
    made: Any = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=date)
    return bytes(made)


def _each_text(data: Any, change: Any) -> Any:
    """`data` with each of its texts changed, the names of its parts left alone."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {name: _each_text(value, change) for name, value in data.items()}
    return [_each_text(value, change) for value in data] if isinstance(data, list | tuple) else data


def without_control(text: str) -> str:
    """`text` with each control character written as its number."""
    return CONTROL.sub(lambda found: numbered(found[0]), text)


def spell_out(text: str) -> str:
    """`text` with each sign that no typeface has written as its number."""
    return "".join(sign if sign in PLAIN or is_drawable(sign) else numbered(sign) for sign in text)


def spell_out_all(text: str) -> str:
    """`text` with each sign beyond European letters written as its number: for marks that fit no letter they follow."""
    return "".join(sign if sign in PLAIN and sign != SOFT_HYPHEN else numbered(sign) for sign in text)


def numbered(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"


@lru_cache(maxsize=20_000)
def is_drawable(sign: str) -> bool:
    """Whether a typeface has this sign, and the standards allow it."""
    try:
        _compile(b'#import "look.typ": probe\n#show: probe\n', {"data": json.dumps({"text": sign}), "look": look()})
    except typst.TypstError:
        return False
    return True


def drawn(paper: Paper) -> bytes:
    """The PDF of `paper`, drawn once for as long as it says the same: for documents that many ask for."""
    key = f"paper:{paper.digest}"
    found: Any = kept.get(key)
    if found is None:
        found = draw(paper.template, paper.data, paper.language)
        kept.set(key, found, KEPT_FOR)
    return bytes(found)


def send(paper: Paper) -> HttpResponse:
    """The answer that hands over `paper`, drawn for the one who asks: nobody keeps it."""
    answer = _attached(draw(paper.template, paper.data, paper.language), paper)
    answer["Cache-Control"] = "private, no-store"
    return answer


def send_kept(request: HttpRequest, paper: Paper, *, max_age: int) -> Any:
    """The answer that hands over `paper`, the same for all who may ask; nothing new to those who have it.

    `max_age` says for how many seconds anyone may keep it; 0 for what is not public.
    """
    etag = quote_etag(paper.digest)
    answer = get_conditional_response(request, etag=etag) or _attached(drawn(paper), paper)
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={max_age}" if max_age else "private, no-cache"
    return answer


def _attached(pdf: bytes, paper: Paper) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{paper.name}.pdf") or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
