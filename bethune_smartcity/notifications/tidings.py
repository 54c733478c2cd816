"""What the dates will make the portal tell followers: how many, when and why; agents hold it back or call it off.

Such a thing is told once its date has come and not before: the date moves, the message does not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy, ngettext

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict

from . import steps
from .following import live
from .kinds import kind_named
from .models import Step
from .planners import Edit, Foreseen, register_foresight, so_many
from .rungs import Rung
from .steps import Sending, StepHandle

THAT_DAY = Rung(0)


@dataclass(frozen=True)
class Tidings:
    """Something followers are told when its date comes.

    Args:
        kind: the message kind.
        subject: what it is about, called `about`, and `url` where that is run.
        at: the aware instant from which it is true.
        told: the condition on what is followed of who is told.
        why: the reason, in words ("the call opens").
        permission: who may hold it back, asked about `owner`; empty for who may only see it.
        owner: what the permission is asked about; None for a permission about nothing in particular.
        edits: where its words or its date are changed.
    """

    kind: str
    subject: models.Model
    at: datetime
    told: Q
    why: str
    about: str
    url: str
    permission: str = ""
    owner: Any = None
    edits: tuple[Edit, ...] = ()

    @property
    def sending(self) -> Sending:
        return sending_of(self.kind, self.subject, self.at)


def sending_of(kind: str, subject: models.Model, at: datetime) -> Sending:
    """The step that stands for telling followers of `subject` at the aware instant `at`."""
    return Sending(kind, THAT_DAY, subject, at)


def let_through(kind: str, subject: models.Model, at: datetime) -> bool:
    """Note that followers are told of `subject` now: False when someone holds it back or called it off."""
    sending = sending_of(kind, subject, at)
    return steps.claim(sending, steps.rows_of([sending]).get(sending.key))


Expect = Callable[[Any, datetime, datetime], Iterable[Tidings]]

_expected: dict[str, Expect] = {}


def register_tidings(name: str, expect: Expect) -> None:
    """Let `expect(user, since, until)` say what of its app followers may be told between those aware instants, as
    `user` may know it; the same name again replaces it. What all apps expect is counted together.
    """
    _expected[name] = expect
    register_foresight("notifications.tidings", _foresee)


def _foresee(user: Any, since: datetime, until: datetime) -> Iterator[Foreseen]:
    return foretell([one for name in sorted(_expected) for one in _expected[name](user, since, until)], since, until)


def foretell(found: Sequence[Tidings], since: datetime, until: datetime) -> Iterator[Foreseen]:
    """Those of `found` that leave between those aware instants, and those held back. Two statements, whatever there is.

    What is past and was told, or was called off, is left out.
    """
    rows = steps.rows_of(one.sending for one in found)
    coming = [one for one in found if _is_coming(one, rows.get(one.sending.key), since, until)]
    for one, count in zip(coming, _counts(coming), strict=True):
        row = rows.get(one.sending.key)
        yield Foreseen(
            ref=one.sending.ref,
            at=one.at,
            what=kind_named(one.kind).label,
            to=so_many(count, ngettext("%(n)d follower", "%(n)d followers", count) % {"n": count}),
            count=count,
            why=one.why,
            about=one.about,
            url=one.url,
            edits=one.edits,
            handle=TidingsHandle(one.sending, one.permission, one.owner) if one.permission else None,
            is_held=row is not None and row.state == Step.State.HELD,
            hastens=False,
        )


def _is_coming(one: Tidings, row: Step | None, since: datetime, until: datetime) -> bool:
    if row is not None and row.state == Step.State.HELD:
        return True
    return since < one.at <= until and (row is None or row.state == Step.State.PLANNED)


def _counts(found: Sequence[Tidings]) -> list[int]:
    """How many mailboxes follow each of them now, each once. One statement; none for nothing."""
    if not found:
        return []
    told = live().exclude(user__is_active=False)
    counted = {f"n{n}": Count("holder", distinct=True, filter=one.told) for n, one in enumerate(found)}
    counts = told.order_by().aggregate(**counted)
    return [counts[f"n{n}"] for n in range(len(found))]


@dataclass(frozen=True)
class TidingsHandle(StepHandle):
    """What agents do with it; nothing makes it leave before its date."""

    def send(self, *, by: Any) -> None:
        """Let it go once its date is past. Raises Forbidden or Conflict (not true yet)."""
        if self.sending.anchor > clock.now():
            raise Conflict("not_yet", gettext_lazy("This is told once it is true: move the date instead."))
        self.release(by=by)
