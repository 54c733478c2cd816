"""The public pages: as people find them in the plan of the site, and as search engines read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Self

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.history import last_time
from calls.models import Call, Clarification
from calls.phases import Phase, phase_at
from calls.queries import announced
from calls.queries.page import rules_of_calls
from juries.models import PublicVote
from juries.queries.ballots import finalists
from juries.queries.programme import finales_told
from pillars.models import Pillar
from projects.models import Milestone, Project, ReplicationFile
from projects.queries import public_projects
from projects.workflow import PROJECT

from .legal import SLUGS
from .models import Article
from .queries.news import public_articles

# Search engines read 50,000 addresses of one file: those of 12,000 pages in four languages.
MOST, MOST_PAGES = 2000, 12_000
ALWAYS = (
    "portal:home",
    "portal:pillars",
    "calls:list",
    "projects:list",
    "portal:news",
    "portal:open-data",
    "api-docs",
    "portal:source",
    "portal:search",
    "projects:replicate-any",
    "notifications:follow",
)
# The lines of the journal about what the page of a call, of a project shows.
SHOWN = ("announce", "edit", "edit_calendar", "edit_form", "edit_rules", "move_deadline", "close_early", "archive")
SHOWN_OF_PROJECTS = ("open", "describe", "reword", "post_update", *(act.name for act in PROJECT.transitions))
Route = tuple[str, dict[str, Any], datetime | None]


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

        Each call tells `has_rules` and `has_finale`, `has_results` whether its results are out, before them
        `has_finalists` whether they are told, and `has_vote` whether its public votes; each project tells `has_file`,
        whether its replication file is open to all. Both tell `changed_at`, when what their page shows last changed.
        """
        votes = PublicVote.objects.filter(call=OuterRef("pk"), opens_at__lte=moment, closes_at__gt=moment)
        calls = announced(moment).annotate(
            has_rules=Exists(rules_of_calls(clock.today()).filter(call=OuterRef("pk"))),
            has_finale=Exists(finales_told().filter(call=OuterRef("pk"))),
            vote_is_open=Exists(votes),
            has_shortlist=Exists(finalists(OuterRef("pk"), moment)),
            written_at=last_time(Call, *SHOWN),
            answered_at=_latest(Clarification.objects.filter(call=OuterRef("pk")), "answered_at"),
        )
        found = list(calls.order_by("-opens_at")[:MOST])
        for call in found:
            call.has_results = call.results_at is not None and call.results_at <= moment
            is_judged = phase_at(call, moment) == Phase.CLOSED
            call.has_vote = call.vote_is_open and is_judged
            call.has_finalists = call.has_shortlist and is_judged
            own = (call.announced_at, call.opens_at, call.closes_at, call.results_at, call.archived_at)
            call.changed_at = last_of(moment, *own, call.written_at, call.answered_at)
        told = list(_projects()[:MOST])
        for project in told:
            project.changed_at = last_of(moment, project.opened_at, project.written_at, project.accepted_at)
        articles = public_articles(moment).prefetch_related(None)
        return cls(list(Pillar.objects.all()), found, told, list(articles[:MOST]))


def last_of(moment: datetime, *instants: datetime | None) -> datetime | None:
    """The last of `instants` that the aware instant `moment` has reached."""
    return max((at for at in instants if at and at <= moment), default=None)


def _latest(rows: QuerySet[Any], name: str) -> Subquery:
    return Subquery(rows.filter(**{f"{name}__isnull": False}).order_by(f"-{name}").values(name)[:1])


def _projects() -> QuerySet[Project]:
    files = ReplicationFile.objects.filter(project=OuterRef("pk"), is_public=True)
    return (
        public_projects()
        .annotate(
            has_file=Exists(files),
            file_changed_at=_latest(files, "changed_at"),
            written_at=last_time(Project, *SHOWN_OF_PROJECTS),
            accepted_at=_latest(Milestone.objects.filter(project=OuterRef("pk")), "accepted_at"),
        )
        .order_by("-opened_at", "pk")
    )


@dataclass(frozen=True)
class Entry:
    """A page in one language: its address, (language, address) for every language, when it last changed if known."""

    address: str
    alternates: list[tuple[str, str]]
    changed_at: datetime | None


def entries(moment: datetime) -> list[Entry]:
    """Every page open to all at the aware instant `moment`, in every language."""
    routes = islice(_routes(Plan.at(moment)), MOST_PAGES)
    return [entry for route in routes for entry in _entries(*route)]


def _routes(plan: Plan) -> Iterator[Route]:
    for name in ALWAYS:
        yield name, {}, None
    for pillar in plan.pillars:
        yield "portal:pillar", {"slug": pillar.slug}, None
    for call in plan.calls:
        yield from _call_routes(call)
    for project in plan.projects:
        yield "projects:detail", {"slug": project.slug}, project.changed_at
        if project.has_file:
            yield "projects:dossier", {"slug": project.slug}, project.file_changed_at
    for article in plan.articles:
        yield "portal:article", {"slug": article.slug}, article.updated_at
    for slug in SLUGS:
        yield "portal:legal", {"slug": slug}, None


def _call_routes(call: Any) -> Iterator[Route]:
    pages = {
        "calls:detail": (True, call.changed_at),
        "calls:questions": (True, call.answered_at),
        "calls:rules": (call.has_rules, None),
        "juries:finale": (call.has_finale, None),
        "juries:vote": (call.has_vote, None),
        "juries:results": (call.has_results or call.has_finalists, call.results_at if call.has_results else None),
    }
    for name, (is_there, changed_at) in pages.items():
        if is_there:
            yield name, {"slug": call.slug}, changed_at


def _entries(name: str, kwargs: dict[str, Any], changed_at: datetime | None) -> list[Entry]:
    alternates = []
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            alternates.append((language, settings.SITE_URL + reverse(name, kwargs=kwargs)))
    known = [*alternates, ("x-default", dict(alternates)[settings.LANGUAGE_CODE])]
    return [Entry(address, known, changed_at) for _language, address in alternates]
