"""A juror's desk: how much there is to mark on one panel, fifty applications at a time, and which one comes next."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from bethune_smartcity.accounts.models import Membership
from calls.models import Submission
from calls.workflow import SubmissionState
from juries.models import Assignment, Declaration, Juror, Panel, Recusal, Sheet
from juries.workflow import PanelState, SheetState

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
    """How many sheets a juror has to hand in, how many are, how many wait for their word on links."""

    total: int = 0
    undeclared: int = 0
    done: int = 0
    following: Any = None


class Desk:
    """All a juror has to mark on one panel, in the order of the applications' numbers.

    What they stand aside from, by declaration or as a member of the applicant, is not among it, nor what was
    withdrawn. `current` is the application in hand, from which `following` is reckoned.
    """

    def __init__(self, seat: Juror | None, panel: Panel, *, current: Submission | None = None) -> None:
        self.seat, self.panel, self.current = seat, panel, current

    @cached_property
    def aside(self) -> set[Any]:
        """The applications closed to the juror, and None when the whole session is. One statement."""
        if self.seat is None or not self.seat.has_voice:
            return {None}
        own = Submission.objects.filter(call=self.panel.call_id)
        recused = Recusal.objects.of(self.seat).order_by().values_list("submission_id")
        withdrawn = own.filter(state=SubmissionState.WITHDRAWN).order_by().values_list("pk")
        structures = Membership.objects.filter(user=self.seat.user_id).values("structure")
        members = own.filter(structure__in=structures).order_by().values_list("pk")
        return {pk for (pk,) in withdrawn.union(members, recused)}

    @cached_property
    def is_empty(self) -> bool:
        return None in self.aside

    @cached_property
    def figures(self) -> Figures:
        """One statement, beside that of `aside`."""
        if self.is_empty or self.seat is None:
            return Figures()
        listed = self._of(Assignment)
        undeclared = listed.filter(~Exists(self._same(Declaration)))
        columns: list[Any] = [_Count(rows.values("pk")) for rows in (listed, undeclared, self._done())]
        if self.current is not None:
            columns.append(self._following(self.current))
        return Figures(*Juror.objects.filter(pk=self.seat.pk).order_by().values_list(*columns).get())

    def _of(self, model: Any) -> QuerySet[Any]:
        """The rows of the seat that are about an application open to it."""
        return model.objects.filter(juror=self.seat).exclude(submission__in=self.aside).order_by()

    def _same(self, model: Any, column: str = "submission") -> QuerySet[Any]:
        """The rows of the seat about the application of the outer statement."""
        return model.objects.filter(juror=self.seat, submission=OuterRef(column))

    def _done(self) -> QuerySet[Sheet]:
        return self._of(Sheet).filter(Exists(self._same(Assignment)), state=SheetState.HANDED_IN)

    @property
    def listed(self) -> QuerySet[Submission]:
        """What is to mark. Read from the applications' side, so that a page reads its own rows and no others."""
        own = Submission.objects.filter(Exists(self._same(Assignment, "pk")), call=self.panel.call_id)
        return own.exclude(pk__in=self.aside).order_by("number")

    def _following(self, current: Submission) -> Any:
        """The next one to hand in after the current one, from the first again at the end."""
        waiting = self.listed.filter(~Exists(self._same(Sheet, "pk").filter(state=SheetState.HANDED_IN)))
        after, others = waiting.filter(number__gt=current.number or ""), waiting.exclude(pk=current.pk)
        return Coalesce(Subquery(after.values("pk")[:1]), Subquery(others.values("pk")[:1]))

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
        accepted = panel.state != PanelState.PREPARATION and seat.charter_accepted_at is not None
        declared = Exists(self._same(Declaration, "pk")) if accepted else Value(False)
        found = self.listed.annotate(
            is_open=Coalesce(declared, Value(False), output_field=BooleanField()),
            sheet_state=Subquery(self._same(Sheet, "pk").values("state")),
        )
        names = (f"pillar__name_{get_language()}", f"pillar__name_{settings.LANGUAGE_CODE}")
        columns = (*SHOWN, "is_open", "sheet_state", *names)
        return [_duty(*row) for row in found.values_list(*columns)[part]]

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
    is_open: bool,
    state: str | None,
    *names: str | None,
) -> Duty:
    name = next((name for name in names if name), "")
    return Duty(pk, number, title, country, (hook or "", pictogram or "", name), state or "empty", is_open)


class _Duties:
    """The duties of a desk as a sequence: counted with its figures, read page by page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __len__(self) -> int:
        return self.desk.figures.total

    def __getitem__(self, part: slice) -> list[Duty]:
        return self.desk.rows(part)


class _Count(Subquery):
    """How many rows a statement has, as a column of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def desk(user: Any, panel: Panel) -> Desk:
    """What `user` has to mark on `panel`."""
    return Desk(panel.jurors.filter(user=user).first(), panel)
