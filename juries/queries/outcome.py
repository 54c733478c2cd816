"""The one reader of results: what a viewer may know of a call's finalists, laureates and public prize at a moment."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, QuerySet, Subquery

from bethune_smartcity.core.access import can
from bethune_smartcity.core.statements import Compiled
from calls.models import Call, Prize, Submission
from calls.queries import announced
from juries.models import Award, Mention, Minutes, Panel, PublicVote

from .ballots import finalists


@dataclass(frozen=True)
class Distinction:
    """A prize given: what was announced, what is awarded, and why. Amounts in euros."""

    prize: Prize
    submission: Submission
    announced: Decimal | None
    awarded: Decimal | None
    support: str
    reason: str
    renderings: dict[str, Any] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether the amount awarded is not the one announced."""
        return (self.announced or 0) != (self.awarded or 0)


@dataclass(frozen=True)
class Withheld:
    """A prize of the jury that goes to nobody, and why."""

    prize: Prize
    reason: str


@dataclass(frozen=True)
class Mentioned:
    """A finalist without a prize to whom the jury gives a special mention, and its words."""

    submission: Submission
    words: str
    renderings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Voices:
    """The ballots of one finalist in the public vote, and their share of the valid ones in per cent."""

    submission: Submission
    ballots: int
    share: float


@dataclass(frozen=True)
class Ballots:
    """The public vote as counted, the most voted first."""

    valid: int
    void: int
    lines: tuple[Voices, ...]


@dataclass(frozen=True)
class Outcome:
    """What came out of a call. `is_public` is false for the jury and agents who read it before the hour."""

    call: Call
    is_public: bool
    public_at: datetime
    jury_prizes: tuple[Distinction, ...]
    public_prize: Distinction | None
    ballots: Ballots | None
    finalists: tuple[Submission, ...]
    withheld: tuple[Withheld, ...] = ()
    mentions: tuple[Mentioned, ...] = ()

    @property
    def laureates(self) -> list[Submission]:
        """Those who got a prize, in the order of the prizes, each once."""
        given = [*self.jury_prizes, *([self.public_prize] if self.public_prize else [])]
        return list({one.submission.pk: one.submission for one in given}.values())

    @property
    def other_finalists(self) -> list[Submission]:
        """The finalists with neither a prize nor a special mention, by name."""
        served = {submission.pk for submission in (*self.laureates, *(one.submission for one in self.mentions))}
        return sorted((one for one in self.finalists if one.pk not in served), key=lambda one: one.title.casefold())


def published_awards(moment: datetime) -> QuerySet[Award]:
    """The awards of calls whose results are out at the aware instant `moment`, with prize, application and call."""
    awards = Award.objects.filter(publish_at__lte=moment, call__results_at__lte=moment, call__announced_at__lte=moment)
    return awards.select_related("call", "prize", "submission__structure", "submission__pillar")


def published_mentions(moment: datetime) -> QuerySet[Mention]:
    """The special mentions of calls whose results are out at the aware instant `moment`, with application and call."""
    out = Mention.objects.filter(publish_at__lte=moment, call__results_at__lte=moment, call__announced_at__lte=moment)
    return out.select_related("call", "submission__structure", "submission__pillar")


def mentions_told(submissions: Collection[UUID], moment: datetime) -> dict[UUID, Mention]:
    """The special mentions public at the aware instant `moment`, by the keys of `submissions`. One statement."""
    told = published_mentions(moment).select_related(None).filter(submission__in=submissions)
    return {one.submission_id: one for one in told}


PUBLIC = Compiled(
    lambda slug, moment: announced(moment).filter(slug=slug).select_related("public_vote"),
    slug=Call._meta.get_field("slug"),
    moment=Call._meta.get_field("announced_at"),
)


def judged_call(slug: str, moment: datetime) -> Call | None:
    """The call of that address, public at the aware instant `moment`, with its vote. One statement."""
    return PUBLIC.first(slug=slug, moment=moment)


