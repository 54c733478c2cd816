"""How far a panel is, juror by application, as its organisers see it: completeness, never a mark."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, TextField, Value

from bethune_smartcity.core.language import said
from bethune_smartcity.core.pages import counted_page, page_among
from bethune_smartcity.core.search import folded
from calls.models import Submission
from calls.workflow import SubmissionState
from juries.left_to_read import ToRead, to_read
from juries.models import Assignment, Expertise, Juror, Panel, Recusal, Sheet, Wish
from juries.queries.panels import AGAIN, IN_SCOPE, NO_KEY, due_jurors, duties, frozen_at, read_again, unfinished
from juries.queries.seats import jurors_of, recusals_among
from juries.scoring.readings import balanced_loads
from juries.workflow import SheetState

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
    def has_others(self) -> bool:
        """Whether some jurors neither read it nor stand aside from it."""
        return any(cell.state == "none" for cell in self.cells)

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

    `wanted`: how many readers each application is to have; 0 where nothing was planned, and in a finale. `again`: the
    applications of a second reading, as its viewer may know them.
    """

    loads: list[Load]
    page: Page[Submission]
    rows: list[BoardRow]
    recusals: list[Recusal]
    wanted: int = 0
    again: tuple[Submission, ...] = ()

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


def _loads(panel: Panel, jurors: Iterable[Juror], told: "_Told") -> list[Load]:
    """Each juror of the panel with counts of readings and of sheets handed in.

    Once presence is taken in a finale, nothing more is expected from those who are absent.
    """
    found = list(jurors)
    due, none = {juror.pk for juror in due_jurors(panel, found)}, (0, 0)
    return [
        Load(
            juror,
            told.counts.get(juror.pk, none)[0 if juror.pk in due else 1],
            told.counts.get(juror.pk, none)[1],
            tuple(told.leanings.get(juror.pk, ())),
        )
        for juror in found
    ]


def sheets_left(panel: Panel) -> dict[int, int]:
    """How many sheets each late juror has still to hand in, by the key of their seat. Two statements."""
    waiting = unfinished(duties(panel)).filter(juror__in=due_jurors(panel, panel.jurors.all()))
    return dict(waiting.order_by().values("juror").annotate(n=Count("pk")).values_list("juror", "n"))


def readings_left(panel: Panel, juror: Juror) -> list[ToRead]:
    """The applications whose sheets `juror` has still to hand in. Two statements."""
    waiting = unfinished(duties(panel)).filter(juror__in=due_jurors(panel, panel.jurors.filter(pk=juror.pk)))
    return to_read(waiting)[juror.user_id]


def on_board(panel: Panel, viewer: Any) -> Q:
    """The condition on applications to stand on the board: to weigh or read already, not withdrawn, and `viewer` does
    not stand aside.
    """
    read = Assignment.objects.filter(juror__panel=panel, submission=OuterRef("pk"))
    aside = Recusal.objects.filter(juror__user=viewer, submission=OuterRef("pk"))
    state = IN_SCOPE[Panel.Stage(panel.stage)]
    return Q(Q(state=state) | Exists(read), ~Exists(aside)) & ~Q(state=SubmissionState.WITHDRAWN)


def shown_on_board(panel: Panel, viewer: Any) -> QuerySet[Submission]:
    """The applications of the board."""
    return panel.call.submissions.filter(on_board(panel, viewer)).select_related("pillar").order_by("number")


def board(
    panel: Panel, viewer: Any, *, number: Any = 1, per_page: int = 50, among: Sequence[Submission] | None = None
) -> Board:
    """The board of `panel` as `viewer` may see it, page `number` of its applications. Three statements, two when the
    applications are at hand: `among`.
    """
    jurors = jurors_of(panel, viewer)
    shown: Any = shown_on_board(panel, viewer) if among is None else among
    page = counted_page(shown, number, per_page) if among is None else page_among(shown, number, per_page)
    submissions = list(page.object_list)
    told = _told(panel, viewer, [submission.pk for submission in submissions])
    seats, recusals = _loads(panel, jurors, told), recusals_among(jurors)
    states, others = told.states, told.others
    aside = {(recusal.submission_id, recusal.seat) for recusal in known_when_decided(jurors, recusals)}
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

    due = {juror.pk for juror in due_jurors(panel, jurors)}
    rows = [
        BoardRow(one, [cell(one, load) for load in seats], _pillars_of(one, others.get(one.pk, {})))
        for one in submissions
    ]
    wanted = _wanted(panel, seats)
    bounded = _bounded(panel, seats, page.paginator.count * wanted)
    return Board(bounded, page, rows, recusals, wanted, tuple(told.again))


