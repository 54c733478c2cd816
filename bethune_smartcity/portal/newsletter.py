"""The newsletter: whoever follows the news, or a pillar's, is told of each article once it is public."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import can
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.broadcasts import Bulletin, register_bulletin, tell_each, untold
from bethune_smartcity.notifications.following import FOLLOWED, among
from bethune_smartcity.notifications.kinds import Audience, Kind, register_kind
from bethune_smartcity.notifications.leaving import Whole, register_edits, register_whole
from bethune_smartcity.notifications.planners import Edit
from bethune_smartcity.notifications.tidings import Tidings
from bethune_smartcity.notifications.tongues import marked
from bethune_smartcity.notifications.topics import Topic, Wish, register_topic
from pillars.queries import names_of

from .models import Article
from .queries.news import public_articles

NEWS, LETTER = "portal.news", "portal.newsletter"
WRITE = "portal.write_news"
# An article older than that is no news: after a long stop it is not told.
STALE_AFTER = timedelta(days=30)


def register() -> None:
    """Declare what is followed and what followers are told; called when the portal starts."""
    register_topic(
        Topic(NEWS, _("The news of the programme"), names_of, parts=_("Pillars"), whole=_("All the pillars"))
    )
    register_kind(
        Kind(
            LETTER,
            _("News of the programme"),
            template="portal/emails/newsletter",
            to_followers=True,
            audience=Audience.FOLLOWERS,
            group=FOLLOWED,
        )
    )
    register_whole(Article._meta.label_lower, wholes)
    register_edits(LETTER, edits)
    register_bulletin(
        LETTER,
        Bulletin(
            _wishes,
            _page,
            _context,
            holds=lambda article: article.is_public,
            told=_told_of,
            permission=WRITE,
            run_by=lambda user: Q() if can(user, WRITE) else Q(pk__in=[]),
        ),
    )


def _fresh(until: Any, stale: Any) -> QuerySet[Article]:
    fresh = public_articles(until).filter(published_at__gt=stale).prefetch_related(None)
    return untold(LETTER, fresh).only("published_at")


MOMENT = Article._meta.get_field("published_at")
FRESH = Compiled(_fresh, until=MOMENT, stale=MOMENT)


def plan(until: datetime) -> int:
    """Ask for the articles that became public up to the aware instant `until`. Returns how many were asked for."""
    fresh = FRESH.fetch(until=until, stale=until - STALE_AFTER)
    return tell_each(LETTER, fresh, since=lambda article: article.published_at)


def expect(user: Any, since: datetime, until: datetime) -> Iterator[Tidings]:
    """The articles planned that followers may be told of, for who writes the news. One statement at most."""
    if not can(user, WRITE):
        return iter(())
    planned = public_articles(until).filter(published_at__gt=since - STALE_AFTER).prefetch_related(None)
    return (_tidings(article) for article in planned)


def _desk(key: Any) -> str:
    """Where an article is written."""
    return reverse("admin:portal_article_change", args=[key])


def wholes(keys: Collection[str]) -> dict[str, Whole]:
    """The articles with those keys, as what followers are told about. One statement."""
    found = Article.objects.filter(pk__in=keys).prefetch_related(None)
    return {str(article.pk): Whole(f"article-{article.pk}", article.title, _desk(article.pk)) for article in found}


def edits(user: Any, keys: Collection[str]) -> Mapping[str, tuple[Edit, ...]]:
    """Where the articles with those keys are changed, for who writes the news."""
    if not can(user, WRITE):
        return {}
    return {key: (Edit(_("Change the article"), _desk(key)),) for key in keys}


def _tidings(article: Article) -> Tidings:
    page = _desk(article.pk)
    return Tidings(
        kind=LETTER,
        subject=article,
        at=article.published_at,
        told=_told_of(article),
        why=str(_("the article is published")),
        about=article.title,
        url=page,
        permission=WRITE,
        owner=article,
        edits=(Edit(_("Change the article"), page),),
    )


def _wishes(article: Article) -> list[Wish]:
    """Those who follow all the news, and those who follow its themes."""
    return [(NEWS, 0), *((NEWS, pillar.pk) for pillar in article.pillars.all())]


def _told_of(article: Article) -> Q:
    """What is followed of who is told of `article`, without asking which its themes are."""
    themes = Article.pillars.through.objects.filter(article=article).values("pillar")
    return among([(NEWS, 0)]) | Q(topic=NEWS, about__in=themes)


def _page(article: Article) -> tuple[str, dict[str, Any]]:
    return "portal:article", {"slug": article.slug}


def _context(article: Article) -> dict[str, Any]:
    headline = marked(article, "title")
    return {"title": article.title, "headline": headline, "standfirst": marked(article, "standfirst", before=headline)}
