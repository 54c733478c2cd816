"""The public vote as numbers: who may be chosen, how many voted by which way, which minutes look odd."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, JSONField, Max, Min, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, TruncMinute

from bethune_smartcity.core.digests import digest
from calls.models import Submission
from calls.workflow import SubmissionState
from juries.models import Ballot, Code, PublicVote

# A minute with this many ballots, and this many times the usual minute, is worth a look.
BURST_FLOOR = 10
BURST_FACTOR = 5


def finalists(call: Any, moment: Any) -> QuerySet[Submission]:
    """The finalists of `call` that are public at the aware instant `moment`: those one may vote for.

    Both may be slots.
    """
    shown = Q(state=SubmissionState.SHORTLISTED, decision_public_at__lte=moment)
    decided = Q(former_state=SubmissionState.SHORTLISTED) & ~Q(state=SubmissionState.WITHDRAWN)
    return Submission.objects.filter(shown | decided, call=call).select_related("pillar", "structure")


def visible_votes(user: Any, moment: datetime) -> QuerySet[PublicVote]:
    """The votes anyone may know of: those of calls announced at `moment`, with their call."""
    return PublicVote.objects.filter(call__announced_at__lte=moment).select_related("call")


@dataclass(frozen=True)
class Channel:
    """One way of voting and its ballots, choices left out."""

    name: str
    label: str
    valid: int
    void: int


@dataclass(frozen=True)
class Turnout:
    channels: tuple[Channel, ...]

    @property
    def valid(self) -> int:
        return sum(channel.valid for channel in self.channels)

    @property
    def void(self) -> int:
        return sum(channel.void for channel in self.channels)


def turnout(vote: PublicVote) -> Turnout:
    """How many ballots came by each channel: one statement, and nothing about what they say."""
    rows = Ballot.objects.filter(vote=vote).values("channel").order_by("channel")
    return _turnout({row["channel"]: row for row in rows.annotate(all=Count("pk"), void=Count("voided_at"))})


def turnout_within(call: Any) -> Subquery:
    """The same of the vote of `call`, an expression, as a column of another statement, for `told_turnout`."""
    figures = {}
    for name in Ballot.Channel.values:
        own = Q(channel=name)
        figures[name] = JSONObject(all=Count("pk", filter=own), void=Count("voided_at", filter=own))
    rows = Ballot.objects.filter(vote__call=call).order_by().values("vote").annotate(told=JSONObject(**figures))
    return Subquery(rows.values("told"), output_field=JSONField())


def told_turnout(told: dict[str, dict[str, int]] | None) -> Turnout:
    """What `turnout_within` read. No statement."""
    return _turnout(told or {})


def _turnout(counts: Mapping[str, dict[str, int]]) -> Turnout:
    return Turnout(tuple(_channel(name, label, counts.get(name)) for name, label in Ballot.Channel.choices))


def _channel(name: str, label: Any, row: dict[str, int] | None) -> Channel:
    if row is None:
        return Channel(name, str(label), 0, 0)
    return Channel(name, str(label), row["all"] - row["void"], row["void"])


def batches(vote: PublicVote) -> list[dict[str, Any]]:
    """The batches of printed codes: name, first and last serial, how many, how many voided."""
    rows = (
        Code.objects.filter(vote=vote)
        .values("batch")
        .annotate(first=Min("serial"), last=Max("serial"), issued=Count("pk"), voided=Count("voided_at"))
    )
    return list(rows.order_by("first"))


@dataclass(frozen=True)
class Burst:
    """A minute in which far more ballots came by one channel than usual."""

    channel: str
    at: datetime
    ballots: int

    @property
    def channel_label(self) -> str:
        return str(Ballot.Channel(self.channel).label)


def bursts(vote: PublicVote) -> list[Burst]:
    """The minutes with at least 10 ballots by one channel and 5 times its usual minute, busiest first (at most 20).

    Two statements.
    """
    limits = {channel: max(BURST_FLOOR, BURST_FACTOR * usual) for channel, usual in _usual_minutes(vote).items()}
    ballots = Ballot.objects.filter(vote=vote, voided_at__isnull=True).annotate(minute=TruncMinute("cast_at"))
    busiest = ballots.values("channel", "minute").annotate(n=Count("pk")).filter(n__gte=BURST_FLOOR)
    rows = busiest.order_by("-n", "minute")[:20]
    return [Burst(row["channel"], row["minute"], row["n"]) for row in rows if row["n"] >= limits[row["channel"]]]


def _usual_minutes(vote: PublicVote) -> dict[str, float]:
    """Ballots per minute between the first and the last ballot of each channel."""
    spans = Ballot.objects.filter(vote=vote).order_by().values("channel")
    rows = spans.annotate(n=Count("pk"), first=Min("cast_at"), last=Max("cast_at"))
    return {row["channel"]: row["n"] / max(1.0, (row["last"] - row["first"]).total_seconds() / 60) for row in rows}


def tally(vote: PublicVote) -> dict[str, Any]:
    """The vote as numbers: per submission and channel, valid and void; with the digest of those numbers."""
    rows = Ballot.objects.filter(vote=vote, voided_at__isnull=True).values("submission", "channel")
    submissions: dict[str, dict[str, int]] = {}
    for row in rows.annotate(n=Count("pk")).order_by("submission", "channel"):
        line = submissions.setdefault(str(row["submission"]), dict.fromkeys((*Ballot.Channel.values, "total"), 0))
        line[row["channel"]] += row["n"]
        line["total"] += row["n"]
    came = turnout(vote)
    totals = {
        "submissions": submissions,
        "channels": {channel.name: {"valid": channel.valid, "void": channel.void} for channel in came.channels},
        "valid": came.valid,
        "void": came.void,
    }
    return {**totals, "digest": digest(totals)}


def leaders(totals: dict[str, Any]) -> list[str]:
    """The ids of the submissions with the most valid ballots in frozen `totals`; several in a tie, none without any."""
    by_submission = {pk: row["total"] for pk, row in totals.get("submissions", {}).items()}
    best = max(by_submission.values(), default=0)
    return sorted(pk for pk, total in by_submission.items() if total == best and best > 0)
