"""The chair's board before the marks are known: who handed in what, who is there. Nothing here reads a mark."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.paginator import Page
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core.pages import counted_page, page_among
from bethune_smartcity.core.search import folded
from calls.models import Submission
from juries.models import Assignment, Juror, Panel, Sheet, Slot
from juries.queries.finalists import before_finale, slot_of
from juries.queries.panels import AGAIN, NO_KEY, asked, due_jurors, read_again
from juries.queries.progress import shown_on_board
from juries.workflow import SheetState

PER_PAGE = 50


class Mark(StrEnum):
    """What a juror has done about a submission: a shape and a word, never a value."""

    EMPTY = "empty"
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    ABSTAINED = "abstained"
    RECUSED = "recused"
    NONE = "none"

    @property
    def label(self) -> str:
        return str(SHAPES[self][1])

    @property
    def shape(self) -> str:
        return SHAPES[self][0]

    @property
    def tone(self) -> str:
        return SHAPES[self][2]


SHAPES = {
    Mark.EMPTY: ("circle", _("empty"), ""),
    Mark.DRAFT: ("circle-half", _("begun"), "half"),
    Mark.HANDED_IN: ("circle-fill", _("handed in"), "full"),
    Mark.ABSTAINED: ("dash-circle", _("abstains"), "half"),
    Mark.RECUSED: ("slash-circle", _("stands aside"), "out"),
    Mark.NONE: ("dash", _("no sheet expected"), ""),
}


@dataclass(frozen=True)
class Progress:
    """Sheets handed in and begun, out of those expected; abstentions are beside."""

    expected: int
    handed_in: int
    begun: int
    abstained: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.handed_in


@dataclass(frozen=True)
class JurorRow:
    juror: Juror
    marks: tuple[Mark, ...]
    progress: Progress
    is_due: bool


@dataclass(frozen=True)
class Column:
    """A submission of the grid, with its place in the running order where there is one."""

    submission: Submission
    progress: Progress


@dataclass(frozen=True)
class Abstention:
    """A juror who cannot judge a submission, and why in their words."""

    juror: Juror
    submission: Submission
    reason: str


@dataclass(frozen=True)
class Grid:
    """Juror × submission: one page of submissions and its abstentions; `progress` counts the whole panel.

    `again`: the applications of a second reading, as its viewer may know them. `slots`: the running order of a finale,
    with those of the submissions its viewer stands aside from.
    """

    page: Page[Submission]
    columns: tuple[Column, ...]
    rows: tuple[JurorRow, ...]
    progress: Progress
    abstentions: tuple[Abstention, ...] = ()
    again: tuple[Submission, ...] = ()
    slots: tuple[Slot, ...] = ()


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


def grid(panel: Panel, viewer: Any, jurors: Sequence[Juror], *, number: Any = 1) -> Grid:
    """Who has done what about page `number` of the submissions, in the running order where there is one.

    `jurors` come from `jurors_of`. Once presence is taken in a finale, nothing is expected from those who are absent.
    Two statements.
    """
    slots: list[Slot] = []
    if panel.stage == Panel.Stage.FINALE:
        page, slots = _pitched(panel, viewer, number)
    else:
        page = counted_page(shown_on_board(panel, viewer), number, PER_PAGE)
    shown = list(page.object_list)
    voices = [juror for juror in jurors if juror.has_voice or juror.left_at is not None]
    due, alone = due_jurors(panel, voices), not page.has_other_pages()
    told = _told(panel, viewer, shown, whole=not alone)
    marks = _marks(told, voices, shown, {juror.pk for juror in due})
    rows = tuple(
        JurorRow(juror, tuple(marks[juror.pk, one.pk] for one in shown), _count(marks, juror=juror.pk), juror in due)
        for juror in voices
    )
    columns = tuple(Column(one, _count(marks, submission=one.pk)) for one in shown)
    whole = _sum(column.progress for column in columns) if alone else _whole(told, {juror.pk for juror in due})
    given_up = [(juror, one) for one in shown for juror in voices if marks[juror.pk, one.pk] == Mark.ABSTAINED]
    abstentions = tuple(Abstention(juror, one, told.reasons[juror.pk, one.pk]) for juror, one in given_up)
    return Grid(page, columns, rows, whole, abstentions, tuple(told.again), tuple(slots))


def _pitched(panel: Panel, viewer: Any, number: Any) -> tuple[Page[Submission], list[Slot]]:
    """A page of a finale's submissions in the running order, and the whole order. One statement."""
    found = before_finale(panel, viewer)
    slots = sorted((slot for one in found if (slot := slot_of(one))), key=lambda slot: slot.order)
    for one in found:
        slot, word = slot_of(one), getattr(one, "word", None)
        one.pitch_order, one.pitch_at = (slot.order, slot.starts_at) if slot else (None, None)
        one.comes, one.deck_sent_at = (word.state, word.deck_sent_at) if word else (None, None)
    shown = [one for one in found if one.is_shown]
    shown.sort(key=lambda one: (one.pitch_order is None, one.pitch_order or 0))
    return page_among(shown, number, PER_PAGE), slots


Pair = tuple[int, Any]
READ, COUNTED = "read", "counted"


@dataclass
class _Told:
    """What one statement tells of a panel: of each reading of the page its sheet and whether the juror is a member of
    the applicant, and why those who abstain do; of the whole panel how many sheets of each juror are in each state.
    """

    sheets: dict[Pair, tuple[str | None, bool]] = field(default_factory=dict)
    reasons: dict[Pair, str] = field(default_factory=dict)
    counts: list[tuple[int, str, int]] = field(default_factory=list)
    again: list[Submission] = field(default_factory=list)


