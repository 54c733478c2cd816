"""The public pages: as people find them in the plan of the site, and as search engines read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from calls.models import Call
from calls.queries import announced
from calls.queries.page import rules_of_calls
from juries.queries.programme import finales_told
from pillars.models import Pillar
from projects.models import Project
from projects.queries import public_projects

from .legal import SLUGS
from .models import Article
from .queries.news import public_articles

# Search engines read no more of one file.
MOST = 2000
ALWAYS = (
    "portal:home",
    "portal:pillars",
    "calls:list",
    "projects:list",
    "portal:news",
    "portal:open-data",
    "portal:search",
    "projects:replicate-any",
    "notifications:follow",
)
Route = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Plan:
    """What is public beside the fixed pages: pillars, calls (each with what it has), projects, news."""

    pillars: list[Pillar]
    calls: list[Call]
    projects: list[Project]
    articles: list[Article]

    @classmethod
    def at(cls, moment: datetime) -> Self:
        """What everyone may read at the aware instant `moment`.

        Each call tells `has_rules` and `has_finale`, and `has_results` whether its results are out.
        """
        calls = announced(moment).annotate(
            has_rules=Exists(rules_of_calls(clock.today()).filter(call=OuterRef("pk"))),
            has_finale=Exists(finales_told().filter(call=OuterRef("pk"))),
        )
        found = list(calls.order_by("-opens_at")[:MOST])
        for call in found:
            call.has_results = call.results_at is not None and call.results_at <= moment
        projects = public_projects().order_by("-opened_at", "pk")
        articles = public_articles(moment).prefetch_related(None)
        return cls(list(Pillar.objects.all()), found, list(projects[:MOST]), list(articles[:MOST]))


@dataclass(frozen=True)
class Entry:
    """A page: its address in French, and (language, address) for every language."""

    address: str
    alternates: list[tuple[str, str]]


def entries(moment: datetime) -> list[Entry]:
    """Every page open to all at the aware instant `moment`."""
    return [_entry(*route) for route in _routes(Plan.at(moment))]


def _routes(plan: Plan) -> Iterator[Route]:
    for name in ALWAYS:
        yield name, {}
    for pillar in plan.pillars:
        yield "portal:pillar", {"slug": pillar.slug}
    for call in plan.calls:
        yield from _call_routes(call)
    for project in plan.projects:
        yield "projects:detail", {"slug": project.slug}
    for article in plan.articles:
        yield "portal:article", {"slug": article.slug}
    for slug in SLUGS:
        yield "portal:legal", {"slug": slug}


def _call_routes(call: Any) -> Iterator[Route]:
    pages = {
        "calls:detail": True,
        "calls:questions": True,
        "calls:rules": call.has_rules,
        "juries:finale": call.has_finale,
        "juries:results": call.has_results,
    }
    for name, is_there in pages.items():
        if is_there:
            yield name, {"slug": call.slug}


def _entry(name: str, kwargs: dict[str, Any]) -> Entry:
    alternates = []
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            alternates.append((language, settings.SITE_URL + reverse(name, kwargs=kwargs)))
    return Entry(dict(alternates)[settings.LANGUAGE_CODE], alternates)
