"""What each person may read of the news. Every list, page, feed and figure starts here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import clock
from bethune_smartcity.core.changes import dates_in
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.workflow import ArticleState
from calls.models import Call
from calls.queries import announced
from pillars.models import Pillar
from pillars.queries import with_pillar_keys
from projects.models import Project
from projects.queries import public_projects

LATEST = 3


def public_articles(moment: Any) -> QuerySet[Article]:
    """The articles public at the aware instant `moment` (or the slot of one), newest first, with their themes."""
    out = Article.objects.filter(state=ArticleState.PUBLISHED, published_at__lte=moment)
    return out.prefetch_related("pillars").order_by("-published_at", "-pk")


def latest_articles(moment: datetime) -> list[Article]:
    """The latest public articles at the aware instant `moment`, each with its `pillar_keys`. One statement."""
    return NEWEST.fetch(moment=moment)


def latest_about(pillar: Pillar, moment: datetime) -> list[Article]:
    """The latest of those that bear on `pillar`, each with its `pillar_keys`. One statement."""
    return ABOUT.fetch(moment=moment, pillar=pillar.pk)


def visible_articles(user: Any) -> QuerySet[Article]:
    """What `user` may open: public articles for everyone, drafts and planned ones too for agents, who preview them."""
    return Article.objects.prefetch_related("pillars") if is_agent(user) else public_articles(clock.now())


def about(articles: QuerySet[Article], pillar: Any) -> QuerySet[Article]:
    """Those of `articles` that bear on a pillar."""
    return articles.filter(pillars=pillar)


MOMENT = Article._meta.get_field("published_at")
NEWEST = Compiled(lambda moment: with_pillar_keys(public_articles(moment))[:LATEST], moment=MOMENT)
ABOUT = Compiled(
    lambda moment, pillar: with_pillar_keys(about(public_articles(moment), pillar))[:LATEST],
    moment=MOMENT,
    pillar=Pillar._meta.pk,
)


def related_to(article: Article, moment: datetime) -> list[Article]:
    """What to read after an article: public ones that share a theme first, then the latest of the rest."""
    themes = Article.pillars.through.objects.filter(article=OuterRef("pk"), pillar__in=article.pillars.all())
    others = public_articles(moment).exclude(pk=article.pk).annotate(shares=Exists(themes))
    return list(others.order_by("-shares", "-published_at", "-pk")[:LATEST])


def call_told(article: Article, moment: datetime) -> Call | None:
    """The call an article tells about, once that call is public."""
    return announced(moment).filter(pk=article.call_id).first() if article.call_id else None


def project_told(article: Article) -> Project | None:
    """The project an article tells about, while the showcase shows it."""
    return public_projects().filter(pk=article.project_id).first() if article.project_id else None


def last_change(moment: datetime, *, theme: Pillar | None = None) -> datetime | None:
    """When what the public reads last changed at the aware instant `moment`, an article taken back included.

    Of the articles on one `theme`, or of all.
    """
    told = Article.objects.exclude(state=ArticleState.DRAFT).filter(published_at__lte=moment)
    told = told if theme is None else about(told, theme)
    dates = told.aggregate(published=Max("published_at"), changed=Max("changed_at"))
    return max((date for date in dates.values() if date is not None), default=None)


def changes(after: datetime, until: datetime) -> Iterator[datetime]:
    """The instants after `after` and not after `until` at which planned articles become public. One statement."""
    yield from dates_in(Article.objects.filter(state=ArticleState.PUBLISHED), ("published_at",), after, until)
