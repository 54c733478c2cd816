"""Which phase a call is in: computed from its dates and the clock, never stored."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _


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


class Dated(Protocol):
    announced_at: datetime | None
    opens_at: datetime
    closes_at: datetime
    results_at: datetime | None
    archived_at: datetime | None


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


def accepts_at(call: Dated, moment: datetime) -> bool:
    """Whether an application may be written or handed in at `moment`: the one deadline function.

    Every write path asks it: form, autosave, file, withdrawal, API. `closes_at` is exclusive: 23:59:59 on the last
    day is in time, midnight is not.
    """
    if call.announced_at is None or moment < max(call.announced_at, call.opens_at):
        return False
    return moment < call.closes_at