def _told(panel: Panel, viewer: Any, shown: Sequence[Submission], *, whole: bool) -> _Told:
    """What there is to tell beside a page of submissions; `whole`: sheets are counted in the panel. One statement."""
    parts = [_counted(panel, viewer)] if whole else []
    parts += [read_again(panel, viewer, Value(0))] if panel.second_begun_at is not None else []
    told = _Told()
    for kind, juror, submission, state, words, n in _readings(panel, shown).union(*parts, all=True):
        if kind == AGAIN:
            told.again.append(Submission(pk=submission, number=state, title=words))
        elif kind == COUNTED:
            told.counts.append((juror, state or "", n))
        else:
            told.sheets[juror, submission] = (state, bool(n))
            told.reasons |= {(juror, submission): words} if words else {}
    told.again.sort(key=lambda one: folded(one.title))
    return told


def _readings(panel: Panel, shown: Sequence[Submission]) -> QuerySet[Any, Any]:
    sheet = Sheet.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
    member = Membership.objects.filter(user=OuterRef("juror__user"), structure=OuterRef("submission__structure"))
    own = (Subquery(sheet.values(name)[:1]) for name in ("state", "abstained_for"))
    readings = Assignment.objects.filter(juror__panel=panel, submission__in=shown).order_by()
    return readings.values_list(Value(READ), "juror", "submission", *own, Cast(Exists(member), IntegerField()))


def _counted(panel: Panel, viewer: Any) -> QuerySet[Any, Any]:
    own = FilteredRelation("submission__sheets", condition=Q(submission__sheets__juror=F("juror")))
    rows = asked(panel, viewer).annotate(own=own).order_by().values("juror", "own__state").annotate(n=Count("pk"))
    return rows.values_list(Value(COUNTED), "juror", NO_KEY, "own__state", Value("", TextField()), "n")


def _whole(told: _Told, due: set[int]) -> Progress:
    """What `progress` says, from what was counted."""
    rows = [(juror in due, state, n) for juror, state, n in told.counts]
    handed_in = sum(n for _due, state, n in rows if state == SheetState.HANDED_IN)
    abstained = sum(n for _due, state, n in rows if state == SheetState.ABSTAINED)
    begun = sum(n for is_due, state, n in rows if is_due and state == SheetState.DRAFT)
    empty = sum(n for is_due, state, n in rows if is_due and not state)
    return Progress(expected=handed_in + begun + empty, handed_in=handed_in, begun=begun, abstained=abstained)


def _marks(told: _Told, voices: Sequence[Juror], shown: Sequence[Submission], due: set[int]) -> dict[Pair, Mark]:
    """What each juror has done about each submission."""
    found = {pair: _mark(*sheet, pair[0] in due) for pair, sheet in told.sheets.items()}
    aside = {(juror.pk, recusal.submission) for juror in voices for recusal in juror.asides}
    return {
        (juror.pk, one.pk): (
            Mark.RECUSED
            if (juror.pk, one.pk) in aside or (juror.pk, None) in aside
            else found.get((juror.pk, one.pk), Mark.NONE)
        )
        for juror in voices
        for one in shown
    }


def _mark(state: str | None, is_member: bool, is_due: bool) -> Mark:
    if is_member:
        return Mark.RECUSED
    if state == SheetState.HANDED_IN:
        return Mark.HANDED_IN
    if state == SheetState.ABSTAINED:
        return Mark.ABSTAINED
    if not is_due:
        return Mark.NONE
    return Mark.EMPTY if state is None else Mark.DRAFT


def _count(marks: dict[Pair, Mark], juror: int = 0, submission: Any = None) -> Progress:
    mine = Counter(mark for pair, mark in marks.items() if pair[0] == juror or pair[1] == submission)
    handed_in, begun = mine[Mark.HANDED_IN], mine[Mark.DRAFT]
    expected = handed_in + begun + mine[Mark.EMPTY]
    return Progress(expected=expected, handed_in=handed_in, begun=begun, abstained=mine[Mark.ABSTAINED])


def _sum(parts: Iterable[Progress]) -> Progress:
    found = list(parts)
    return Progress(
        expected=sum(part.expected for part in found),
        handed_in=sum(part.handed_in for part in found),
        begun=sum(part.begun for part in found),
        abstained=sum(part.abstained for part in found),
    )


def progress(panel: Panel, jurors: Sequence[Juror], viewer: Any = None) -> Progress:
    """Sheets handed in, begun and expected over the whole panel, or of it what `viewer` may know. One statement.

    Recusals are left out and, of those who are absent, all but what they handed in or abstain from.
    """
    sheet = Sheet.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
    read = asked(panel, viewer).annotate(
        sheet_state=Coalesce(Subquery(sheet.values("state")[:1]), Value(""), output_field=CharField())
    )
    is_due, handed_in = Q(juror__in=due_jurors(panel, jurors)), Q(sheet_state=SheetState.HANDED_IN)
    abstained = Q(sheet_state=SheetState.ABSTAINED)
    return Progress(
        **read.aggregate(
            expected=Count("pk", filter=(is_due & ~abstained) | handed_in),
            handed_in=Count("pk", filter=handed_in),
            begun=Count("pk", filter=is_due & Q(sheet_state=SheetState.DRAFT)),
            abstained=Count("pk", filter=abstained),
        )
    )
