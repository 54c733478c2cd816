"""News and calls as Atom: addresses from the portal's own name, never from what a request says its host is."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.portal.models import Article
from calls.models import Call
from calls.queries import announced
from pillars.models import Pillar

from .queries.news import about, last_change, public_articles

ITEMS = 30


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


class Atom(Atom1Feed):
    """Atom whose date is the portal's, also while there is nothing to tell."""

    def latest_post_date(self) -> datetime:
        dates = [item[key] for item in self.items for key in ("pubdate", "updateddate") if item.get(key)]
        return max(dates, default=clock.start_of(clock.today()))


class PortalFeed(Feed):
    """A feed in the language that is active. Readers take what it says of an item for HTML: texts are escaped."""

    feed_type = Atom
    page = ""
    address = ""

    def author_name(self) -> str:
        return str(settings.SITE_NAME)

    def link(self) -> str:
        return absolute(reverse(self.page))

    def feed_url(self) -> str:
        return absolute(f"{reverse(self.address)}?langue={get_language()}")

    def feed_guid(self) -> str:
        return self.feed_url()

    def item_link(self, item: Any) -> str:
        return absolute(item.get_absolute_url())

    def last_change(self) -> datetime | None:
        """When the feed last changed; None when nothing was ever told."""
        raise NotImplementedError


class NewsFeed(PortalFeed):
    """The news, or those of one theme."""

    page, address = "portal:news", "news-feed"

    def __init__(self, theme: Pillar | None = None) -> None:
        self.theme = theme

    def title(self) -> str:
        if self.theme is None:
            return _("%(site)s: news") % {"site": settings.SITE_NAME}
        return _("%(site)s: news, %(theme)s") % {"site": settings.SITE_NAME, "theme": self.theme.name}

    def link(self) -> str:
        return f"{super().link()}?theme={self.theme.slug}" if self.theme else super().link()

    def feed_url(self) -> str:
        return f"{super().feed_url()}&theme={self.theme.slug}" if self.theme else super().feed_url()

    def subtitle(self) -> str:
        return _("What is happening in the programme: calls, projects, small steps.")

    def items(self) -> list[Article]:
        articles = public_articles(clock.now())
        return list((about(articles, self.theme) if self.theme else articles)[:ITEMS])

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return escape(item.standfirst)

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.updated_at

    def item_categories(self, item: Article) -> list[str]:
        return [pillar.name for pillar in item.pillars.all()]

    def last_change(self) -> datetime | None:
        return last_change(clock.now(), theme=self.theme)


class CallsFeed(PortalFeed):
    page, address = "calls:list", "calls-feed"

    def title(self) -> str:
        return _("%(site)s: calls for projects") % {"site": settings.SITE_NAME}

    def subtitle(self) -> str:
        return _("Each call for projects of the city, from its announcement to its results.")

    def items(self) -> list[Call]:
        newest = announced(clock.now()).order_by("-announced_at", "-pk")
        return list(newest.prefetch_related("pillars", "moves")[:ITEMS])

    def item_title(self, item: Call) -> str:
        return item.title

    def item_description(self, item: Call) -> str:
        last = wording.deadline(item.closes_at)
        if item.opening_is_approximate:
            sentence = pgettext("from about", "Applications from %(first)s to %(last)s.")
            dates = sentence % {"first": item.opens_when, "last": last}
        else:
            words = {"first": wording.instant(item.opens_at), "last": last}
            dates = _("Applications from %(first)s to %(last)s.") % words
        return escape(f"{item.summary} {dates}".strip())

    def item_pubdate(self, item: Call) -> datetime | None:
        return item.announced_at

    def item_updateddate(self, item: Call) -> datetime:
        """When the call was announced, one of its dates last moved or its results came out."""
        out = [item.results_at] if item.results_at and item.results_at <= clock.now() else []
        return max([item.announced_at, *(move.at for move in item.moves.all()), *out])

    def item_categories(self, item: Call) -> list[str]:
        return [pillar.name for pillar in item.pillars.all()]

    def last_change(self) -> datetime | None:
        return max(map(self.item_updateddate, self.items()), default=None)
