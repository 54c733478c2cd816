"""Projects as cards of the portal's own pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bethune_smartcity.core.statements import Compiled
from juries.models import Award
from pillars.models import Pillar
from projects.models import Project
from projects.queries import for_cards, public_projects, with_picture
from projects.showcase import place_under
from projects.views.parts import next_step, picture_url


@dataclass(frozen=True)
class Card:
    """A project, its next step in words and the address of its picture (both empty when there is none)."""

    project: Project
    next_step: str
    picture: str


def cards(projects: QuerySet[Project], limit: int) -> list[Card]:
    """The newest `limit` of `projects` (from `projects.queries`) as cards."""
    return _drawn(_newest(projects, limit))


def newest_cards(pillars: list[Pillar], moment: datetime) -> list[Card]:
    """The newest projects of the showcase at the aware instant `moment`: some, for the home page, which has all
    `pillars`. One statement.
    """
    return _drawn(place_under(pillars, NEWEST.fetch(moment=moment)))


def cards_under(pillar: Pillar, moment: datetime) -> list[Card]:
    """The newest projects of the showcase under `pillar` at the aware instant `moment`. One statement."""
    return _drawn(place_under([pillar], UNDER.fetch(moment=moment, pillar=pillar.pk)))


def _newest(projects: QuerySet[Project], limit: int) -> QuerySet[Project]:
    return with_picture(for_cards(projects)).order_by("-opened_at", "pk")[:limit]


def _drawn(projects: Iterable[Project]) -> list[Card]:
    return [Card(project, next_step(project), picture_url(project)) for project in projects]


ON_HOME, ON_PILLAR = 3, 12
MOMENT = Award._meta.get_field("publish_at")
# The pages have the pillars.
NEWEST = Compiled(lambda moment: _newest(public_projects(moment), ON_HOME).select_related(None), moment=MOMENT)
UNDER = Compiled(
    lambda moment, pillar: _newest(public_projects(moment).filter(pillar=pillar), ON_PILLAR).select_related(None),
    moment=MOMENT,
    pillar=Pillar._meta.pk,
)
