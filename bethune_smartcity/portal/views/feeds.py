"""The Atom feeds: outside the languages' prefixes, in the language that `?langue=` names, kept by caches.

The news are told by theme too (`?theme=`).
"""

from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views import View

from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.portal import feeds
from pillars.models import Pillar

KEPT_FOR = 300
LANGUAGES = {code for code, _name in settings.LANGUAGES}


def language_asked(request: HttpRequest) -> str:
    """The language that `?langue=` names, French when it names none of the portal's."""
    asked = request.GET.get("langue", "")
    return asked if asked in LANGUAGES else settings.LANGUAGE_CODE


class AtomFeed(PublicPage, View):
    """A feed, or 304 to who has it already."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]

    def feed(self) -> feeds.PortalFeed:
        raise NotImplementedError(f"{type(self).__name__} has no feed()")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        language = language_asked(request)
        with translation.override(language):
            feed = self.feed()
            answer = feed(request)
            changed = feed.last_change()
        # Of the rows, not of the entries shown: what was taken back is news too.
        del answer["Last-Modified"]
        if changed is not None:
            answer["Last-Modified"] = http_date(changed.timestamp())
        answer["ETag"] = f'"{sha256(answer.content).hexdigest()[:32]}"'
        answer["Content-Language"] = language
        answer["Cache-Control"] = f"public, max-age={KEPT_FOR}"
        # By what it holds alone: a text may change within a second, or without a date of its own.
        return get_conditional_response(request, etag=answer["ETag"], response=answer)


class News(AtomFeed):
    def feed(self) -> feeds.PortalFeed:
        """All the news, or those of the theme asked for. Raises Http404 where there is no such theme."""
        theme = self.request.GET.get("theme", "")
        return feeds.NewsFeed(get_object_or_404(Pillar, slug=theme) if theme else None)


class Calls(AtomFeed):
    def feed(self) -> feeds.PortalFeed:
        return feeds.CallsFeed()
