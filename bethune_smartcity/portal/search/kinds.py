"""The kinds of pages a search goes through. One more kind is one more entry of `KINDS`.

Rows come from the public reader of their own app, at the moment asked: what is not public yet is not found.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.core.language import language_of, page_language, said, text_of
from bethune_smartcity.core.search import plain
from bethune_smartcity.portal.legal import PAGES
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.queries.news import public_articles
from calls.models import Call, Clarification
from calls.phases import phase_told
from calls.queries import announced
from calls.queries.page import public_answers
from juries.models import Award
from juries.queries.outcome import published_awards
from pillars.models import Pillar
from projects.models import Project, Update
from projects.queries import public_projects, public_updates


@dataclass(frozen=True)
class Hit:
    """A page as a result: its title and text with the language each is in, and where it belongs."""

    url: str
    title: str
    title_language: str
    text: str = ""
    text_language: str = ""
    place: Any = ""
    place_language: str = ""


@dataclass(frozen=True)
class Kind:
    """Rows with a search column. `rows(moment)` are the public ones, in the order of equals.

    `once_by` names what several rows may be about: the first found of them stands for all.
    """

    key: str
    label: Any
    rows: Callable[[datetime], QuerySet[Any]]
    hit: Callable[[Any], Hit]
    is_translated: bool = False
    once_by: str = ""

    @property
    def column(self) -> str:
        """The search column of the page's language."""
        return f"search_text_{page_language()}" if self.is_translated else "search_text"


@dataclass(frozen=True)
class Few:
    """Pages so few that all are read: `rows(pillars)` are what they show."""

    key: str
    label: Any
    rows: Callable[[Iterable[Pillar]], Iterable[Hit]]


def call_hit(call: Call) -> Hit:
    name = next((n for n in ("summary", "purpose", "sought") if getattr(call, n)), "summary")
    told = [
        plain(getattr(call, n)) for n in ("summary", "purpose", "sought", "audience", "support") if getattr(call, n)
    ]
    return Hit(
        call.get_absolute_url(),
        call.title,
        language_of(call, "title"),
        " ".join(told),
        language_of(call, name),
        phase_told(call.phase),
    )


def question_hit(asked: Clarification) -> Hit:
    page = reverse("calls:questions", kwargs={"slug": asked.call.slug})
    call = asked.call
    return Hit(
        page,
        text_of(asked, "text"),
        language_of(asked, "text"),
        text_of(asked, "answer"),
        language_of(asked, "answer"),
        call.title,
        language_of(call, "title"),
    )


# How many of its prizes a laureate is found with: a jury gives few, and one to most.
PRIZES_TOLD = 4


def laureates(moment: datetime) -> QuerySet[Award]:
    """The awards that are out, each with the names of all the prizes its laureate won, as `won_1`, `won_2`…"""
    found = published_awards(moment).order_by("-publish_at", "prize__kind", "prize__rank", "pk")
    given = published_awards(moment).filter(submission=OuterRef("submission")).order_by("prize__kind", "prize__rank")
    names = given.annotate(told=said("prize__name")).values("told")
    return found.annotate(**{f"won_{n}": Subquery(names[n - 1 : n]) for n in range(1, PRIZES_TOLD + 1)})


def result_hit(award: Award) -> Hit:
    page = reverse("juries:results", kwargs={"slug": award.call.slug})
    won = award.submission
    return Hit(
        page,
        won.title,
        "fr",
        text_of(won, "one_line"),
        language_of(won, "one_line"),
        " · ".join(filter(None, (getattr(award, f"won_{n}") for n in range(1, PRIZES_TOLD + 1)))),
        language_of(award.prize, "name"),
    )


def project_hit(project: Project) -> Hit:
    told = " ".join(part for part in (project.one_line, plain(project.story)) if part)
    return Hit(
        project.get_absolute_url(),
        project.name,
        language_of(project, "name"),
        told,
        language_of(project, "story" if project.story else "one_line"),
        project.get_state_display(),
        page_language(),
    )


def update_hit(update: Update) -> Hit:
    project = update.project
    return Hit(
        project.get_absolute_url(),
        update.title,
        language_of(update, "title"),
        plain(update.body),
        language_of(update, "body"),
        project.name,
        language_of(project, "name"),
    )


def article_hit(article: Article) -> Hit:
    text = f"{article.standfirst} {plain(article.body)}"
    return Hit(
        article.get_absolute_url(),
        article.title,
        language_of(article, "title"),
        text,
        language_of(article, "body"),
        wording.day(article.published_at),
        page_language(),
    )


def pillar_hits(pillars: Iterable[Pillar]) -> list[Hit]:
    return [
        Hit(
            reverse("portal:pillar", kwargs={"slug": pillar.slug}),
            pillar.name,
            language_of(pillar, "name"),
            f"{pillar.tagline} {plain(pillar.vision)}".strip(),
            language_of(pillar, "vision" if pillar.vision else "tagline"),
        )
        for pillar in pillars
    ]


def pages(_pillars: Iterable[Pillar]) -> list[Hit]:
    code = page_language()
    return [
        Hit(reverse("portal:legal", kwargs={"slug": page.slug}), str(page.title), code, str(page.description), code)
        for page in PAGES.values()
    ]


KINDS: tuple[Kind | Few, ...] = (
    Kind(
        "calls",
        _("Calls for projects"),
        lambda moment: announced(moment).order_by("-opens_at", "pk"),
        call_hit,
        is_translated=True,
    ),
    Kind(
        "results",
        _("Laureates"),
        laureates,
        result_hit,
        once_by="submission",
    ),
    Kind(
        "projects",
        _("Projects"),
        lambda _moment: public_projects().order_by("-opened_at", "pk"),
        project_hit,
        is_translated=True,
    ),
    Kind(
        "updates",
        _("News of the projects"),
        lambda m: public_updates(m).order_by("-published_at", "pk"),
        update_hit,
        is_translated=True,
    ),
    Kind("news", _("News"), lambda m: public_articles(m).prefetch_related(None), article_hit, is_translated=True),
    Kind(
        "questions",
        _("Questions and answers"),
        lambda m: public_answers(m).order_by("-answered_at", "pk"),
        question_hit,
    ),
    Few("pillars", _("Pillars"), pillar_hits),
    Few("pages", _("About the portal"), pages),
)
