"""How far a panel is, juror by application, as its organisers see it: completeness, never a mark."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from bethune_smartcity.core.language import said
from bethune_smartcity.core.pages import counted_page
from calls.models import Submission
from calls.workflow import SubmissionState
from juries.left_to_read import ToRead, to_read
from juries.models import Assignment, Expertise, Juror, Panel, Recusal, Sheet, Wish
from juries.queries.panels import IN_SCOPE, due_jurors, duties, recusals_of, unfinished
from juries.workflow import SheetState

MEMBER = "member"
Key = tuple[Any, int]
"""(submission, juror)"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One juror and one application: `state` is none, empty, draft, handed_in, abstained or recused.

    `reason`: why the juror abstains, in their words.
    """

    juror: Juror
    state: str
    by_hand: bool = False
    is_due: bool = True
    reason: str = ""

    @property
    def is_expected(self) -> bool:
        return self.state == "handed_in" or (self.is_due and self.state in {"empty", "draft"})


@dataclass(frozen=True, slots=True)
class BoardRow:
    submission: Submission
    cells: list[Cell]

    @property
    def expected(self) -> int:
        return sum(
            cell.state == "handed_in" or (cell.is_due and cell.state in {"empty", "draft"}) for cell in self.cells
        )

    @property
    def handed_in(self) -> int:
        return sum(cell.state == "handed_in" for cell in self.cells)

    @property
    def abstentions(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.state == "abstained"]


@dataclass(frozen=True, slots=True)
class Leaning:
    """A juror and a pillar: `kind` is primary or secondary (what they know), wants or avoids (what they wish)."""

    kind: str
    pillar: str


@dataclass(frozen=True, slots=True)
class Load:
    """What a juror has to read and has handed in, what they know and what they wish."""

    juror: Juror
    expected: int
    handed_in: int
    leanings: tuple[Leaning, ...] = ()

    @property
    def knows(self) -> list[Leaning]:
        return [each for each in self.leanings if each.kind in Expertise.Level.values]

    @property
    def wants(self) -> list[str]:
        return [each.pillar for each in self.leanings if each.kind == Wish.Kind.WANTS]

    @property
    def avoids(self) -> list[str]:
        return [each.pillar for each in self.leanings if each.kind == Wish.Kind.AVOIDS]

    @property
    def is_done(self) -> bool:
        return self.expected == self.handed_in


@dataclass(frozen=True, slots=True)
class Board:
    """Completeness of a panel, juror × application. Nothing on it depends on a mark."""

    loads: list[Load]
    page: Page[Submission]
    rows: list[BoardRow]
    recusals: list[Recusal]

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

    @property
    def abstentions(self) -> list[tuple[Submission, Cell]]:
        """Who abstains from what, among the applications of this page."""
        return [(row.submission, cell) for row in self.rows for cell in row.abstentions]


def loads(panel: Panel, viewer: Any) -> list[Load]:
    """Each juror of the panel with counts of readings and of sheets handed in, as `viewer` may know them.

    Once presence is taken in a finale, nothing more is expected from those who are absent. Two statements.
    """
    handed_in = Sheet.objects.filter(
        juror=OuterRef("juror"), submission=OuterRef("submission"), state=SheetState.HANDED_IN
    )
    own = duties(panel, viewer).filter(juror=OuterRef("pk"))
    seats = panel.jurors.select_related("user", "stands_in_for__user").annotate(
        expected=_counted(own), done=_counted(own.filter(Exists(handed_in)))
    )
    found, leanings = list(seats), _leanings(panel)
    due = {juror.pk for juror in due_jurors(panel, found)}
    return [
        Load(juror, juror.expected if juror.pk in due else juror.done, juror.done, tuple(leanings.get(juror.pk, ())))
        for juror in found
    ]


def _leanings(panel: Panel) -> dict[int, list[Leaning]]:
    """What each juror of the panel knows and wishes, by the key of their seat, in the order of the pillars."""

    def rows(model: type[Expertise | Wish], kind: str) -> QuerySet[Any, Any]:
        own = model.objects.filter(juror__panel=panel).order_by()
        return own.values_list("juror", kind, "pillar__order", said("pillar__name"))

    known = rows(Expertise, "level").union(rows(Wish, "kind"), all=True)
    found: dict[int, list[Leaning]] = {}
    for juror, kind, _order, name in sorted(known, key=lambda row: row[2:]):
        found.setdefault(juror, []).append(Leaning(kind, name))
    return found


def sheets_left(panel: Panel) -> dict[int, int]:
    """How many sheets each late juror has still to hand in, by the key of their seat. Two statements."""
    waiting = unfinished(duties(panel)).filter(juror__in=due_jurors(panel, panel.jurors.all()))
    return dict(waiting.order_by().values("juror").annotate(n=Count("pk")).values_list("juror", "n"))


def readings_left(panel: Panel, juror: Juror) -> list[ToRead]:
    """The applications whose sheets `juror` has still to hand in. Two statements."""
    waiting = unfinished(duties(panel)).filter(juror__in=due_jurors(panel, panel.jurors.filter(pk=juror.pk)))
    return to_read(waiting)[juror.user_id]


def _counted(rows: QuerySet[Assignment]) -> Coalesce:
    counts = rows.order_by().values("juror").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


def shown_on_board(panel: Panel, viewer: Any) -> QuerySet[Submission]:
    """The applications of the board: those to weigh or read already, without those `viewer` stands aside from."""
    read = Assignment.objects.filter(juror__panel=panel, submission=OuterRef("pk"))
    aside = Recusal.objects.filter(juror__user=viewer, submission=OuterRef("pk"))
    state = IN_SCOPE[Panel.Stage(panel.stage)]
    return (
        panel.call.submissions.filter(Q(state=state) | Exists(read), ~Exists(aside))
        .exclude(state=SubmissionState.WITHDRAWN)
        .order_by("number")
    )


def board(panel: Panel, viewer: Any, *, number: Any = 1, per_page: int = 50) -> Board:
    """The board of `panel` as `viewer` may see it, page `number` of its applications. Five statements."""
    seats, recusals = loads(panel, viewer), list(recusals_of(panel, viewer))
    page = counted_page(shown_on_board(panel, viewer), number, per_page)
    submissions = list(page.object_list)
    states = _states(panel, [submission.pk for submission in submissions])
    aside = {(recusal.submission_id, recusal.seat) for recusal in recusals}
    whole = {seat for submission, seat in aside if submission is None}
    for key, (origin, _state, _reason) in states.items():
        if origin == MEMBER:
            aside.add(key)

    def cell(submission: Submission, juror: Juror) -> Cell:
        key = (submission.pk, juror.pk)
        if juror.pk in whole or key in aside:
            return Cell(juror, "recused")
        origin, state, reason = states.get(key, ("", "none", ""))
        by_hand = origin == Assignment.Origin.HAND
        return Cell(juror, state or "empty", by_hand=by_hand, is_due=juror.pk in due, reason=reason or "")

    jurors = [load.juror for load in seats]
    due = {juror.pk for juror in due_jurors(panel, jurors)}
    rows = [BoardRow(submission, [cell(submission, juror) for juror in jurors]) for submission in submissions]
    return Board(seats, page, rows, recusals)


def _states(panel: Panel, submissions: Iterable[Any]) -> dict[Key, tuple[str, str | None, str | None]]:
    """Per (submission, juror): where the reading comes from, its sheet's state and the reason of an abstention;
    members of an applicant last.
    """
    keys = list(submissions)
    asked = (
        Assignment.objects.filter(juror__panel=panel, submission__in=keys)
        .annotate(own=FilteredRelation("submission__sheets", condition=Q(submission__sheets__juror=F("juror"))))
        .values_list("submission_id", "juror_id", "origin", "own__state", "own__abstained_for")
    )
    members = (
        Submission.objects.filter(pk__in=keys, structure__memberships__user__juries__panel=panel)
        .order_by()
        .values_list("pk", "structure__memberships__user__juries", Value(MEMBER), Value(""), Value("", TextField()))
    )
    rows = sorted(asked.union(members, all=True), key=lambda row: row[2] == MEMBER)
    return {(submission, juror): told for submission, juror, *told in rows}
