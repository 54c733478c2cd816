"""Search of texts: the folded column a row keeps, what a query finds in it, and how a match is shown.

A search column holds the folded title of its row, a line break, then its other texts. A translated row keeps one column
for each language, which holds what a reader of that language is shown.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_
from typing import Any

from django.conf import settings
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from .markdown import to_html
from .text import ONE_APOSTROPHE, normalise

BREAK = "\n"
MOST_WORDS = 8
# An excerpt begins this far before the first word found, and is this long.
BEFORE, LONG = 60, 220


def folded(title: str, *texts: str) -> str:
    """What a search column holds."""
    return normalise(title) + BREAK + normalise(" ".join(text for text in texts if text))


def folded_in_each(row: Any, title: str, names: Iterable[str], *beside: str) -> dict[str, str]:
    """The search columns of a translated row, by name: each language falls back to others as pages do.

    `beside` are texts alike in each language.
    """

    def said(name: str, code: str) -> str:
        known = (code, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
        return next(filter(None, (getattr(row, f"{name}_{one}", "") for one in known)), "")

    names = list(names)
    return {
        f"search_text_{code}": folded(said(title, code), *(said(name, code) for name in names), *beside)
        for code, _label in settings.LANGUAGES
    }


def words_of(asked: str) -> list[str]:
    """The words of a query, folded, each once, the first few."""
    return list(dict.fromkeys(normalise(asked).split()))[:MOST_WORDS]


def holds(column: str, words: Sequence[str]) -> Q:
    """Rows whose search column holds every one of `words`."""
    return reduce(and_, (Q(**{f"{column}__contains": word}) for word in words), Q())


def ranked(rows: QuerySet[Any], column: str, words: Sequence[str]) -> QuerySet[Any]:
    """Those of `rows` that hold every one of `words`, each with its `rank`: 0 when the title alone holds them all."""
    places = {f"word_{n}": StrIndex(F(column), Value(word)) for n, word in enumerate(words)}
    in_title = reduce(and_, (Q(**{f"{name}__lt": F("title_ends")}) for name in places), Q())
    rank = Case(When(in_title, then=0), default=1, output_field=IntegerField())
    found = rows.filter(holds(column, words)).alias(title_ends=StrIndex(F(column), Value(BREAK)), **places)
    return found.annotate(rank=rank)


BETWEEN_CELLS = re.compile(r"</t[hd]>(?:\s|</?(?:tr|thead|tbody)>)*<t[hd]\b[^>]*>")

# What stands for the end of a block until the words are on one line, where no text holds it: an item's, a paragraph's
# (which may be that of an item) and any other's.
ITEM, PARAGRAPH, BLOCK = ENDS = "\ufdd0\ufdd1\ufdd2"
CLOSING = re.compile(r"(?P<item></li>|<[uo]l\b[^>]*>)|(?P<paragraph></p>)|</(?:[uo]l|h[2-6]|blockquote|pre)>")
KINDS = {"item": ITEM, "paragraph": PARAGRAPH, None: BLOCK}
JOINT = re.compile(rf"\s*[{ENDS}][{ENDS}\s]*")
# A text that ends so, closed or not, needs no other sign.
TOLD = re.compile(r"[.!?…:;,–—][\s»”\"')\]]*$")


def plain(markdown: str) -> str:
    """The words of a Markdown text, on one line; items of its lists, cells of its tables and blocks stay apart."""
    words = BETWEEN_CELLS.sub(" · ", to_html(markdown or ""))
    words = CLOSING.sub(lambda closing: KINDS[closing.lastgroup], words)
    return _on_one_line(" ".join(html.unescape(strip_tags(words)).split()))


def _on_one_line(text: str) -> str:
    """`text` with a dash before and between items and a full stop after other blocks, where what ends has no sign."""
    parts, done = [], 0
    for joint in JOINT.finditer(text):
        part, done = text[done : joint.start()], joint.end()
        parts.append(part)
        if done < len(text) and any(parts):
            parts.append(" " if TOLD.search(part) else " – " if ITEM in joint[0] and BLOCK not in joint[0] else ". ")
    return "".join([*parts, text[done:]])


def _folded_letters(text: str) -> tuple[str, list[int]]:
    """`text` folded letter by letter, and for each folded letter its place in `text`."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for one in unicodedata.normalize("NFKD", letter.casefold()).translate(ONE_APOSTROPHE):
            if not unicodedata.combining(one):
                letters.append(one)
                places.append(place)
    return "".join(letters), places


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where `words` (folded) stand in `text`, from and to, in order, those that touch made one."""
    letters, places = _folded_letters(text)
    found: list[tuple[int, int]] = []
    for word in words:
        at = letters.find(word)
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = letters.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted((start, _whole(text, end)) for start, end in found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _whole(text: str, end: int) -> int:
    """`end`, moved past the accents that belong to the letter before it."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def marked(text: str, words: Sequence[str]) -> SafeString:
    """`text` escaped, its words found inside <mark>."""
    parts, done = [], 0
    for start, end in spans(text, words):
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join((*parts, escape(text[done:]))))  # noqa: S308 (each part is escaped)


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """The part of `text` around the first word found, its beginning when none is, with the words found marked."""
    found = spans(text, words)
    start = max(found[0][0] - BEFORE, 0) if found else 0
    if start:
        start = max(text.rfind(" ", 0, start + 1) + 1, start - BEFORE)
    end = start + LONG
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LONG // 2)
    opening, closing = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(opening + marked(text[start:end], words) + closing)  # noqa: S308 (escaped by `marked`)