def outcome_for(call: Call, viewer: Any, moment: datetime) -> Outcome | None:
    """What `viewer` may know of the results of `call` at the aware instant `moment`; None when nothing.

    Before `call.results_at`, only the finale's jury and agents with a right on the call know, once proclaimed; for
    everyone else there is nothing yet. Three statements once public, with the call's vote at hand, whatever the size.
    """
    if call.results_at is None or call.announced_at is None or moment < call.announced_at:
        return None
    is_public = moment >= call.results_at
    if not is_public and not can(viewer, "juries.see_outcome", call):
        return None
    given = _distinctions(call)
    running = tuple(RUNNING.fetch(call=call.pk, moment=max(moment, call.results_at)))
    return Outcome(
        call=call,
        is_public=is_public,
        public_at=call.results_at,
        jury_prizes=tuple(one for one in given if one.prize.kind == Prize.Kind.JURY),
        public_prize=next((one for one in given if one.prize.kind == Prize.Kind.PUBLIC), None),
        ballots=_ballots(call, running),
        finalists=running,
        withheld=_withheld(call),
        mentions=tuple(Mentioned(one, one.mentioned, one.mention_rendered) for one in running if one.mentioned),
    )


def shortlist_for(call: Call, moment: datetime) -> list[Submission]:
    """The finalists of `call` that everyone may know at the aware instant `moment`, by name; empty before."""
    return sorted(finalists(call, moment), key=lambda one: one.title.casefold())


def _given(call: Any) -> QuerySet[Award]:
    awards = Award.objects.filter(call=call).select_related("prize", "submission__structure", "submission__pillar")
    return awards.order_by("prize__kind", "prize__rank")


def _free(call: Any) -> QuerySet[Prize]:
    """The jury's prizes that went to nobody, each with what the minutes `said`."""
    said = Minutes.objects.filter(panel__call=call, panel__stage=Panel.Stage.FINALE).values("content__withheld")
    free = Prize.objects.filter(call=call, kind=Prize.Kind.JURY, award__isnull=True)
    return free.annotate(said=Subquery(said[:1], output_field=JSONField())).order_by("rank")


GIVEN, FREE = Compiled(_given, call=Call._meta.pk), Compiled(_free, call=Call._meta.pk)
RUNNING = Compiled(
    lambda call, moment: (
        finalists(call, moment)
        .annotate(mentioned=F("mention__words"), mention_rendered=F("mention__renderings"))
        .order_by("number")
    ),
    call=Call._meta.pk,
    moment=Submission._meta.get_field("decision_public_at"),
)


def _distinctions(call: Call) -> list[Distinction]:
    return [_distinction(award) for award in GIVEN.fetch(call=call.pk)]


def _withheld(call: Call) -> tuple[Withheld, ...]:
    """The jury's prizes that were not awarded, with the reason frozen in the minutes."""
    return tuple(
        Withheld(prize, {one["rank"]: one["reason"] for one in prize.said or ()}.get(prize.rank, ""))
        for prize in FREE.fetch(call=call.pk)
    )


def _distinction(award: Award) -> Distinction:
    return Distinction(
        prize=award.prize,
        submission=award.submission,
        announced=award.prize.amount,
        awarded=award.amount,
        support=award.support,
        reason=award.reason,
        renderings=award.renderings,
    )


def _ballots(call: Call, running: tuple[Submission, ...]) -> Ballots | None:
    vote: PublicVote | None = getattr(call, "public_vote", None)
    if vote is None or vote.disclosed_at is None:
        return None
    totals = vote.totals["submissions"]
    valid = vote.totals["valid"]
    counts = [(one, totals.get(str(one.pk), {}).get("total", 0)) for one in running]
    lines = [Voices(one, count, 100 * count / valid if valid else 0) for one, count in counts]
    return Ballots(
        valid=valid,
        void=vote.totals["void"],
        lines=tuple(sorted(lines, key=lambda line: (-line.ballots, line.submission.title.casefold()))),
    )
