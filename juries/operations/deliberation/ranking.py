"""What the frozen ranking gives, and where the jury's proposals depart from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Subquery

from calls.models import Prize, Submission
from juries.models import Panel, Proposal, Standing, StandingLine


@dataclass(frozen=True)
class Ranking:
    """The standing in force of a panel, with its lines in order."""

    standing: Standing | None
    lines: tuple[StandingLine, ...]

    def groups(self) -> list[tuple[int, tuple[StandingLine, ...]]]:
        """(first position, lines) of each rank, ties together; what has no rank is left out."""
        found: list[tuple[int, tuple[StandingLine, ...]]] = []
        for line in self.lines:
            if line.rank is None:
                continue
            if found and found[-1][0] == line.rank:
                found[-1] = (line.rank, (*found[-1][1], line))
            else:
                found.append((line.rank, (line,)))
        return found


def frozen_ranking(panel: Panel) -> Ranking:
    """The ranking of `panel` as frozen when its marks were locked; empty when there is none. One statement."""
    latest = Standing.objects.filter(panel=panel, voided_at__isnull=True).order_by("-number").values("pk")[:1]
    lines = StandingLine.objects.filter(standing=Subquery(latest)).order_by("order")
    found = tuple(lines.select_related("standing", "submission__pillar", "submission__structure"))
    return Ranking(found[0].standing if found else None, found)


class Cause(StrEnum):
    """Why a proposal calls for a written reason."""

    ABOVE_RANK = "above_rank"
    BELOW_RANK = "below_rank"
    WITHHELD = "withheld"
    TIE = "tie"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Departure:
    """A proposal that the frozen ranking, or the announcement, does not explain by itself."""

    submission: Submission
    cause: Cause
    prize: Prize | None = None


def departures(
    panel: Panel, ranking: Ranking, proposals: Sequence[Proposal], prizes: Sequence[Prize]
) -> list[Departure]:
    """Every departure of `proposals` from the ranking and from the prizes announced: each needs its reason.

    `prizes` are the jury's, by rank. In a reading: those kept against those ranked within the places. In a finale:
    each prize against whoever stands at its place, and each amount against the one announced.
    """
    by_submission = {proposal.submission_id: proposal for proposal in proposals}
    if panel.stage == Panel.Stage.READING:
        return _of_reading(ranking, by_submission, panel.places)
    return [*_of_prizes(ranking, by_submission, prizes), *_of_amounts(proposals)]


Proposals = Mapping[Any, Proposal]


def _of_reading(ranking: Ranking, proposals: Proposals, places: int) -> list[Departure]:
    found = []
    for first, group in ranking.groups():
        inside, straddles = first + len(group) - 1 <= places, first <= places < first + len(group) - 1
        for line in group:
            kept = line.submission_id in proposals and proposals[line.submission_id].verdict == Proposal.Verdict.KEEP
            if straddles:
                found.append(Departure(line.submission, Cause.TIE))
            elif kept != inside:
                found.append(Departure(line.submission, Cause.ABOVE_RANK if kept else Cause.BELOW_RANK))
    ranked = {line.submission_id for line in ranking.lines if line.rank is not None}
    unranked = [one for one in proposals.values() if one.submission_id not in ranked]
    return found + [
        Departure(one.submission, Cause.ABOVE_RANK) for one in unranked if one.verdict == Proposal.Verdict.KEEP
    ]


def _of_prizes(ranking: Ranking, proposals: Proposals, prizes: Sequence[Prize]) -> list[Departure]:
    holders = {proposal.prize_id: proposal for proposal in proposals.values() if proposal.prize_id}
    found = []
    for position, prize in enumerate(prizes, start=1):
        departure = _of_prize(prize, position, ranking, holders)
        if departure:
            found.append(departure)
    return found


def _group_at(ranking: Ranking, position: int) -> tuple[int, tuple[StandingLine, ...]]:
    """The first position and the lines of the rank that covers `position`; (0, ()) beyond the last."""
    for first, group in ranking.groups():
        if first <= position < first + len(group):
            return first, group
    return 0, ()


def _of_prize(prize: Prize, position: int, ranking: Ranking, holders: Proposals) -> Departure | None:
    first, group = _group_at(ranking, position)
    holder = holders.get(prize.pk)
    if holder is None:
        served = {proposal.submission_id for proposal in holders.values()}
        waiting = next((line.submission for line in group if line.submission_id not in served), None)
        return Departure(waiting, Cause.WITHHELD, prize) if waiting else None
    if holder.submission_id not in {line.submission_id for line in group}:
        return Departure(holder.submission, Cause.ABOVE_RANK, prize)
    # Of equals, the last to be served was not chosen.
    chosen = position < first + len(group) - 1
    return Departure(holder.submission, Cause.TIE, prize) if chosen else None


def _of_amounts(proposals: Sequence[Proposal]) -> list[Departure]:
    return [
        Departure(proposal.submission, Cause.AMOUNT, proposal.prize)
        for proposal in proposals
        if proposal.prize is not None and (proposal.amount or 0) != (proposal.prize.amount or 0)
    ]