def known_when_decided(jurors: Iterable[Juror], recusals: list[Recusal]) -> list[Recusal]:
    """Those of `recusals` that count: once the panel has decided, without those declared since its standing was frozen.

    `jurors` are those of the panel, each with when that was.
    """
    frozen = next((juror.frozen for juror in jurors), None)  # type: ignore[attr-defined]
    return [one for one in recusals if frozen is None or one.declared_at <= frozen]


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
ZERO, NO_WORDS = Value(0), (Value(""), Value("", TextField()))
LEANINGS = {*Expertise.Level.values, *Wish.Kind.values}


LOAD = "load"


@dataclass
class _Told:
    """What one statement tells of a panel and of a page of its applications.

    `states`: where each reading comes from, its sheet's state and the reason of an abstention. `others`: the other
    pillars of each application, by their keys. `leanings`: what each juror knows and wishes, in the order of the
    pillars. `counts`: how many readings each has, and how many are handed in. `again`: what a second reading reads.
    """

    states: dict[Key, Told] = field(default_factory=dict)
    others: dict[Any, dict[int, str]] = field(default_factory=dict)
    leanings: dict[int, list[Leaning]] = field(default_factory=dict)
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)
    again: list[Submission] = field(default_factory=list)

    def add(self, kind: str, key: int, submission: Any, state: str | None, words: str | None, n: int, m: int) -> None:
        """Take in a row: what it is of, a juror's key (a pillar's of `PILLAR`), an application's, then what is told."""
        if kind == PILLAR:
            self.others.setdefault(submission, {})[key] = words or ""
        elif kind == LOAD:
            self.counts[key] = (n, m)
        elif kind == AGAIN:
            self.again.append(Submission(pk=submission, number=state, title=words))
        elif kind in LEANINGS:
            self.leanings.setdefault(key, []).append(Leaning(kind, words or "", m))
        else:
            self.states[submission, key] = (kind, state, words)


def _told(panel: Panel, viewer: Any, keys: Collection[Any]) -> _Told:
    """What there is to tell of `panel` beside the applications of those keys. One statement."""
    told, parts = _Told(), [_members(panel, keys), _beside(keys), _counted(panel, viewer)]
    parts += [_leanings(panel, Expertise, "level"), _leanings(panel, Wish, "kind")]
    parts += [read_again(panel, viewer, ZERO, ZERO)] if panel.second_begun_at is not None else []
    # Who belongs to the applicant comes last: it outweighs a reading.
    for row in sorted(_asked(panel, keys).union(*parts, all=True), key=_in_order):
        told.add(*row)
    told.again.sort(key=lambda one: folded(one.title))
    return told


def _in_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    kind, key, _submission, _state, words, order, last = row
    return (kind == MEMBER, order, words, last) if kind in LEANINGS else (kind == MEMBER, key, "", 0)


def _asked(panel: Panel, keys: Collection[Any]) -> QuerySet[Any, Any]:
    own = FilteredRelation("submission__sheets", condition=Q(submission__sheets__juror=F("juror")))
    read = Assignment.objects.filter(juror__panel=panel, submission__in=keys).annotate(own=own).order_by()
    return read.values_list("origin", "juror", "submission", "own__state", "own__abstained_for", ZERO, ZERO)


def _members(panel: Panel, keys: Collection[Any]) -> QuerySet[Any, Any]:
    """Which jurors belong to the structure of which application; once the panel has decided, as its standing knew."""
    frozen = frozen_at(panel)
    known = Q(structure__memberships__since__lte=frozen) if frozen is not None else Q()
    found = Submission.objects.filter(known, pk__in=keys, structure__memberships__user__juries__panel=panel).order_by()
    return found.values_list(Value(MEMBER), "structure__memberships__user__juries", "pk", *NO_WORDS, ZERO, ZERO)


def _beside(keys: Collection[Any]) -> QuerySet[Any, Any]:
    found = Submission.objects.filter(pk__in=keys, other_pillars__isnull=False).order_by()
    return found.values_list(Value(PILLAR), "other_pillars", "pk", Value(""), said("other_pillars__name"), ZERO, ZERO)


def _leanings(panel: Panel, model: type[Expertise | Wish], kind: str) -> QuerySet[Any, Any]:
    own = model.objects.filter(juror__panel=panel).order_by()
    return own.values_list(kind, "juror", NO_KEY, Value(""), said("pillar__name"), "pillar__order", "pillar")


def _counted(panel: Panel, viewer: Any) -> QuerySet[Any, Any]:
    """How many readings each juror has, as `viewer` may know them, and of how many the sheet is handed in."""
    sheet = Sheet.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
    done = Count("pk", filter=Exists(sheet.filter(state=SheetState.HANDED_IN)))
    rows = duties(panel, viewer).order_by().values("juror").annotate(n=Count("pk"), done=done)
    return rows.values_list(Value(LOAD), "juror", NO_KEY, *NO_WORDS, "n", "done")
