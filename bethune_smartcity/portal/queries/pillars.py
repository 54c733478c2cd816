"""Pillars with what goes on under each."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from bethune_smartcity.core.statements import Compiled
from calls.models import Call
from calls.queries import announced, in_lists
from pillars.measures import Trend, trend
from pillars.models import Indicator, Objective, Pillar, Reading
from pillars.queries import with_pillar_keys
from projects.queries import public_projects

READINGS_SHOWN = 24
CALLS_SHOWN = 12


def _counted(moment: Any) -> QuerySet[Pillar]:
    own = public_projects(moment).filter(pillar=OuterRef("pk")).order_by().values("pillar")
    counted = Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)
    return Pillar.objects.annotate(project_count=counted).order_by("order")


def _calls_under(pillar: Any, moment: Any) -> QuerySet[Call]:
    return with_pillar_keys(in_lists(announced(moment).filter(pillars=pillar))).order_by("-opens_at")[:CALLS_SHOWN]


MOMENT, KEY = Call._meta.get_field("announced_at"), Pillar._meta.pk
COUNTED = Compiled(_counted, moment=MOMENT)
CALLS_UNDER = Compiled(_calls_under, pillar=KEY, moment=MOMENT)


def pillars_with_counts(moment: datetime) -> list[Pillar]:
    """The pillars in their official order, each with `project_count`, the projects one may read about at the aware
    instant `moment`. One statement.
    """
    return COUNTED.fetch(moment=moment)


def objectives_of(pillar: Pillar) -> list[Objective]:
    """What the city aims at under `pillar`, in its order. One statement."""
    return OBJECTIVES.fetch(pillar=pillar.pk)


def calls_under(pillar: Pillar, moment: datetime) -> list[Call]:
    """The latest calls that bear on `pillar` and were public at the aware instant `moment`, each with its
    `pillar_keys`. One statement.
    """
    return CALLS_UNDER.fetch(pillar=pillar.pk, moment=moment)


def indicators_of(pillar: Pillar) -> list[Indicator]:
    """The indicators of `pillar`, each with its `latest` readings, oldest first, its `baseline` and its `trend`.

    The baseline is the first reading of all; without two readings there is no trend. Two statements at most.
    """
    indicators = INDICATORS.fetch(pillar=pillar.pk)
    shown = defaultdict(list)
    for reading in SHOWN.fetch(pillar=pillar.pk) if indicators else ():
        shown[reading.indicator_id].append(reading)
    for indicator in indicators:
        own = shown[indicator.pk]
        indicator.baseline = own[0] if own else None
        indicator.latest = own[-READINGS_SHOWN:]
        indicator.trend = _trend(indicator)
    return indicators


def _shown(pillar: Any) -> QuerySet[Reading]:
    """The first reading of each indicator of a pillar and its last READINGS_SHOWN, oldest first."""
    of_one = {"expression": RowNumber(), "partition_by": "indicator"}
    placed = Reading.objects.filter(indicator__pillar=pillar).annotate(
        from_first=Window(**of_one, order_by="day"), from_last=Window(**of_one, order_by="-day")
    )
    return placed.filter(Q(from_first=1) | Q(from_last__lte=READINGS_SHOWN)).order_by("day")


INDICATORS = Compiled(lambda pillar: Indicator.objects.filter(pillar=pillar), pillar=KEY)
SHOWN = Compiled(_shown, pillar=KEY)
OBJECTIVES = Compiled(lambda pillar: Objective.objects.filter(pillar=pillar), pillar=KEY)


def _trend(indicator: Any) -> Trend | None:
    baseline, latest = indicator.baseline, indicator.latest
    if not latest or latest[-1] == baseline:
        return None
    return trend(baseline.value, latest[-1].value, indicator.rising_is_better)
