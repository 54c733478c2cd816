"""The mail that carries a message: its plain text, and the same words as HTML, in which none of them is markup.

Whatever a person typed stays words: the HTML is made from the finished text, every character of it escaped, and only
the addresses that the portal itself put there become links (`layout`). Nothing that stands in a text makes a foot.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string

from bethune_smartcity.core.text import one_line, without_odd

from .layout import Told, laid, layout_of
from .tongues import bare, languages_of

ITEM = "- "
# The line that opens the foot of a mail, and what mail programmes take for one.
FOOT = "--"
LIKE_A_FOOT = re.compile(r"^--\s+$")
LABEL_END = re.compile(r"\s*:\s*$")


@dataclass(frozen=True)
class Piece:
    """Some words; with an address of the portal, a link."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph or a list: its lines, each in pieces, and its language where it is another than the mail's."""

    lines: list[list[Piece]]
    is_list: bool = False
    language: str = ""


@dataclass(frozen=True)
class Body:
    """The blocks of a text, and those of its foot."""

    blocks: list[Block]
    foot: list[Block]


@dataclass(frozen=True)
class Line:
    """A line of a text, and where its links begin and end."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()

    def without(self, first: int) -> "Line":
        """The line without so many of its first characters."""
        return Line(self.text[first:], tuple((start - first, end - first) for start, end in self.spans))

    def bare(self) -> "Line":
        """The line without the marks of languages, its links where they are then."""
        if (text := bare(self.text)) == self.text:
            return self
        return Line(
            text, tuple((len(bare(self.text[:start])), len(bare(self.text[:end]))) for start, end in self.spans)
        )


def mail_of(subject: str, body: str, *, to: str, language: str, headers: dict[str, str]) -> EmailMessage:
    """The mail to the address `to`: plain text first, for who reads it so, then HTML."""
    title, text = title_of(subject), laid(without_odd(body), layout_of(body))
    mail = EmailMultiAlternatives(title, plain_of(text), to=[to], headers=headers)
    mail.attach_alternative(html_of(title, text, language), "text/html")
    return mail


def plain_of(text: Told) -> str:
    """The plain text: mail programmes set apart, or hide, what follows a line of two dashes and a space (RFC 3676):
    only the one that opens the foot is left.
    """
    lines = bare(text).split("\n")
    return "\n".join(line if n == text.foot else LIKE_A_FOOT.sub(FOOT, line) for n, line in enumerate(lines))


def title_of(subject: str) -> str:
    """`subject` as a header says it: on one line, and nothing in it that a mail reader would take for encoded words
    (RFC 2047) and turn into others.
    """
    return without_odd(one_line(subject)).replace("=?", "= ?")


def html_of(subject: str, body: str, language: str) -> str:
    """The same words as a page of HTML in that language."""
    told = body_of(body)
    own = next((block.language for block in told.blocks if _said(block) == subject.replace("\u00a0", " ")), "")
    context = {"title": subject, "title_language": own, "body": told, "language": language}
    return str(render_to_string("notifications/emails/mail.html", context))


def _said(block: Block) -> str:
    """The first line of a block, whatever holds its words together."""
    return "".join(piece.text for piece in block.lines[0]).replace("\u00a0", " ")


def body_of(text: str) -> Body:
    """A finished text in paragraphs and lists, its foot apart."""
    told = laid(text)
    lines = list(_lines(told))
    end = len(lines) if told.foot is None else told.foot
    return Body(_told(lines[:end]), _told(lines[end + 1 :]))


def _told(lines: list[Line]) -> list[Block]:
    """The blocks that `lines` make, each in one language."""
    by_language = groupby(zip(languages_of(line.text for line in lines), lines, strict=True), key=lambda pair: pair[0])
    return [
        replace(block, language=code)
        for code, run in by_language
        for block in _blocks([line.bare() for _code, line in run])
    ]


def _lines(told: Told) -> Iterator[Line]:
    """The lines of a text; what is kept as a link and is no address of the portal is none."""
    spans: dict[int, list[tuple[int, int]]] = {}
    lines = told.split("\n")
    for number, start, after in told.links:
        end = len(lines[number]) - after if number < len(lines) else 0
        if start < end and _is_ours(lines[number][start:end]):
            spans.setdefault(number, []).append((start, end))
    for number, line in enumerate(lines):
        yield Line(line.rstrip(), tuple(spans.get(number, ())))


def _is_ours(address: str) -> bool:
    """Whether that is an address of the portal."""
    site = settings.SITE_URL
    return bool(site) and (address == site or address.startswith(f"{site}/"))


def _blocks(lines: list[Line]) -> list[Block]:
    """The blocks that `lines` make: a blank line ends one, a dash at the head of a line makes an item of it."""
    groups: list[tuple[bool, list[Line]]] = []
    is_open = False
    for line in lines:
        is_item = line.text.startswith(ITEM)
        if line.text and is_open and groups[-1][0] == is_item:
            groups[-1][1].append(line)
        elif line.text:
            groups.append((is_item, [line]))
        is_open = bool(line.text)
    return [_block(is_item, group) for is_item, group in groups]


def _block(is_item: bool, lines: list[Line]) -> Block:
    if is_item:
        return Block([_item(line.without(len(ITEM))) for line in lines], is_list=True)
    return Block([_pieces(line) for line in _joined(lines)])


def _joined(lines: list[Line]) -> list[Line]:
    """`lines`, an address that stands alone set after the words that announce it."""
    found: list[Line] = []
    for line in lines:
        if found and not found[-1].spans and LABEL_END.search(found[-1].text) and line.spans == ((0, len(line.text)),):
            before = f"{found[-1].text} "
            found[-1] = Line(before + line.text, ((len(before), len(before) + len(line.text)),))
        else:
            found.append(line)
    return found


def _item(line: Line) -> list[Piece]:
    """The pieces of an item of a list: one that ends with its only address is one link that says its words."""
    words = LABEL_END.sub("", _words_before(line).strip())
    return [Piece(words, line.text[line.spans[0][0] :])] if words else _pieces(line)


def _words_before(line: Line) -> str:
    """What stands before the only link of a line that ends with it; empty for another line."""
    return line.text[: line.spans[0][0]] if [end for _start, end in line.spans] == [len(line.text)] else ""


def _pieces(line: Line) -> list[Piece]:
    """The words and the links of a line; "words: address" is one link that says the words."""
    words = _words_before(line)
    if LABEL_END.search(words):
        address = line.text[line.spans[0][0] :]
        return [Piece(LABEL_END.sub("", words) or address, address)]
    pieces, end = [], 0
    for start, stop in line.spans:
        address = line.text[start:stop]
        pieces += [Piece(line.text[end:start]), Piece(address, address)]
        end = stop
    return [piece for piece in (*pieces, Piece(line.text[end:])) if piece.text]
