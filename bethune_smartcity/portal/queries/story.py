"""A finished call told in figures: what came in, from where, who pitched, who won."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q

from calls.models import Call, Prize, Submission
from juries.models import Panel, Proposal

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
    countries, told = _countries(call), list(_distinguished(call, moment))
    return Figures(
        submissions=sum(countries.values()),
        countries=tuple(countries),
        finalists=tuple(dict.fromkeys(row["structure__name"] for row in told if row["pitched"])),
        winners=_winners(told),
        partners=tuple(call.partners.values_list("name", flat=True)),
    )


def _countries(call: Call) -> dict[str, int]:
    """How many applications were handed in from each country, the most frequent first."""
    numbered = Submission.objects.filter(call=call, number__isnull=False)
    counts = numbered.values("structure__country").annotate(count=Count("pk")).order_by("-count", "structure__country")
    return {str(row["structure__country"]): row["count"] for row in counts}


def _distinguished(call: Call, moment: datetime) -> Any:
    """The applications kept for the finale or awarded, once for each award, jury's prizes first."""
    kept = Proposal.objects.filter(
        submission=OuterRef("pk"),
        panel__stage=Panel.Stage.READING,
        panel__publish_at__lte=moment,
        verdict=Proposal.Verdict.KEEP,
    )
    public = FilteredRelation("awards", condition=Q(awards__publish_at__lte=moment))
    submissions = Submission.objects.filter(call=call).annotate(pitched=Exists(kept), won=public)
    told = submissions.filter(Q(pitched=True) | Q(won__isnull=False))
    return told.order_by("won__prize__kind", "won__prize__rank", "number").values(
        "pk", "pitched", "structure__name", "won__prize__kind", "won__amount"
    )


def _winners(told: list[dict[str, Any]]) -> tuple[Winner, ...]:
    loved = {row["pk"] for row in told if row["won__prize__kind"] == Prize.Kind.PUBLIC}
    return tuple(
        Winner(row["structure__name"], row["won__amount"], row["pk"] in loved)
        for row in told
        if row["won__prize__kind"] == Prize.Kind.JURY
    )
