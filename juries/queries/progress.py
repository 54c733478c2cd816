"""How far a panel is, juror by application, as its organisers see it: completeness, never a mark."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
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
from juries.queries.standings import current_standing
from juries.scoring.readings import balanced_loads
from juries.workflow import SETTLED, SheetState

MEMBER, PILLAR = "member", "pillar"
Key = tuple[Any, int]
"""(submission, juror)"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One juror and one application: `state` is none, empty, draft, handed_in, abstained or recused.

    `reason`: why the juror abstains, in their words. `match`: what the juror knows of its pillars, primary (at home in
    the main one), secondary (acquainted with it, or with another of them) or nothing.
    """

    juror: Juror
    state: str
    by_hand: bool = False
    is_due: bool = True
    reason: str = ""
    match: str = ""

    @property
    def is_expected(self) -> bool:
        return self.state == "handed_in" or (self.is_due and self.state in {"empty", "draft"})


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An application, its pillars (the main one first), and its cells in the order of the jurors."""

    submission: Submission
    cells: list[Cell]
    pillars: tuple[str, ...] = ()

    @property
    def expected(self) -> int:
        return sum(cell.is_expected for cell in self.cells)

    @property
    def insiders(self) -> int:
        """How many of its readers know one of its pillars."""
        return sum(cell.is_expected and bool(cell.match) for cell in self.cells)

    @property
    def outsiders(self) -> int:
        return self.expected - self.insiders

    @property
    def handed_in(self) -> int:
        return sum(cell.state == "handed_in" for cell in self.cells)

    @property
    def abstentions(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.state == "abstained"]


@dataclass(frozen=True, slots=True)
class Leaning:
    """A juror and a pillar, by its name and key: `kind` is primary or secondary (what they know), wants or avoids
    (what they wish).
    """

    kind: str
    pillar: str
    key: int


@dataclass(frozen=True, slots=True)
class Load:
    """What a juror has to read and has handed in, what they know and what they wish.

    `most`: how many readings a balanced plan gives them at most; None where loads are not balanced.
    """

    juror: Juror
    expected: int
    handed_in: int
    leanings: tuple[Leaning, ...] = ()
    most: int | None = None

    @property
    def is_over(self) -> bool:
        return self.most is not None and self.expected > self.most

    @property
    def knows(self) -> list[Leaning]:
        return [each for each in self.leanings if each.kind in Expertise.Level.values]

    def match(self, main: int | None, others: Collection[int]) -> str:
        """What the juror knows of an application's pillars: primary or secondary of the main one, secondary of
        another, or nothing.
        """
        levels = {each.key: each.kind for each in self.knows}
        beside = Expertise.Level.SECONDARY if levels.keys() & set(others) else ""
        return levels.get(main, beside) if main is not None else beside

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
    """Completeness of a panel, juror × application. Nothing on it depends on a mark.

    `wanted`: how many readers each application is to have; 0 where nothing was planned, and in a finale.
    """

    loads: list[Load]
    page: Page[Submission]
    rows: list[BoardRow]
    recusals: list[Recusal]
    wanted: int = 0

    @property
    def is_sided(self) -> bool:
        """Whether anything is known of what the jurors know: without it nobody is inside or outside."""
        return any(load.knows for load in self.loads)

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


def share_of(juror: Juror) -> float:
    """The share of the readings a juror takes."""
    return 0.5 if juror.half_time else 1.0


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
        return own.values_list("juror", kind, "pillar__order", said("pillar__name"), "pillar")

    known = rows(Expertise, "level").union(rows(Wish, "kind"), all=True)
    found: dict[int, list[Leaning]] = {}
    for juror, kind, _order, name, key in sorted(known, key=lambda row: row[2:]):
        found.setdefault(juror, []).append(Leaning(kind, name, key))
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
        .select_related("pillar")
        .order_by("number")
    )


