"""Pillars with what goes on under each."""

from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bethune_smartcity.portal.charts import points
from calls.models import Call
from calls.queries import announced, in_lists
from pillars.models import Indicator, Pillar, Reading
from projects.queries import public_projects

READINGS_SHOWN = 12
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
    """The indicators of `pillar`, each with its `latest` readings, oldest first, and their `points` on a chart."""
    last = Prefetch("readings", queryset=Reading.objects.order_by("-day")[:READINGS_SHOWN], to_attr="latest")
    indicators = list(pillar.indicators.prefetch_related(last))
    for indicator in indicators:
        indicator.latest.reverse()
        indicator.points = points([reading.value for reading in indicator.latest])
    return indicators
