"""The steps of ladders: which are held back, called off, written or let go. What has no row is simply planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM, require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.statements import Among
from bethune_smartcity.lifecycle.moves import record

from .models import Step
from .rungs import Rung, rung_in, stamp

State = Step.State
OPEN = (State.PLANNED, State.HELD)
# What agents decided about a step, and the line of the journal that says it stays so at another date.
KEPT = {State.HELD: "keep_held", State.CANCELLED: "keep_called_off"}


@dataclass(frozen=True)
class Sending:
    """A rung of the ladder of that name, for `subject` and the aware instant `anchor` that it counts from."""

    ladder: str
    rung: Rung
    subject: models.Model
    anchor: datetime

    @property
    def at(self) -> datetime:
        """When it is due, if nobody decides otherwise."""
        return self.rung.at(self.anchor)

    @property
    def step(self) -> str:
        """The rung and the date it counts from: what makes the messages of a date that moved others."""
        return f"{self.rung.code}@{stamp(self.anchor)}"

    @property
    def key(self) -> str:
        return f"{self.ladder}:{self.step}:{self.subject._meta.label_lower}:{self.subject.pk}"

    @property
    def ref(self) -> str:
        """What stands for it in an address."""
        return f"e{sha256(self.key.encode()).hexdigest()[:20]}"


def rows_of(sendings: Iterable[Sending]) -> dict[str, Step]:
    """The rows of those of `sendings` that have one, by key. One statement; none for nothing."""
    return {row.key: row for row in ROWS.fetch({sending.key: None for sending in sendings})}


ROWS = Among(lambda keys: Step.objects.filter(key__in=keys), Step._meta.get_field("key"))


def _row(sending: Sending) -> Step:
    """The row of a step, made when it has none."""
    row, _made = Step.objects.get_or_create(
        key=sending.key,
        defaults={
            "ladder": sending.ladder,
            "code": sending.rung.code,
            "about_type": ContentType.objects.get_for_model(sending.subject),
            "about_id": str(sending.subject.pk),
            "at": sending.at,
        },
    )
    return row


def claim(sending: Sending, row: Step | None) -> bool:
    """Note that a step leaves, before it is written: False when someone held it back or called it off meanwhile.

    One that left before may be gone on with. No statement for it.
    """
    if row is not None and row.state == State.WRITTEN:
        return True
    row = row or _row(sending)
    taken = Step.objects.filter(pk=row.pk, state__in=(State.PLANNED, State.WRITTEN))
    return bool(taken.update(state=State.WRITTEN))


def wrote(sending: Sending, told: int) -> None:
    """Note that everyone a step concerns was written to, `told` of them just now."""
    Step.objects.filter(key=sending.key).update(told=F("told") + told, written_at=clock.now())


@transaction.atomic
def drop(sending: Sending, *, why: str) -> None:
    """Let a step go whose moment passed its use, once, with a line in the journal. `why`: superseded or late."""
    row = _row(sending)
    if Step.objects.filter(pk=row.pk, state__in=OPEN).update(state=State.DROPPED):
        record(sending.subject, "drop_reminder", by=SYSTEM, data={"rung": sending.rung.code, "why": why})


def decided(ladder: str, subject: models.Model, anchor: datetime | None = None) -> QuerySet[Step]:
    """The steps of that ladder about `subject` that agents hold back or called off, the last one decided on at the top:
    those that count from the aware instant `anchor`, or from any for None.
    """
    about = {"about_type": ContentType.objects.get_for_model(subject), "about_id": str(subject.pk)}
    found = Step.objects.filter(ladder=ladder, state__in=KEPT, **about).order_by("-pk")
    return found if anchor is None else found.filter(key__contains=f"@{stamp(anchor)}:")


@transaction.atomic
def carry(ladder: str, subject: models.Model, *, before: datetime | None, to: datetime, by: Any) -> None:
    """Let the steps of a ladder that are held back or called off stay so for the date that takes the place of `before`.

    Called with the move of the date. `before` tells it from the others of a subject that has several; None for whatever
    date it had. A step already written, or let go, for the new date stays as it is.
    """
    for row in decided(ladder, subject, before).select_for_update(of=("self",)):
        rung = rung_in(row.code)
        sending = Sending(ladder, rung, subject, to) if rung else None
        if sending and sending.key != row.key and _make_room(sending.key):
            Step.objects.filter(pk=row.pk).update(key=sending.key, at=sending.at)
            record(subject, KEPT[State(row.state)], by=by, data={"rung": row.code})


def _make_room(key: str) -> bool:
    """Take away a step that is simply planned; False where one that is more has the place."""
    Step.objects.filter(key=key, state=State.PLANNED).delete()
    return not Step.objects.filter(key=key).exists()


@dataclass(frozen=True)
class StepHandle:
    """What those who hold `permission` on `owner` do with a step that has not left."""

    sending: Sending
    permission: str
    owner: models.Model

    def hold(self, *, by: Any) -> None:
        """Keep the step from leaving, until it is released. Raises Forbidden or Conflict."""
        self._change("hold_reminder", (State.PLANNED,), by=by, state=State.HELD)

    def release(self, *, by: Any) -> None:
        """Let a step held back leave at its instant, or within the minute when that is past."""
        self._change("release_reminder", (State.HELD,), by=by, state=State.PLANNED)

    def send(self, *, by: Any) -> None:
        """Let the step leave now: the sweep writes it within the minute. Raises Forbidden or Conflict."""
        at = min(self.sending.at, clock.now())
        self._change("hasten_reminder", OPEN, by=by, state=State.PLANNED, at=at)

    def cancel(self, *, by: Any) -> None:
        """Never send the step. Raises Forbidden or Conflict."""
        self._change("cancel_reminder", OPEN, by=by, state=State.CANCELLED)

    @transaction.atomic
    def _change(self, verb: str, sources: tuple[str, ...], *, by: Any, **columns: Any) -> None:
        require(by, self.permission, self.owner)
        row = _row(self.sending)
        if not Step.objects.filter(pk=row.pk, state__in=sources).update(**columns):
            raise Conflict(
                "already_changed", _("This has already left, or someone decided otherwise: reload the page.")
            )
        record(self.sending.subject, verb, by=by, data={"rung": self.sending.rung.code})
