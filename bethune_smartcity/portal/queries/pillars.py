"""Pillars with what goes on under each."""

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from calls.models import Call
from calls.queries import announced, in_lists
from pillars.measures import Trend, trend
from pillars.models import Indicator, Pillar, Reading
from projects.queries import public_projects

READINGS_SHOWN = 24
CALLS_SHOWN = 12


def pillars_with_counts() -> QuerySet[Pillar]:
    """The pillars in their official order, each with `project_count`, the projects one may read about."""
    own = public_projects().filter(pillar=OuterRef("pk")).order_by().values("pillar")
    counted = Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)
    return Pillar.objects.annotate(project_count=counted).order_by("order")


def calls_under(pillar: Pillar, moment: datetime) -> list[Call]:
    """The latest calls that bear on `pillar` and were public at the aware instant `moment`."""
    return list(in_lists(announced(moment).filter(pillars=pillar)).order_by("-opens_at")[:CALLS_SHOWN])


def indicators_of(pillar: Pillar) -> list[Indicator]:
    """The indicators of `pillar`, each with its `latest` readings, oldest first, its `baseline` and its `trend`.

    The baseline is the first reading of all; without two readings there is no trend.
    """
    last = Prefetch("readings", queryset=Reading.objects.order_by("-day")[:READINGS_SHOWN], to_attr="latest")
    first = Prefetch("readings", queryset=Reading.objects.order_by("day")[:1], to_attr="earliest")
    indicators = list(pillar.indicators.prefetch_related(last, first))
    for indicator in indicators:
        indicator.latest.reverse()
        indicator.baseline = indicator.earliest[0] if indicator.earliest else None
        indicator.trend = _trend(indicator)
    return indicators


def _trend(indicator: Any) -> Trend | None:
    baseline, latest = indicator.baseline, indicator.latest
    if not latest or latest[-1] == baseline:
        return None
    return trend(baseline.value, latest[-1].value, indicator.rising_is_better)
