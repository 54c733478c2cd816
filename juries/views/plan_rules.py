"""What a board of readings leaves to be desired, in words: row by row, juror by juror."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from juries.models import Juror
from juries.queries.progress import Board, BoardRow, Load

READING = "reading"
"""The tag of a message about a reading changed by hand: its row tells it as well."""
Touched = tuple[UUID, int]
"""(submission, juror): the reading that was just given, taken away, or refused."""


@dataclass(frozen=True)
class Change:
    """What became of the reading just changed by hand, told on its row: `undo` says what its button sends."""

    sentence: str
    juror: Juror
    undo: str
    warnings: list[str]


@dataclass(frozen=True)
class ToldRow:
    """A row with what it lacks and, where one was just made, the change."""

    row: BoardRow
    warnings: list[str]
    change: Change | None = None


def row_words(found: Board, row: BoardRow) -> list[str]:
    """Which rules of a plan the readers of an application do not keep. Nothing before there is a plan."""
    if not found.wanted:
        return []
    said = []
    if row.expected < found.wanted:
        said.append(_("Readers: %(n)d of %(wanted)d.") % {"n": row.expected, "wanted": found.wanted})
    if found.is_sided and row.expected:
        if not row.insiders:
            said.append(_("No reader from inside its pillars."))
        if not row.outsiders:
            said.append(_("No reader from outside its pillars."))
    return said


def load_words(load: Load) -> list[str]:
    """Whether a juror reads more than their share, a half share for who is half-time."""
    if not load.is_over:
        return []
    figures = {"n": load.expected, "most": load.most}
    if load.juror.half_time:
        return [_("Readings: %(n)d, at most %(most)d for a half share.") % figures]
    return [_("Readings: %(n)d, at most %(most)d for balanced loads.") % figures]


def told_rows(found: Board, touched: Touched | None, refusal: str = "") -> Iterator[ToldRow]:
    """The rows of a board in words. `touched`: the reading just changed; `refusal`: why it was not."""
    for row in found.rows:
        change = None
        if touched and row.submission.pk == touched[0]:
            change = _change(found, row, touched[1], refusal)
        yield ToldRow(row, row_words(found, row), change)


def _change(found: Board, row: BoardRow, juror: Any, refusal: str) -> Change | None:
    for cell, load in zip(row.cells, found.loads, strict=True):
        if cell.juror.pk != juror:
            continue
        if refusal:
            return Change(refusal, cell.juror, "", [])
        given = cell.state in {"empty", "draft"}
        if not given and cell.state != "none":
            return None
        sentence = _("Given to %(juror)s.") if given else _("Taken away from %(juror)s.")
        said = load_words(load) if given else []
        return Change(sentence % {"juror": cell.juror}, cell.juror, "0" if given else "1", said)
    return None
