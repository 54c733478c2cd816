"""The showcase's list and the project of a page, read by statements made once."""

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.reach import Someone
from bethune_smartcity.accounts.rules import is_agent, is_signed_in
from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled, number_of
from pillars.models import Pillar

from .models import Project
from .queries import MOMENT, placed, public_projects, search, visible_projects, with_next_step, with_picture

# More marks than these would hide each other.
MAPPED = 100
# What the list is narrowed by: the column of each filter, and the values it takes.
FILTERS: dict[str, tuple[str, Any]] = {
    "pillar": ("pillar__slug", Pillar._meta.get_field("slug")),
    "stage": ("state", Project._meta.get_field("state")),
}
Shape = Callable[[QuerySet[Project]], QuerySet[Any, Any]]


def _bare(projects: QuerySet[Project]) -> QuerySet[Project]:
    """`projects` alone, without their story: the page has the pillars."""
    return projects.select_related(None).defer("story", "search_text")


def _cards(projects: QuerySet[Project]) -> QuerySet[Project]:
    return with_picture(with_next_step(_bare(projects)))


def _marks(projects: QuerySet[Project]) -> QuerySet[Project]:
    return placed(_bare(projects))[:MAPPED]


def _found(moment: Any, **filters: Any) -> QuerySet[Project]:
    return public_projects(moment).filter(**{FILTERS[name][0]: value for name, value in filters.items()})


@cache
def _made(shape: Shape, *filters: str) -> Compiled:
    """The statement that reads what `shape` makes of the projects found by those filters."""
    slots = {name: FILTERS[name][1] for name in filters}
    return Compiled(lambda moment, **values: shape(_found(moment, **values)), moment=MOMENT, **slots)


def place_under(pillars: Iterable[Pillar], projects: Iterable[Project]) -> list[Project]:
    """`projects`, each with its pillar among `pillars`, which are all of them. No statement."""
    by_key, found = {pillar.pk: pillar for pillar in pillars}, list(projects)
    for project in found:
        # One added since the pillars were read is asked for.
        if project.pillar_id in by_key:
            project.pillar = by_key[project.pillar_id]
    return found


class Found:
    """The projects of the showcase that answer filters: their number and its parts are what a paginator asks.

    Args:
        pillars: all of them; each project has its own among them.
        words: what the projects hold, empty for any.
        filters: the values of those of FILTERS that are in force.
    """

    def __init__(self, pillars: list[Pillar], words: str, filters: dict[str, str]) -> None:
        self.pillars, self.words, self.filters = pillars, words, filters
        self.moment = clock.now()

    def count(self) -> int:
        if self.words:
            return self._searched().count()
        return int(_made(number_of, *self.filters).first(moment=self.moment, **self.filters))

    def __getitem__(self, part: slice) -> list[Project]:
        """Those of that part of the list, each with its next step and its picture. One statement."""
        if self.words:
            return place_under(self.pillars, _cards(self._searched())[part])
        cards = _made(_cards, *self.filters)
        return place_under(self.pillars, cards.part(part.start, part.stop, moment=self.moment, **self.filters))

    def marks(self) -> list[Project]:
        """The first of them that stand somewhere on the map. One statement."""
        if self.words:
            return place_under(self.pillars, _marks(self._searched()))
        return place_under(self.pillars, _made(_marks, *self.filters).fetch(moment=self.moment, **self.filters))

    def _searched(self) -> QuerySet[Project]:
        # Its shape depends on how many words are sought.
        return search(_found(self.moment, **self.filters), self.words)


def _to_read(user: Any, slug: Any, moment: Any) -> QuerySet[Project]:
    return visible_projects(user, moment).select_related("replication").filter(slug=slug)


ADDRESS = {"slug": Project._meta.get_field("slug"), "moment": MOMENT}
FOR_VISITORS = Compiled(partial(_to_read, AnonymousUser()), **ADDRESS)
FOR_PEOPLE, FOR_AGENTS = (
    Compiled(
        partial(lambda agent, user, **of: _to_read(Someone(user, is_agent=agent), **of), agent),
        user=User._meta.pk,
        **ADDRESS,
    )
    for agent in (False, True)
)


def project_to_read(user: Any, slug: str) -> Project | None:
    """The project of that address with its replication file, None when there is none that `user` may open."""
    if not is_signed_in(user):
        return FOR_VISITORS.first(slug=slug, moment=clock.now())
    return (FOR_AGENTS if is_agent(user) else FOR_PEOPLE).first(user=user.pk, slug=slug, moment=clock.now())
