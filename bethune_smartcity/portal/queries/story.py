"""A finished call told in figures: what came in, from where, who pitched, who won."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count

from calls.models import Call, Prize, Submission
from juries.models import Award, Panel, Proposal

KEPT_FOR = 3600


@dataclass(frozen=True)
class Winner:
    """A structure that won a prize, and what it was awarded."""

    name: str
    amount: Decimal | None
    also_public: bool


@dataclass(frozen=True)
class Figures:
    """What the home page tells of a call. Countries are ISO codes, the most frequent first."""

    submissions: int
    countries: tuple[str, ...]
    finalists: tuple[str, ...]
    winners: tuple[Winner, ...]
    partners: tuple[str, ...]


def figures_of(call: Call, moment: datetime) -> Figures | None:
    """The figures of `call` at the aware instant `moment`, None before its results are public.

    Kept for an hour: they count all applications, and published results do not change.
    """
    if call.results_at is None or moment < call.results_at:
        return None
    key = f"portal:figures:{call.pk}:{call.results_at.timestamp()}:{call.last_number}"
    figures: Figures = cache.get_or_set(key, lambda: _count(call, moment), KEPT_FOR)
    return figures


def _count(call: Call, moment: datetime) -> Figures:
    return Figures(
        submissions=call.last_number,
        countries=_countries(call),
        finalists=_finalists(call, moment),
        winners=_winners(call, moment),
        partners=tuple(call.partners.values_list("name", flat=True)),
    )


def _countries(call: Call) -> tuple[str, ...]:
    numbered = Submission.objects.filter(call=call, number__isnull=False)
    counts = numbered.values("structure__country").annotate(count=Count("pk")).order_by("-count", "structure__country")
    return tuple(str(row["structure__country"]) for row in counts)


def _finalists(call: Call, moment: datetime) -> tuple[str, ...]:
    kept = Proposal.objects.filter(
        panel__call=call,
        panel__stage=Panel.Stage.READING,
        panel__publish_at__lte=moment,
        verdict=Proposal.Verdict.KEEP,
    )
    return tuple(kept.order_by("submission__number").values_list("submission__structure__name", flat=True))


def _winners(call: Call, moment: datetime) -> tuple[Winner, ...]:
    awards = Award.objects.filter(call=call, publish_at__lte=moment).order_by("prize__rank")
    awards = awards.select_related("prize", "submission__structure")
    loved = {award.submission_id for award in awards if award.prize.kind == Prize.Kind.PUBLIC}
    return tuple(
        Winner(award.submission.structure.name, award.amount, award.submission_id in loved)
        for award in awards
        if award.prize.kind == Prize.Kind.JURY
    )
