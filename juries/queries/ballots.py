"""The public vote as numbers: who may be chosen, how many voted by which way, which minutes look odd."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncMinute

from calls.models import Call, Submission
from calls.workflow import SubmissionState
from juries.models import Ballot, PublicVote

# A minute with this many ballots, and this many times the usual minute, is worth a look.
BURST_FLOOR = 10
BURST_FACTOR = 5


def finalists(call: Call, moment: datetime) -> QuerySet[Submission]:
    """The finalists of `call` that are public at the aware instant `moment`, by number: those one may vote for."""
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
    counts = {row["channel"]: row for row in rows.annotate(all=Count("pk"), void=Count("voided_at"))}
    return Turnout(tuple(_channel(name, label, counts.get(name)) for name, label in Ballot.Channel.choices))


def _channel(name: str, label: Any, row: dict[str, Any] | None) -> Channel:
    if row is None:
        return Channel(name, str(label), 0, 0)
    return Channel(name, str(label), row["all"] - row["void"], row["void"])


@dataclass(frozen=True)
class Burst:
    """A minute in which far more ballots came by one channel than usual."""

    channel: str
    at: datetime
    ballots: int


def bursts(vote: PublicVote) -> list[Burst]:
    """The minutes with at least 10 ballots by one channel and 5 times its usual minute, busiest first (at most 20)."""
    found = []
    for channel in Ballot.Channel.values:
        minutes = _busiest_minutes(vote, channel)
        usual = _usual_minute(vote, channel)
        limit = max(BURST_FLOOR, BURST_FACTOR * usual)
        found += [Burst(channel, row["minute"], row["n"]) for row in minutes if row["n"] >= limit]
    return sorted(found, key=lambda burst: -burst.ballots)[:20]


def _busiest_minutes(vote: PublicVote, channel: str) -> Iterable[dict[str, Any]]:
    ballots = Ballot.objects.filter(vote=vote, channel=channel, voided_at__isnull=True)
    minutes = ballots.annotate(minute=TruncMinute("cast_at")).values("minute").annotate(n=Count("pk"))
    return minutes.order_by("-n", "minute")[:20]


def _usual_minute(vote: PublicVote, channel: str) -> float:
    """Ballots per minute between the first and the last ballot of the channel."""
    span = Ballot.objects.filter(vote=vote, channel=channel).aggregate(
        n=Count("pk"), a=Min("cast_at"), b=Max("cast_at")
    )
    if not span["n"]:
        return 0.0
    return span["n"] / max(1.0, (span["b"] - span["a"]).total_seconds() / 60)


def leaders(totals: dict[str, Any]) -> list[str]:
    """The ids of the submissions with the most valid ballots in frozen `totals`; several in a tie, none without any."""
    by_submission = {pk: row["total"] for pk, row in totals.get("submissions", {}).items()}
    best = max(by_submission.values(), default=0)
    return sorted(pk for pk, total in by_submission.items() if total == best and best > 0)
