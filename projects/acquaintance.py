"""Whom agents meet through the projects they follow: their structures and mentors."""

from typing import Any

from django.db.models import QuerySet

from bethune_smartcity.accounts.acquaintance import Acquaintance

from .models import Project
from .queries import followed_projects


def people(user: Any) -> list[QuerySet[Any, Any]]:
    followed = followed_projects(user).order_by().values("pk")
    return [Project.mentors.through.objects.filter(project__in=followed).values("user")]


def structures(user: Any) -> list[QuerySet[Any, Any]]:
    return [followed_projects(user).order_by().values("structure")]


ACQUAINTANCE = Acquaintance(people=people, structures=structures)
