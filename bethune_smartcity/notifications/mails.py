"""The mail that carries a message: its plain text, and the same words as HTML, in which none of them is markup.

Whatever a person typed stays words: the HTML is made from the finished text, every character of it escaped, and only
addresses of the portal itself become links.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string

from bethune_smartcity.core.text import one_line, without_odd

from .tongues import bare, runs

ITEM = "- "
# The line that opens the foot of a mail.
FOOT = "--"
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


def mail_of(subject: str, body: str, *, to: str, language: str, headers: dict[str, str]) -> EmailMessage:
    """The mail to the address `to`: plain text first, for who reads it so, then HTML."""
    title, text = title_of(subject), without_odd(body)
    mail = EmailMultiAlternatives(title, bare(text), to=[to], headers=headers)
    mail.attach_alternative(html_of(title, text, language), "text/html")
    return mail


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
    """A plain text in paragraphs and lists, what follows a line of two dashes apart."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    end = lines.index(FOOT) if FOOT in lines else len(lines)
    return Body(_told(lines[:end]), _told(lines[end + 1 :]))


def _told(lines: list[str]) -> list[Block]:
    """The blocks that `lines` make, each in one language."""
    return [replace(block, language=code) for code, run in runs(lines) for block in _blocks(run)]


def _blocks(lines: list[str]) -> list[Block]:
    """The blocks that `lines` make: a blank line ends one, a dash at the head of a line makes an item of it."""
    groups: list[tuple[bool, list[str]]] = []
    is_open = False
    for line in lines:
        is_item = line.startswith(ITEM)
        if line and is_open and groups[-1][0] == is_item:
            groups[-1][1].append(line)
        elif line:
            groups.append((is_item, [line]))
        is_open = bool(line)
    return [_block(is_item, group) for is_item, group in groups]


def _block(is_item: bool, lines: list[str]) -> Block:
    if is_item:
        return Block([_item(line.removeprefix(ITEM)) for line in lines], is_list=True)
    return Block([_pieces(line) for line in _joined(lines)])


def _joined(lines: list[str]) -> list[str]:
    """`lines`, an address that stands alone set after the words that announce it."""
    found: list[str] = []
    for line in lines:
        if found and LABEL_END.search(found[-1]) and _address().fullmatch(line):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return found


def _item(line: str) -> list[Piece]:
    """The pieces of an item of a list: one that ends with its only address is one link that says its words."""
    found = list(_address().finditer(line))
    words = line[: found[0].start()].strip() if len(found) == 1 and found[0].end() == len(line) else ""
    return [Piece(LABEL_END.sub("", words), found[0][0])] if LABEL_END.sub("", words) else _pieces(line)


def _pieces(line: str) -> list[Piece]:
    """The words and the links of a line; "words: address" is one link that says the words."""
    found = list(_address().finditer(line))
    if len(found) == 1 and found[0].end() == len(line) and LABEL_END.search(line[: found[0].start()]):
        return [Piece(LABEL_END.sub("", line[: found[0].start()]) or found[0][0], found[0][0])]
    pieces, end = [], 0
    for match in found:
        pieces += [Piece(line[end : match.start()]), Piece(match[0], match[0])]
        end = match.end()
    return [piece for piece in (*pieces, Piece(line[end:])) if piece.text]


def _address() -> re.Pattern[str]:
    """What an address of the portal looks like in a text."""
    return _address_on(settings.SITE_URL)


@lru_cache(maxsize=8)
def _address_on(site: str) -> re.Pattern[str]:
    if not site:
        return re.compile(r"(?!)")
    path = r"/[\w\-./?=&%~+:@#]*[\w\-/=%~+#]"
    return re.compile(rf"(?<![\w/.@:-]){re.escape(site)}(?:{path}|/|(?![\w\-.:@/]))", re.ASCII)
