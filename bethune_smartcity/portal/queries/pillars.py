"""Pillars with what goes on under each."""

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

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
    indicators = list(pillar.indicators.prefetch_related(Prefetch("readings", queryset=_shown(), to_attr="shown")))
    for indicator in indicators:
        indicator.baseline = indicator.shown[0] if indicator.shown else None
        indicator.latest = indicator.shown[-READINGS_SHOWN:]
        indicator.trend = _trend(indicator)
    return indicators


def _shown() -> QuerySet[Reading]:
    """The first reading of each indicator and its last READINGS_SHOWN, oldest first."""
    of_one = {"expression": RowNumber(), "partition_by": "indicator"}
    placed = Reading.objects.annotate(
        from_first=Window(**of_one, order_by="day"), from_last=Window(**of_one, order_by="-day")
    )
    return placed.filter(Q(from_first=1) | Q(from_last__lte=READINGS_SHOWN)).order_by("day")


def _trend(indicator: Any) -> Trend | None:
    baseline, latest = indicator.baseline, indicator.latest
    if not latest or latest[-1] == baseline:
        return None
    return trend(baseline.value, latest[-1].value, indicator.rising_is_better)
