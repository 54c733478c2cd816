"""The running order of a finale as it goes: what is pitched now, what comes next, what is over. Never a mark."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from calls.models import Submission
from juries.models import Slot
from juries.queries.board import Column, Progress
from juries.workflow import AttendanceState


class Moment(StrEnum):
    """Where a pitch stands."""

    OVER = "over"
    NOW = "now"
    NEXT = "next"
    LATER = "later"
    ABSENT = "absent"


@dataclass(frozen=True)
class Pitch:
    """A slot of the running order. `submission` and `progress` are None where the viewer stands aside from it.

    `at` and `until` (aware) are the hours drawn or, once it has begun, when it began and when its time is up.
    """

    slot: int
    order: int
    moment: Moment
    at: datetime
    until: datetime
    minutes: int
    submission: Submission | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Running:
    """A running order: its pitches in order."""

    pitches: tuple[Pitch, ...]

    def _first(self, moment: Moment) -> Pitch | None:
        return next((one for one in self.pitches if one.moment == moment), None)

    @property
    def now(self) -> Pitch | None:
        return self._first(Moment.NOW)

    @property
    def next(self) -> Pitch | None:
        return self._first(Moment.NEXT)

    @property
    def has_begun(self) -> bool:
        return any(one.moment in {Moment.OVER, Moment.NOW} for one in self.pitches)

    @property
    def is_over(self) -> bool:
        return not self.now and not self.next


def running_order(every: Iterable[Slot], columns: Iterable[Column], aside: Collection[UUID]) -> Running:
    """The running order of a finale from all its slots, in order; `columns` are those of its board, and those of
    `aside` have no name here. No statement.
    """
    shown = {column.submission.pk: column for column in columns}
    slots = [one for one in every if one.submission_id in shown or one.submission_id in aside]
    absent = {pk for pk, column in shown.items() if getattr(column.submission, "comes", "") == AttendanceState.DECLINED}
    waiting = [one.pk for one in slots if one.began_at is None and one.submission_id not in absent]
    return Running(tuple(_pitch(one, shown.get(one.submission_id), waiting[:1], absent) for one in slots))


def _pitch(slot: Slot, column: Column | None, following: list[int], absent: Collection[UUID]) -> Pitch:
    at = slot.began_at or slot.starts_at
    until = slot.ended_at or at + timedelta(minutes=slot.minutes)
    told = (column.submission, column.progress) if column else (None, None)
    return Pitch(slot.pk, slot.order, _moment(slot, following, absent), at, until, slot.minutes, *told)


def _moment(slot: Slot, following: list[int], absent: Collection[UUID]) -> Moment:
    if slot.ended_at is not None:
        return Moment.OVER
    if slot.is_in_progress:
        return Moment.NOW
    if slot.submission_id in absent:
        return Moment.ABSENT
    return Moment.NEXT if slot.pk in following else Moment.LATER
