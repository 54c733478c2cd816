"""Projects as cards of the portal's own pages."""

from dataclasses import dataclass

from django.db.models import QuerySet

from projects.models import Project
from projects.queries import for_cards
from projects.views.parts import next_step


@dataclass(frozen=True)
class Card:
    """A project and its next step in words (empty when there is none)."""

    project: Project
    next_step: str


def cards(projects: QuerySet[Project], limit: int) -> list[Card]:
    """The newest `limit` of `projects` (from `projects.queries`) as cards."""
    newest = for_cards(projects).order_by("-opened_at", "pk")[:limit]
    return [Card(project, next_step(project)) for project in newest]
