"""The ladders of a call: whom each reminds, of which date, and how. Each app adds its own when the portal starts."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import DateTimeField, Model, QuerySet
from django.db.models.expressions import RawSQL

from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.planners import read_once
from bethune_smartcity.notifications.rungs import Rung, stamp
from bethune_smartcity.notifications.steps import Sending

from .models import Call
from .queries import announced

# How long after its date something is looked at, for steps that nobody could be told by.
LOOKED_BACK = timedelta(days=60)


class Dated:
    """The rows with a date that a ladder leads to. The round of each minute asks for those of every announced call:
    that statement is compiled.

    Args:
        build: the rows of some calls whose date is not before `since`, or the slot of that date.
        date: the field of that date.
    """

    def __init__(self, build: Callable[[QuerySet[Call], Any], QuerySet[Any]], date: Any) -> None:
        self._build, self._date = build, date
        self._all = Compiled(
            lambda moment, since: build(announced(moment), since),
            moment=Call._meta.get_field("announced_at"),
            since=date,
        )

    def rows(self, calls: QuerySet[Call] | None, moment: datetime) -> list[Any]:
        """Those of `calls`, or of all that are announced for None, at the aware instant `moment`, dates past for long
        left out.
        """
        since: Any = moment - LOOKED_BACK
        if not isinstance(self._date, DateTimeField):
            since = since.astimezone(clock.PARIS).date()
        if calls is not None:
            return list(self._build(calls, since))
        # Several ladders lead to the same dates.
        return read_once((self, moment), partial(self._all.fetch, moment=moment, since=since))


@dataclass(frozen=True)
class Target:
    """Something with a date that a ladder leads to: a call and its close, a panel and the day its sheets are due.

    Args:
        call: the call it belongs to.
        subject: what its steps and their journal lines are about.
        anchor: the aware date that rungs count from.
        since: no rung due before this aware instant ever was to be sent; None when it has not begun.
        is_over: whether telling serves no more, at the moment that was asked about.
        name: what tells it from the others of the call, where there are several.
        is_apart: whether it is the date of some alone, beside the one the ladder leads everyone else to.
    """

    call: Call
    subject: Model
    anchor: datetime
    since: datetime | None
    is_over: bool
    name: str = ""
    is_apart: bool = False

    @property
    def place(self) -> tuple[Any, datetime]:
        """What tells it from every other of a ladder: a subject may have several dates."""
        return self.subject.pk, self.anchor

    def sending(self, ladder: "Ladder", rung: Rung) -> Sending:
        return Sending(ladder.name, rung, self.subject, self.anchor)


@dataclass(frozen=True)
class Due:
    """A step to write now.

    Args:
        target: what it is about.
        step: what its messages are unique by.
        at: only what there was at this aware instant is reminded.
        after: only newcomers since this aware instant are looked for; None to look at everyone.
        moment: the aware instant at which it is written.
    """

    target: Target
    step: str
    at: datetime
    after: datetime | None
    moment: datetime


@dataclass(frozen=True)
class Ladder:
    """One ladder, the same for every call until its agents choose otherwise.

    Args:
        name: `<app>.<whom>`.
        kind: the message kind it writes; `late_kind`, after the date, where that is another.
        title: its heading ("Drafts to finish").
        told: what it does, in a sentence.
        before: "%(length)s before the close"; `after`, empty where nothing is told after the date; `upon`, that day.
        defaults: the rungs of a call whose agents chose nothing.
        permission: who changes it, `seen`: who sees it; both asked about the call.
        seen_by: the keys of the calls on which a user sees it; `run_by`, on which they change it.
        dated: the rows with a date that it leads to; `targets` (rows, moment), what it leads to among them.
        counts: how many each target would be told to now, by its place; one left out, nobody.
        people: so many, in words ("3 drafts").
        write: writes a step; returns how many messages.
        text: the key of the text in which a rung is told; empty where agents word none.
    """

    name: str
    kind: str
    title: Any
    told: Any
    before: Any
    upon: Any
    after: Any
    defaults: Sequence[Rung]
    permission: str
    seen: str
    seen_by: Callable[[Any], QuerySet[Any, Any] | RawSQL]
    run_by: Callable[[Any], Any]
    dated: Dated
    targets: Callable[[list[Any], datetime], list[Target]]
    counts: Callable[[Collection[Target]], dict[tuple[Any, datetime], int]]
    people: Callable[[int], str]
    write: Callable[[Due], int]
    text: Callable[[Rung], str] = lambda _rung: ""
    late_kind: str = ""

    def kind_of(self, rung: Rung) -> str:
        """The message kind that a rung writes at its instant."""
        return self.late_kind if self.late_kind and rung.amount > 0 else self.kind

    def why(self, rung: Rung) -> str:
        """The rung in words: "7 days before the close"."""
        pattern = self.before if rung.amount < 0 else self.after if rung.amount else self.upon
        return str(pattern) % {"length": rung.length}


_ladders: dict[str, Ladder] = {}


def register_ladder(ladder: Ladder) -> Ladder:
    """Add a ladder after those registered before it; the same name again replaces it."""
    _ladders[ladder.name] = ladder
    return ladder


def ladders() -> list[Ladder]:
    """Every ladder, in the order they were declared."""
    return list(_ladders.values())


def ladder_named(name: str) -> Ladder | None:
    return _ladders.get(name)


# Steps that were written under another name, before agents chose their rungs.
FORMER = {"2d": "48h"}


def step_of(rung: Rung, anchor: datetime) -> str:
    """What the messages of a rung are unique by: a date that moves has its rungs again."""
    return f"{FORMER.get(rung.code, rung.code)}@{stamp(anchor)}"
