"""The public pages, each with its addresses in the portal's languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from calls.queries import announced
from pillars.models import Pillar
from projects.queries import public_projects

from .legal import SLUGS
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
    "projects:replicate-any",
    "notifications:follow",
)
Route = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """A page: its address in French, and (language, address) for every language."""

    address: str
    alternates: list[tuple[str, str]]


def entries(moment: datetime) -> list[Entry]:
    """Every page open to all at the aware instant `moment`."""
    return [_entry(*route) for route in _routes(moment)]


def _routes(moment: datetime) -> Iterator[Route]:
    for name in ALWAYS:
        yield name, {}
    for slug in Pillar.objects.values_list("slug", flat=True):
        yield "portal:pillar", {"slug": slug}
    for call in announced(moment).only("slug", "results_at")[:MOST]:
        yield from _call_routes(call, moment)
    for slug in public_projects().values_list("slug", flat=True)[:MOST]:
        yield "projects:detail", {"slug": slug}
    for slug in public_articles(moment).values_list("slug", flat=True)[:MOST]:
        yield "portal:article", {"slug": slug}
    for slug in SLUGS:
        yield "portal:legal", {"slug": slug}


def _call_routes(call: Any, moment: datetime) -> Iterator[Route]:
    yield "calls:detail", {"slug": call.slug}
    yield "calls:questions", {"slug": call.slug}
    if call.results_at is not None and call.results_at <= moment:
        yield "juries:results", {"slug": call.slug}


def _entry(name: str, kwargs: dict[str, Any]) -> Entry:
    alternates = []
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            alternates.append((language, settings.SITE_URL + reverse(name, kwargs=kwargs)))
    return Entry(dict(alternates)[settings.LANGUAGE_CODE], alternates)
