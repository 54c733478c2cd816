"""A juror's desk: how much there is to mark on one panel, fifty applications at a time, and which one comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.statements import Compiled
from calls.models import Call, Submission
from calls.workflow import SubmissionState
from juries.models import Assignment, Declaration, Juror, Panel, Recusal, Sheet
from juries.workflow import NOTHING_LEFT, PanelState, SheetState

PER_PAGE = 50
# What a line of the list shows, read without building the objects behind it.
SHOWN = ("pk", "number", "title", "structure__country", "pillar__hook", "pillar__pictogram")
TICKS = 60
"""Above so many sheets they are told in words alone."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One application a juror has to mark, and how far they are with it.

    `country` is a code, `pillar` its hook, pictogram and name in the language in force, empty without one.
    """

    pk: UUID
    number: str
    title: str
    country: str
    pillar: tuple[str, str, str]
    state: str
    is_open: bool

    @property
    def is_done(self) -> bool:
        return self.state == SheetState.HANDED_IN


@dataclass(frozen=True, slots=True)
class Figures:
    """How many applications a juror was given, how many wait for their word on links, how many sheets are handed in
    and from how many they abstain.
    """

    listed: int = 0
    undeclared: int = 0
    done: int = 0
    abstained: int = 0
    following: Any = None

    @property
    def total(self) -> int:
        """How many sheets are to hand in."""
        return self.listed - self.abstained


class _Count(Subquery):
    """How many rows a statement has, as a column of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class _Seat:
    """A seat by its keys, or slots of them."""

    juror: Any
    user: Any
    panel: Any
    call: Any

    @property
    def aside(self) -> Any:
        """The applications closed to it, as what rows are compared with: with None among them, nothing is open."""
        return CLOSED.within(user=self.user, panel=self.panel, call=self.call)

    def of(self, model: Any) -> QuerySet[Any]:
        """Its rows that are about an application open to it."""
        return model.objects.filter(juror=self.juror).order_by().exclude(submission__in=self.aside)

    def same(self, model: Any, column: str = "submission") -> QuerySet[Any]:
        """Its rows about the application of the outer statement."""
        return model.objects.filter(juror=self.juror, submission=OuterRef(column)).order_by()

    def sheets(self, state: SheetState) -> QuerySet[Sheet]:
        # Assigned as well: nothing takes a reading away from a sheet with nothing left to do.
        return self.of(Sheet).filter(state=state)

    def counts(self) -> list[Any]:
        listed = self.of(Assignment)
        undeclared = listed.filter(is_declared=False)
        sheets = (self.sheets(state) for state in NOTHING_LEFT)
        return [_Count(rows.values("pk")) for rows in (listed, undeclared, *sheets)]

    def figures(self) -> QuerySet[Any, Any]:
        return Juror.objects.filter(pk=self.juror).order_by().values_list(*self.counts())

    def figures_beside(self, current: Any, number: Any) -> QuerySet[Any, Any]:
        """The same and the next to hand in after an application, by its key and number; then the first again."""
        waiting = self.listed().filter(~Exists(self.same(Sheet, "pk").filter(state__in=NOTHING_LEFT)))
        after, others = waiting.filter(number__gt=number), waiting.exclude(pk=current)
        following = Coalesce(Subquery(after.values("pk")[:1]), Subquery(others.values("pk")[:1]))
        return Juror.objects.filter(pk=self.juror).order_by().values_list(*self.counts(), following)

    def listed(self) -> QuerySet[Submission]:
        """What is to mark. Read from the applications' side, so that a page reads its own rows and no others."""
        own = Submission.objects.filter(Exists(self.same(Assignment, "pk")), call=self.call)
        return own.exclude(pk__in=self.aside).order_by("number")

    def lines(self) -> QuerySet[Any, Any]:
        """The same as lines of the list, in the language in force."""
        # Not Exists(): PostgreSQL would read all that the juror ever declared to answer for fifty rows.
        declared = Subquery(self.same(Declaration, "pk").values("pk")[:1])
        state = Subquery(self.same(Sheet, "pk").values("state")[:1])
        names = (f"pillar__name_{get_language()}", f"pillar__name_{settings.LANGUAGE_CODE}")
        return self.listed().values_list(*SHOWN, declared, state, *names)


JUROR, CALL, KEY = Juror._meta.pk, Call._meta.pk, Submission._meta.pk
NUMBER = Submission._meta.get_field("number")
SEAT = {"juror": JUROR, "user": User._meta.pk, "panel": Panel._meta.pk, "call": CALL}