def board(panel: Panel, viewer: Any, *, number: Any = 1, per_page: int = 50) -> Board:
    """The board of `panel` as `viewer` may see it, page `number` of its applications. Five statements."""
    seats, recusals = loads(panel, viewer), list(recusals_of(panel, viewer))
    page = counted_page(shown_on_board(panel, viewer), number, per_page)
    submissions = list(page.object_list)
    states, others = _states(panel, [submission.pk for submission in submissions])
    aside = {(recusal.submission_id, recusal.seat) for recusal in known_when_decided(panel, recusals)}
    whole = {seat for submission, seat in aside if submission is None}
    for key, (origin, _state, _reason) in states.items():
        if origin == MEMBER:
            aside.add(key)

    def cell(submission: Submission, load: Load) -> Cell:
        juror = load.juror
        key = (submission.pk, juror.pk)
        match = load.match(submission.pillar_id, others.get(submission.pk, {}))
        if juror.pk in whole or key in aside:
            return Cell(juror, "recused", match=match)
        origin, state, reason = states.get(key, ("", "none", ""))
        by_hand = origin == Assignment.Origin.HAND
        return Cell(juror, state or "empty", by_hand, juror.pk in due, reason or "", match)

    due = {juror.pk for juror in due_jurors(panel, [load.juror for load in seats])}
    rows = [
        BoardRow(one, [cell(one, load) for load in seats], _pillars_of(one, others.get(one.pk, {})))
        for one in submissions
    ]
    wanted = _wanted(panel, seats)
    return Board(_bounded(panel, seats, page.paginator.count * wanted), page, rows, recusals, wanted)


def known_when_decided(panel: Panel, recusals: list[Recusal]) -> list[Recusal]:
    """Those of `recusals` that count: once the panel has decided, without those declared since its standing was frozen.
    One statement then, none before.
    """
    if panel.state not in SETTLED:
        return recusals
    frozen = current_standing(panel)
    return [one for one in recusals if frozen is None or one.declared_at <= frozen.at]


def _wanted(panel: Panel, seats: list[Load]) -> int:
    """How many readers each application is to have: none before a plan, nor in a finale."""
    if panel.stage == Panel.Stage.FINALE or not any(load.expected for load in seats):
        return 0
    return min(panel.readings, sum(load.juror.has_voice for load in seats))


def _bounded(panel: Panel, seats: list[Load], readings: int) -> list[Load]:
    """The loads, each with its most in a balanced plan of `readings`; a second reading is given beside it."""
    voices = [load for load in seats if load.juror.has_voice]
    if not readings or not voices or panel.second_begun_at is not None:
        return seats
    left = sum(load.handed_in for load in seats if not load.juror.has_voice)
    shares = [share_of(load.juror) for load in voices]
    _least, most = balanced_loads(max(0, readings - left), shares)
    bounds = dict(zip((load.juror.pk for load in voices), most, strict=True))
    return [replace(load, most=bounds.get(load.juror.pk)) for load in seats]


def _pillars_of(submission: Submission, others: Mapping[int, str]) -> tuple[str, ...]:
    main = [str(submission.pillar.name)] if submission.pillar else []
    return (*main, *(name for key, name in others.items() if key != submission.pillar_id))


Told = tuple[str, str | None, str | None]


def _states(panel: Panel, submissions: Iterable[Any]) -> tuple[dict[Key, Told], dict[Any, dict[int, str]]]:
    """Per (submission, juror): where the reading comes from, its sheet's state and the reason of an abstention; and
    per submission its other pillars, by their keys. One statement.
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
    beside = (
        Submission.objects.filter(pk__in=keys, other_pillars__isnull=False)
        .order_by()
        .values_list("pk", "other_pillars", Value(PILLAR), Value(""), said("other_pillars__name"))
    )
    states: dict[Key, Told] = {}
    others: dict[Any, dict[int, str]] = {}
    # Who belongs to the applicant comes last: it outweighs a reading.
    for submission, key, origin, *told in sorted(
        asked.union(members, beside, all=True), key=lambda row: (row[2] == MEMBER, row[1])
    ):
        if origin == PILLAR:
            others.setdefault(submission, {})[key] = told[1]
        else:
            states[submission, key] = (origin, *told)
    return states, others
