"""Which phase a public vote is in: computed from its dates, its acts and the clock."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _


class VotePhase(StrEnum):
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    DISCLOSED = "disclosed"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    VotePhase.COMING: _("Coming"),
    VotePhase.OPEN: _("Open"),
    VotePhase.CLOSED: _("Closed"),
    VotePhase.COUNTED: _("Counted"),
    VotePhase.DISCLOSED: _("Disclosed"),
}


class Dated(Protocol):
    opens_at: datetime
    closes_at: datetime
    counted_at: datetime | None
    disclosed_at: datetime | None


def vote_phase_at(vote: Dated, moment: datetime) -> VotePhase:
    """The phase of `vote` at the aware instant `moment`; `closes_at` is exclusive."""
    if vote.disclosed_at is not None and moment >= vote.disclosed_at:
        return VotePhase.DISCLOSED
    if vote.counted_at is not None and moment >= vote.counted_at:
        return VotePhase.COUNTED
    if moment < vote.opens_at:
        return VotePhase.COMING
    return VotePhase.OPEN if moment < vote.closes_at else VotePhase.CLOSED