def _closed(user: Any, panel: Any, call: Any) -> QuerySet[Any, Any]:
    """The applications closed to a seat, and None when the whole session is."""
    own = Submission.objects.filter(call=call)
    recused = Recusal.objects.on_keys(panel, call).filter(juror__user=user).order_by().values_list("submission_id")
    withdrawn = own.filter(state=SubmissionState.WITHDRAWN).order_by().values_list("pk")
    structures = Membership.objects.filter(user=user).values("structure")
    members = own.filter(structure__in=structures).order_by().values_list("pk")
    return withdrawn.union(members, recused)


CLOSED = Compiled(_closed, user=User._meta.pk, panel=Panel._meta.pk, call=CALL)
FIGURES = Compiled(lambda **seat: _Seat(**seat).figures(), **SEAT)
FIGURES_BESIDE = Compiled(
    lambda current, number, **seat: _Seat(**seat).figures_beside(current, number), **SEAT, current=KEY, number=NUMBER
)
FIRST_LINES = Compiled(lambda **seat: _Seat(**seat).lines()[:PER_PAGE], **SEAT)


class Desk:
    """All a juror has to mark on one panel, in the order of the applications' numbers.

    What they stand aside from, by declaration or as a member of the applicant, is not among it, nor what was
    withdrawn. `current` is the application in hand, from which `following` is reckoned.
    """

    def __init__(self, seat: Juror | None, panel: Panel, *, current: Submission | None = None) -> None:
        self.seat, self.panel, self.current = seat, panel, current

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked of the seat, whatever is assigned to it."""
        return self.seat is None or not self.seat.has_voice

    @cached_property
    def keys(self) -> dict[str, Any]:
        """What the statements of a seat are filled with; nothing without one."""
        if self.seat is None:
            return {}
        own = {"juror": self.seat.pk, "user": self.seat.user_id}
        return own | {"panel": self.panel.pk, "call": self.panel.call_id}

    @cached_property
    def figures(self) -> Figures:
        """One statement."""
        if self.is_empty:
            return Figures()
        if self.current is None:
            return Figures(*FIGURES.first(**self.keys))
        here = {"current": self.current.pk, "number": self.current.number or ""}
        return Figures(*FIGURES_BESIDE.first(**self.keys, **here))

    def page(self, number: Any = 1) -> Page[Duty]:
        """A page of what is to mark."""
        paginator = Paginator(_Duties(self), PER_PAGE)
        return paginator.get_page(number)

    @property
    def duties(self) -> list[Duty]:
        """The first page of what is to mark."""
        return list(self.page())

    def rows(self, part: slice) -> list[Duty]:
        panel, seat = self.panel, self.seat
        if self.is_empty or seat is None:
            return []
        known = panel.state != PanelState.PREPARATION and seat.charter_accepted_at is not None
        return [_duty(*line, known=known) for line in self._lines(part)]

    def _lines(self, part: slice) -> Iterable[tuple[Any, ...]]:
        if part.start or part.stop > PER_PAGE:
            return _Seat(**self.keys).lines()[part]
        return FIRST_LINES.fetch(**self.keys)[part]

    @property
    def ticks(self) -> list[str]:
        """A mark for each sheet, those handed in first; none when there are too many to look at."""
        figures = self.figures
        if figures.total > TICKS:
            return []
        left = [""] * (figures.total - figures.done)
        if left and self.current is not None:
            left[0] = "now"
        return ["done"] * figures.done + left


def _duty(
    pk: UUID,
    number: str,
    title: str,
    country: str,
    hook: str | None,
    pictogram: str | None,
    declared: int | None,
    state: str | None,
    *names: str | None,
    known: bool,
) -> Duty:
    """A line as a duty; `known`: sheets opened and the charter is accepted, so that what is declared opens it."""
    name, is_open = next((name for name in names if name), ""), known and declared is not None
    return Duty(pk, number, title, country, (hook or "", pictogram or "", name), state or "empty", is_open)


class _Duties:
    """The duties of a desk as a sequence: counted with its figures, read page by page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __len__(self) -> int:
        return self.desk.figures.listed

    def __getitem__(self, part: slice) -> list[Duty]:
        return self.desk.rows(part)


def desk(user: Any, panel: Panel) -> Desk:
    """What `user` has to mark on `panel`."""
    return Desk(panel.jurors.filter(user=user).first(), panel)
