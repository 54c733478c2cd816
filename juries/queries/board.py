"""The chair's board before the marks are known: who handed in what, who is there. Nothing here reads a mark."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from calls.models import Submission
from juries.models import Assignment, Juror, Panel, Recusal, Sheet, Slot
from juries.queries.panels import conflicts, duties, recusals_of
from juries.workflow import SheetState


class Cell(StrEnum):
    """What a juror has done about a submission: a shape and a word, never a value."""

    EMPTY = "empty"
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RECUSED = "recused"
    NONE = "none"

    @property
    def label(self) -> str:
        return str(CELLS[self][1])

    @property
    def shape(self) -> str:
        return CELLS[self][0]

    @property
    def tone(self) -> str:
        return CELLS[self][2]


CELLS = {
    Cell.EMPTY: ("circle", _("empty"), ""),
    Cell.DRAFT: ("circle-half", _("begun"), "half"),
    Cell.HANDED_IN: ("circle-fill", _("handed in"), "full"),
    Cell.RECUSED: ("slash-circle", _("stands aside"), "out"),
    Cell.NONE: ("dash", _("no sheet expected"), ""),
}


@dataclass(frozen=True)
class Progress:
    """Sheets handed in and begun, out of those expected."""

    expected: int
    handed_in: int
    begun: int

    @property
    def missing(self) -> int:
        return self.expected - self.handed_in


@dataclass(frozen=True)
class Row:
    juror: Juror
    cells: tuple[Cell, ...]
    progress: Progress
    is_expected: bool


@dataclass(frozen=True)
class Column:
    submission: Submission
    slot: Slot | None
    progress: Progress


@dataclass(frozen=True)
class Board:
    """The grid juror × submission; `progress` counts the whole panel, whatever part of it is shown."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    progress: Progress
    recusals: tuple[Recusal, ...]


@dataclass(frozen=True)
class Quorum:
    present: int
    voices: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed


def quorum(jurors: Sequence[Juror], panel: Panel) -> Quorum:
    """Who of the voices is present, against the panel's quorum."""
    voices = [juror for juror in jurors if juror.has_voice]
    return Quorum(sum(juror.is_present for juror in voices), len(voices), panel.quorum)


def jurors_of(panel: Panel) -> list[Juror]:
    """The jurors, the chair first, with the persons."""
    return list(Juror.objects.filter(panel=panel).select_related("user"))


def board(panel: Panel, jurors: Sequence[Juror], submissions: Sequence[Submission]) -> Board:
    """Who has done what about `submissions`, for the jurors with a voice.

    Six statements whatever the size; the cells are those of the submissions given, in the running order where there
    is one. Once presence is taken in a finale, nothing is expected from those who are absent.
    """
    slots = {slot.submission_id: slot for slot in Slot.objects.filter(panel=panel)}
    shown = sorted(submissions, key=lambda one: (slots[one.pk].order if one.pk in slots else 0, one.number or ""))
    recusals = list(recusals_of(panel))
    voices = [juror for juror in jurors if juror.has_voice]
    due = _due(panel, voices)
    cells = _cells(panel, voices, shown, due)
    rows = tuple(
        Row(juror, tuple(cells[juror.pk, one.pk] for one in shown), _progress_of(cells, juror=juror.pk), juror in due)
        for juror in voices
    )
    columns = tuple(Column(one, slots.get(one.pk), _progress_of(cells, submission=one.pk)) for one in shown)
    return Board(columns, rows, progress(panel, jurors), tuple(recusals))


def _due(panel: Panel, voices: Sequence[Juror]) -> list[Juror]:
    """Those from whom sheets are expected: everyone with a voice or, in a finale, those marked as present."""
    present = [juror for juror in voices if juror.is_present]
    return present if present and panel.stage == Panel.Stage.FINALE else list(voices)


Pair = tuple[int, object]


def _cells(
    panel: Panel,
    voices: Sequence[Juror],
    shown: Sequence[Submission],
    due: Sequence[Juror],
) -> dict[Pair, Cell]:
    asked = set(Assignment.objects.filter(juror__in=due, submission__in=shown).values_list("juror", "submission"))
    aside = conflicts(panel, [one.pk for one in shown])
    sheets = Sheet.objects.filter(juror__panel=panel, submission__in=shown)
    begun = {(juror, one): state for juror, one, state in sheets.values_list("juror", "submission", "state")}
    return {(juror.pk, one.pk): _cell((juror.pk, one.pk), asked, begun, aside) for juror in voices for one in shown}


def _cell(pair: Pair, asked: set[Pair], begun: dict[Pair, str], aside: set[Any]) -> Cell:
    if (pair[1], pair[0]) in aside:
        return Cell.RECUSED
    if begun.get(pair) == SheetState.HANDED_IN:
        return Cell.HANDED_IN
    if pair not in asked:
        return Cell.NONE
    return Cell.DRAFT if pair in begun else Cell.EMPTY


def _progress_of(cells: dict[Pair, Cell], juror: int = 0, submission: object = None) -> Progress:
    mine = Counter(cell for pair, cell in cells.items() if pair[0] == juror or pair[1] == submission)
    handed_in, begun = mine[Cell.HANDED_IN], mine[Cell.DRAFT]
    return Progress(expected=handed_in + begun + mine[Cell.EMPTY], handed_in=handed_in, begun=begun)


def progress(panel: Panel, jurors: Sequence[Juror]) -> Progress:
    """Sheets handed in, begun and expected over the whole panel, recusals and absentees left out: two statements."""
    due = _due(panel, [juror for juror in jurors if juror.has_voice])
    asked = duties(panel).filter(juror__in=due)
    sheets = Sheet.objects.filter(juror__in=due).lasting().free()
    states = dict(sheets.order_by().values_list("state").annotate(n=Count("pk")))
    handed_in, begun = states.get(SheetState.HANDED_IN, 0), states.get(SheetState.DRAFT, 0)
    return Progress(expected=asked.count(), handed_in=handed_in, begun=begun)
