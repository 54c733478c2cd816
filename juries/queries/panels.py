"""Panels, seats and loads as their organisers see them: completeness, never a mark."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bethune_smartcity.accounts.rules import is_agent
from calls.models import CallAgent, Criterion, Submission
from calls.workflow import SubmissionState
from juries.models import Assignment, Juror, Panel, Recusal, Sheet
from juries.workflow import SheetState

IN_SCOPE = {
    Panel.Stage.READING: SubmissionState.ADMISSIBLE,
    Panel.Stage.FINALE: SubmissionState.SHORTLISTED,
}


def visible_panels(user: Any) -> QuerySet[Panel]:
    """The panels `user` sits on, or organises as an agent of the call; people of an applicant organise nothing."""
    aside = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    seats = Juror.objects.filter(~Exists(aside), panel=OuterRef("pk"), user=user)
    shown = Q(Exists(seats))
    if is_agent(user):
        right = CallAgent.objects.filter(call=OuterRef("call"), user=user, right=CallAgent.Right.JURY)
        own = Submission.objects.filter(call=OuterRef("call"), structure__memberships__user=user)
        shown |= Exists(right) & ~Exists(own.exclude(state=SubmissionState.WITHDRAWN))
    return Panel.objects.filter(shown).select_related("call")


def candidates(panel: Panel) -> QuerySet[Submission]:
    """What the panel has to weigh now: admissible applications for a reading, finalists for a finale."""
    return panel.call.submissions.filter(state=IN_SCOPE[Panel.Stage(panel.stage)]).order_by("number")


def criteria_of(panel: Panel) -> QuerySet[Criterion]:
    """The criteria of the panel's stage, in the order of the rules."""
    return Criterion.objects.filter(call=panel.call_id, stage=panel.stage)


def conflicts(panel: Panel, submissions: Iterable[Any] | None = None) -> set[tuple[Any, int]]:
    """(submission, juror) keys that may never meet: declared recusals, and members of the applicant.

    A recusal of the whole session names every application. `submissions` limits the answer to those keys.
    """
    applications = panel.call.submissions.all()
    if submissions is not None:
        applications = applications.filter(pk__in=submissions)
    structures = dict(applications.values_list("pk", "structure"))
    declared = list(Recusal.objects.filter(juror__panel=panel).values_list("submission", "juror"))
    aside = {juror for submission, juror in declared if submission is None}
    members = set(
        Juror.objects.filter(panel=panel, user__memberships__structure__in=set(structures.values())).values_list(
            "user__memberships__structure", "pk"
        )
    )
    found = {(submission, juror) for submission, juror in declared if submission in structures}
    found |= {(submission, juror) for submission in structures for juror in aside}
    return found | {(pk, juror) for pk, own in structures.items() for structure, juror in members if structure == own}


@dataclass(frozen=True, slots=True)
class Cell:
    """One juror and one application: `state` is none, empty, draft, handed_in or recused."""

    juror: Juror
    state: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class BoardRow:
    submission: Submission
    cells: list[Cell]

    @property
    def expected(self) -> int:
        return sum(cell.state in {"empty", "draft", "handed_in"} for cell in self.cells)

    @property
    def handed_in(self) -> int:
        return sum(cell.state == "handed_in" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Load:
    """What a juror has to read and has handed in."""

    juror: Juror
    expected: int
    handed_in: int

    @property
    def is_done(self) -> bool:
        return self.expected == self.handed_in


@dataclass(frozen=True, slots=True)
class Board:
    """Completeness of a panel, juror × application. Nothing on it depends on a mark."""

    loads: list[Load]
    page: Page[Submission]
    rows: list[BoardRow]

    @property
    def jurors(self) -> list[Juror]:
        return [load.juror for load in self.loads]

    @property
    def expected(self) -> int:
        return sum(load.expected for load in self.loads)

    @property
    def handed_in(self) -> int:
        return sum(load.handed_in for load in self.loads)

    @property
    def missing(self) -> int:
        return self.expected - self.handed_in


def duties(panel: Panel) -> QuerySet[Assignment]:
    """The readings in force: of jurors with a voice who do not stand aside, of applications still there."""
    return Assignment.objects.free().lasting().filter(juror__panel=panel, juror__has_voice=True)


def loads(panel: Panel) -> list[Load]:
    """Each juror of the panel with a count of readings and of sheets handed in. Four statements."""
    handed_in = Sheet.objects.filter(
        juror=OuterRef("juror"), submission=OuterRef("submission"), state=SheetState.HANDED_IN
    )
    counts = {
        row["juror"]: (row["expected"], row["done"])
        for row in duties(panel)
        .values("juror")
        .annotate(expected=Count("pk"), done=Count("pk", filter=Exists(handed_in)))
    }
    seats = panel.jurors.select_related("user").prefetch_related("expertise__pillar")
    return [Load(juror, *counts.get(juror.pk, (0, 0))) for juror in seats]


def shown_on_board(panel: Panel, viewer: Any) -> QuerySet[Submission]:
    """The applications of the board: those to weigh or read already, without those `viewer` stands aside from."""
    read = Assignment.objects.filter(juror__panel=panel, submission=OuterRef("pk"))
    aside = Recusal.objects.filter(juror__panel=panel, juror__user=viewer, submission=OuterRef("pk"))
    state = IN_SCOPE[Panel.Stage(panel.stage)]
    return (
        panel.call.submissions.filter(Q(state=state) | Exists(read), ~Exists(aside))
        .exclude(state=SubmissionState.WITHDRAWN)
        .select_related("pillar")
        .order_by("number")
    )


def board(panel: Panel, viewer: Any, *, number: Any = 1, per_page: int = 50) -> Board:
    """The board of `panel` as `viewer` may see it, page `number` of its applications. Statements do not grow."""
    seats = loads(panel)
    page = Paginator(shown_on_board(panel, viewer), per_page).get_page(number)
    submissions = list(page.object_list)
    keys = [submission.pk for submission in submissions]
    pairs = {
        (row.submission_id, row.juror_id): row
        for row in Assignment.objects.filter(juror__panel=panel, submission__in=keys)
    }
    states = {
        (submission, juror): state
        for submission, juror, state in Sheet.objects.filter(juror__panel=panel, submission__in=keys).values_list(
            "submission", "juror", "state"
        )
    }
    aside = conflicts(panel, keys)
    rows = []
    for submission in submissions:
        cells = []
        for load in seats:
            key = (submission.pk, load.juror.pk)
            cells.append(Cell(load.juror, _state(key, pairs, states, aside), by_hand=_by_hand(pairs.get(key))))
        rows.append(BoardRow(submission, cells))
    return Board(seats, page, rows)


def _state(
    key: tuple[Any, int], pairs: dict[tuple[Any, int], Assignment], states: dict[tuple[Any, int], str], aside: set[Any]
) -> str:
    if key in aside:
        return "recused"
    if key not in pairs:
        return "none"
    return states.get(key, "empty")


def _by_hand(assignment: Assignment | None) -> bool:
    return assignment is not None and assignment.origin == Assignment.Origin.HAND


def recusals_of(panel: Panel) -> QuerySet[Recusal]:
    """The recusals of the panel, last declared first."""
    return (
        Recusal.objects.filter(juror__panel=panel)
        .select_related("juror__user", "juror__panel__call", "submission")
        .order_by("-declared_at", "-pk")
    )
