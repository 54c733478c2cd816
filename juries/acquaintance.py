"""Whom agents meet through the juries they organise: the jurors."""

from typing import Any

from django.db.models import QuerySet

from bethune_smartcity.accounts.acquaintance import Acquaintance
from juries.models import Juror
from juries.queries.organised import organised_panels


def people(user: Any) -> list[QuerySet[Any, Any]]:
    return [Juror.objects.filter(panel__in=organised_panels(user).values("pk")).values("user")]


def structures(user: Any) -> list[QuerySet[Any, Any]]:
    return []


ACQUAINTANCE = Acquaintance(people=people, structures=structures)
