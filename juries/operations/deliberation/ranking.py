"""What the frozen ranking gives, and where the jury's proposals depart from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bethune_smartcity.core.language import in_each
from calls.models import Prize, Submission
from juries.models import Panel, Proposal, Standing, StandingLine
from juries.queries.standings import with_remarks


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
    return _ranking(_lines(panel))


def ranking_with_proposals(panel: Panel) -> tuple[Ranking, list[Proposal]]:
    """The same, with `remarks` on each line, and what `panel` proposes of its applications. One statement, and one
    more where something is proposed of what is not ranked any more.
    """
    proposed = FilteredRelation("submission__proposals", condition=Q(submission__proposals__panel=panel))
    whole = Proposal.objects.filter(panel=panel).order_by().values("panel").annotate(n=Count("pk")).values("n")
    lines = with_remarks(_lines(panel), panel).annotate(proposed=proposed, proposals=Coalesce(Subquery(whole), 0))
    rows: list[Any] = list(lines.annotate(**_columns("proposed__", PROPOSED), **_columns("proposed__prize__", PRIZE)))
    found = [_proposal(panel, row) for row in rows if row.proposed_pk is not None]
    is_whole = bool(rows) and rows[0].proposals == len(found)
    # The line of an application that several prizes are proposed to comes once with each of them.
    ranking = _ranking({row.pk: row for row in rows}.values())
    return ranking, in_order(found) if is_whole else proposals_of(panel)


PROPOSED = ("pk", "verdict", "amount", "support", "reason", "mention")
PRIZE = ("pk", "kind", "rank", "amount", *in_each("name", "support"))


def _columns(path: str, names: Iterable[str]) -> dict[str, Any]:
    return {f"{path}{name}".replace("__", "_"): F(f"{path}{name}") for name in names}


def _lines(panel: Panel) -> QuerySet[StandingLine]:
    latest = Standing.objects.filter(panel=panel, voided_at__isnull=True).order_by("-number").values("pk")[:1]
    lines = StandingLine.objects.filter(standing=Subquery(latest)).order_by("order")
    # The inputs are as large as all sheets, and would come with each line.
    return lines.select_related("standing", "submission__pillar", "submission__structure").defer("standing__inputs")


def _ranking(lines: Iterable[StandingLine]) -> Ranking:
    found = tuple(lines)
    return Ranking(found[0].standing if found else None, found)


def _proposal(panel: Panel, line: Any) -> Proposal:
    given = {name: getattr(line, f"proposed_{name}") for name in PROPOSED}
    announced = {name: getattr(line, f"proposed_prize_{name}") for name in PRIZE}
    prize = Prize(call_id=panel.call_id, **announced) if announced["pk"] else None
    return Proposal(panel=panel, submission=line.submission, prize=prize, **given)


def proposals_of(panel: Panel) -> list[Proposal]:
    """The panel's proposals with their applications and prizes, prizes first."""
    return in_order(Proposal.objects.filter(panel=panel).select_related("submission__structure", "prize", "panel"))


def in_order(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Those of prizes first."""
    return sorted(proposals, key=lambda one: (one.prize is None, one.prize.rank if one.prize else 0, one.submission_id))


class Cause(StrEnum):
    """Why a proposal calls for a written reason."""

    ABOVE_RANK = "above_rank"
    BELOW_RANK = "below_rank"
    LOWERED = "lowered"
    FURTHER = "further"
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

    The prizes announced are as many laureates: the ranking gives each application one at most. A prize to an
    application that holds a better one is therefore always a departure (`FURTHER`), whoever is left without. It takes
    no place: the next prize is compared with the place that it did not take, so that those who follow, in the order of
    the ranking, have nothing to explain for it. An application's best prize is judged as its only one would be.
    """
    if panel.stage == Panel.Stage.READING:
        return _of_reading(ranking, {proposal.submission_id: proposal for proposal in proposals}, panel.places)
    return [*_of_prizes(ranking, proposals, prizes), *_of_amounts(proposals)]


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


def _of_prizes(ranking: Ranking, proposals: Sequence[Proposal], prizes: Sequence[Prize]) -> list[Departure]:
    holders = {proposal.prize_id: proposal for proposal in proposals if proposal.prize_id}
    served = {key: proposal.submission_id for key, proposal in holders.items()}
    passed = _passed_over(prizes, ranking, served)
    found = []
    for prize, place in _places(prizes, served):
        if prize.pk in passed:
            found.append(Departure(passed[prize.pk], Cause.WITHHELD, prize))
        elif prize.pk in holders and (cause := _of_prize(place, ranking, holders[prize.pk])):
            found.append(Departure(holders[prize.pk].submission, cause, prize))
    return found


def _places(prizes: Sequence[Prize], holders: Mapping[Any, Any]) -> Iterator[tuple[Prize, int | None]]:
    """Each of `prizes` (by rank) with its place in the ranking, from 1: None for one that goes to the holder of a
    better one. `holders`: the key of the application of each prize given.
    """
    place, served = 0, set()
    for prize in prizes:
        holder = holders.get(prize.pk)
        if holder is not None and holder in served:
            yield prize, None
            continue
        place += 1
        served.add(holder)
        yield prize, place


def _passed_over(prizes: Sequence[Prize], ranking: Ranking, holders: Mapping[Any, Any]) -> dict[Any, Submission]:
    """By prize that goes to nobody, the ranked application it passes over: at its place, else the first without one.

    `holders`: the key of the application of each prize given.
    """
    served, found = set(holders.values()), {}
    for prize, place in _places(prizes, holders):
        if place is None or prize.pk in holders:
            continue
        at_place = _group_at(ranking, place)[1]
        ranked = [*at_place, *(line for _first, group in ranking.groups() for line in group)]
        waiting = next((line.submission for line in ranked if line.submission_id not in served), None)
        if waiting is not None:
            found[prize.pk] = waiting
            served.add(waiting.pk)
    return found


def _group_at(ranking: Ranking, position: int) -> tuple[int, tuple[StandingLine, ...]]:
    """The first position and the lines of the rank that covers `position`; (0, ()) beyond the last."""
    for first, group in ranking.groups():
        if first <= position < first + len(group):
            return first, group
    return 0, ()


def _of_prize(position: int | None, ranking: Ranking, holder: Proposal) -> Cause | None:
    if position is None:
        return Cause.FURTHER
    first, group = _group_at(ranking, position)
    if holder.submission_id not in {line.submission_id for line in group}:
        own = next((line.rank for line in ranking.lines if line.submission_id == holder.submission_id), None)
        return Cause.LOWERED if own is not None and own < position else Cause.ABOVE_RANK
    # Of equals, the last to be served was not chosen.
    return Cause.TIE if position < first + len(group) - 1 else None


def _of_amounts(proposals: Sequence[Proposal]) -> list[Departure]:
    return [
        Departure(proposal.submission, Cause.AMOUNT, proposal.prize)
        for proposal in proposals
        if proposal.prize is not None and (proposal.amount or 0) != (proposal.prize.amount or 0)
    ]
