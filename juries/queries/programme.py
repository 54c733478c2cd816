"""The programme of a finale, as far as everyone may know it: where, when, who pitches at what hour, the vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from bethune_smartcity.core import clock, wording
from calls.models import Call, Prize, Submission
from calls.phases import Phase
from juries.models import Panel, PublicVote, Slot
from juries.phases import VotePhase, vote_phase_at

from .ballots import finalists


@dataclass(frozen=True)
class Day:
    """A day of the finale and its pitches, in their order."""

    day: date
    slots: list[Slot]


@dataclass(frozen=True)
class Programme:
    """What the page of a finale tells. `days` is empty until the finalists are public and their order is drawn."""

    call: Call
    panel: Panel
    days: list[Day]
    prizes: list[Prize]
    vote: PublicVote | None
    vote_phase: VotePhase | None
    are_finalists_public: bool
    is_past: bool

    @property
    def is_vote_published(self) -> bool:
        """Whether the vote was published with the results."""
        return self.vote_phase == VotePhase.DISCLOSED and self.call.phase in {Phase.PUBLISHED, Phase.ARCHIVED}

    @property
    def days_words(self) -> str:
        """The day or days it is held, in words; empty while they are not told."""
        first = self.panel.held_from
        return wording.days(first, self.panel.held_until) if first else ""


def finales_told() -> QuerySet[Panel]:
    """The finales whose organisers have said where or when they are held."""
    said = Q(held_from__isnull=False) | ~Q(place="")
    return Panel.objects.filter(said, stage=Panel.Stage.FINALE)


def programme_of(call: Call, moment: datetime) -> Programme | None:
    """The programme of the finale of `call` (announced) at the aware instant `moment`; None while nothing is told.

    Five statements at most. The order is told of public finalists only, whenever it was drawn.
    """
    panel = finales_told().filter(call=call).first()
    if panel is None:
        return None
    public = {one.pk: one for one in finalists(call, moment)}
    vote = PublicVote.objects.filter(call=call).first()
    return Programme(
        call=call,
        panel=panel,
        days=_days(panel, public) if public else [],
        prizes=list(Prize.objects.filter(call=call).order_by("kind", "rank")),
        vote=vote,
        vote_phase=vote_phase_at(vote, moment) if vote else None,
        are_finalists_public=bool(public),
        is_past=_is_past(panel, moment),
    )


def _days(panel: Panel, public: dict[Any, Any]) -> list[Day]:
    days: dict[date, list[Slot]] = {}
    for slot in Slot.objects.filter(panel=panel, submission__in=public).order_by("starts_at", "order"):
        slot.submission = public[slot.submission_id]
        days.setdefault(slot.starts_at.astimezone(clock.PARIS).date(), []).append(slot)
    return [Day(day, slots) for day, slots in days.items()]


def finale_dates(submissions: Sequence[Submission], moment: datetime) -> dict[Any, date]:
    """When those of `submissions`, known by their people as finalists, pitch after the aware instant `moment`: an
    aware instant; the first day of their finale while the hour is not drawn. By their keys, those without a date left
    out. Two statements, none without submissions.
    """
    if not submissions:
        return {}
    days = finales_told().filter(
        call__in={one.call_id for one in submissions}, held_from__gte=moment.astimezone(clock.PARIS).date()
    )
    first = dict(days.values_list("call", "held_from"))
    slots = Slot.objects.filter(submission__in=[one.pk for one in submissions], starts_at__gt=moment)
    dates: dict[Any, date] = {one.pk: first[one.call_id] for one in submissions if one.call_id in first}
    return dates | dict(slots.order_by().values_list("submission", "starts_at"))


def _is_past(panel: Panel, moment: datetime) -> bool:
    last = panel.held_until or panel.held_from
    return last is not None and last < moment.astimezone(clock.PARIS).date()
