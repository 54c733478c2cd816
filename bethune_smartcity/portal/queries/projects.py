"""Projects as cards of the portal's own pages."""

from dataclasses import dataclass

from django.db.models import QuerySet

from projects.models import Project
from projects.queries import for_cards, with_picture
from projects.views.parts import next_step, picture_url


@dataclass(frozen=True)
class Card:
    """A project, its next step in words and the address of its picture (both empty when there is none)."""

    project: Project
    next_step: str
    picture: str


def cards(projects: QuerySet[Project], limit: int) -> list[Card]:
    """The newest `limit` of `projects` (from `projects.queries`) as cards."""
    newest = with_picture(for_cards(projects)).order_by("-opened_at", "pk")[:limit]
    return [Card(project, next_step(project), picture_url(project)) for project in newest]
