"""When what each dataset tells last changed, as its own dates say. One statement each, but for subsidies."""

from datetime import datetime, timedelta

from django.db.models import Max

from bethune_smartcity.core.clock import PARIS, start_of
from calls.queries import announced, finished
from pillars.models import Reading
from projects.queries import public_projects

from .subsidies import agreements


def subsidy_changed(moment: datetime) -> datetime | None:
    return agreements(moment).aggregate(at=Max("at"))["at"]


def project_changed(moment: datetime) -> datetime | None:
    found = public_projects().order_by().aggregate(opened=Max("opened_at"), told=Max("updates__published_at"))
    return max((at for at in found.values() if at is not None), default=None)


def call_changed(moment: datetime) -> datetime | None:
    """The last passage of a call from one phase to the next."""
    dates = ("announced_at", "opens_at", "closes_at", "results_at", "archived_at")
    found = announced(moment).order_by().values_list(*dates)
    return max((at for row in found for at in row if at is not None and at <= moment), default=None)


def result_changed(moment: datetime) -> datetime | None:
    return finished(moment).aggregate(at=Max("results_at"))["at"]


def reading_changed(moment: datetime) -> datetime | None:
    today = moment.astimezone(PARIS).date()
    day = Reading.objects.filter(day__lte=today).aggregate(day=Max("day"))["day"]
    return start_of(day) + timedelta(hours=12) if day else None
