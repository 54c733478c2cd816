"""Where the portal itself put links into a text, and where its foot begins: kept beside the text, and never read out of
it, so that nothing a person types becomes a link or a foot.

While a text is drawn, its links stand between marks that are drawn anew in each process; `finished` takes them out.
"""

import re
from collections.abc import Iterable
from secrets import token_hex
from typing import Any, Self

from bethune_smartcity.core.text import without_odd

_drawn = token_hex(16)
OPEN, CLOSE = f"\ue000{_drawn}\ue001", f"\ue001{_drawn}\ue000"
# The line of a link, where it begins in it and how many characters follow it.
Place = tuple[int, int, int]
MARKED = re.compile(f"{OPEN}(.*?){CLOSE}")


class Link(str):
    """An address that the portal itself writes into a text: marked wherever it is written out."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{OPEN}{self[:]}{CLOSE}"


class Told(str):
    """A finished text.

    `links` are the places of its links; `foot` is the line that opens its foot, None for a text without one. What
    follows a link is counted from the end of its line: the key of a mailbox is set into an address when it leaves.
    """

    __slots__ = ("foot", "links")
    links: tuple[Place, ...]
    foot: int | None

    def __new__(cls, text: str, links: Iterable[Iterable[int]] = (), foot: int | None = None) -> Self:
        told = super().__new__(cls, text)
        told.links, told.foot = tuple((line, start, after) for line, start, after in links), foot
        return told


def unmarked(text: str) -> str:
    """`text` without the marks of links."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def finished(text: str) -> Told:
    """A drawn text as it leaves, with where its links are. One that is finished stays what it is."""
    if isinstance(text, Told):
        return text
    clean = without_odd(text.replace("\r\n", "\n"))
    if OPEN not in clean:
        return Told(clean)
    lines, links = clean.split("\n"), []
    for number, line in enumerate(lines):
        if OPEN in line:
            lines[number] = unmarked(line)
            links += [(number, start, after) for start, after in _places(line)]
    return Told("\n".join(lines), links)


def _places(line: str) -> list[tuple[int, int]]:
    """Where each link begins in a line without its marks, and how much follows it."""
    found = MARKED.finditer(line)
    return [(len(unmarked(line[: each.start()])), len(unmarked(line[each.end() :]))) for each in found]


def followed_by(first: str, second: str) -> Told:
    """`second` after `first`, which ends with a line's end, with the links of both and the foot of the second."""
    shift = first.count("\n")
    before, after = laid(first), laid(second)
    links = (*before.links, *((line + shift, *place) for line, *place in after.links))
    return Told(f"{first}{second}", links, None if after.foot is None else after.foot + shift)


def with_foot(body: str, foot: str) -> Told:
    """`body` and, below it, `foot`: both finished."""
    return followed_by(body, Told(f"\n{foot}", ((line + 1, *place) for line, *place in laid(foot).links), 1))


def laid(text: str, layout: dict[str, Any] | None = None) -> Told:
    """`text` with what was kept of it by `layout_of`: no link and no foot for want of it."""
    if layout is None:
        return text if isinstance(text, Told) else Told(text)
    return Told(text, layout.get("links", ()), layout.get("foot"))


def layout_of(text: str) -> dict[str, Any]:
    """What is kept beside a text of its links and its foot; nothing of one without any."""
    told = laid(text)
    kept: dict[str, Any] = {"links": [list(each) for each in told.links]} if told.links else {}
    return kept if told.foot is None else {**kept, "foot": told.foot}
