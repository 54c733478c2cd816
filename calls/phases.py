"""Which phase a call is in: computed from its dates and the clock, never stored."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock


class Phase(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Phase.DRAFT: _("In preparation"),
    Phase.ANNOUNCED: _("Announced"),
    Phase.OPEN: _("Open"),
    Phase.CLOSED: _("Closed"),
    Phase.PUBLISHED: _("Results published"),
    Phase.ARCHIVED: _("Archived"),
}


def phase_told(phase: Phase) -> str:
    """A phase as public pages tell it: that a call was put away is the agents' business."""
    return (Phase.PUBLISHED if phase == Phase.ARCHIVED else phase).label


class Dated(Protocol):
    announced_at: datetime | None
    opens_at: datetime
    closes_at: datetime
    results_at: datetime | None
    archived_at: datetime | None


class Closing(Dated, Protocol):
    grace_minutes: int


class Sealed(Protocol):
    sealed: bool
    unsealed_at: datetime | None


def days_before(moment: datetime, days: int) -> datetime:
    """The instant of the same hour in Paris that many `days` before the aware `moment`, over a change of hour too."""
    return (moment.astimezone(clock.PARIS) - timedelta(days=days)).astimezone(UTC)


def phase_at(call: Dated, moment: datetime) -> Phase:
    """The phase of `call` at the aware instant `moment`. Closing dates are exclusive: at `closes_at` it is closed."""
    if call.announced_at is None or moment < call.announced_at:
        return Phase.DRAFT
    if call.archived_at is not None and moment >= call.archived_at:
        return Phase.ARCHIVED
    if call.results_at is not None and moment >= call.results_at:
        return Phase.PUBLISHED
    if moment < call.opens_at:
        return Phase.ANNOUNCED
    return Phase.OPEN if moment < call.closes_at else Phase.CLOSED


def end_told(call: Dated, extended_until: datetime | None = None) -> datetime:
    """The exclusive instant an applicant is told: the close of `call`, or the later one they alone were given. In UTC,
    where instants compare and add up across the changes of the clock.
    """
    closes_at = call.closes_at.astimezone(UTC)
    return closes_at if extended_until is None else max(closes_at, extended_until.astimezone(UTC))


def accepts_at(call: Closing, moment: datetime, extended_until: datetime | None = None) -> bool:
    """Whether what reached the server at `moment` may be written or handed in: the one deadline function.

    Every write path asks it: form, autosave, file, submission, withdrawal, API. Instants are aware. The end people are
    told is exclusive: 23:59:59 on the last day is in time, midnight is not. The server goes on for the call's grace
    after it, which no page tells: it is there for what was sent in time and waited on its way.
    """
    if call.announced_at is None or moment < max(call.announced_at, call.opens_at):
        return False
    return moment < end_told(call, extended_until) + timedelta(minutes=call.grace_minutes)


def is_under_seal(call: Sealed) -> bool:
    """Whether nobody but its own people may read what an application to `call` says."""
    return call.sealed and call.unsealed_at is None
