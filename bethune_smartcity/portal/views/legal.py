"""Accessibility, legal notice, personal data, cookies and site map."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import Guarded, PublicPage
from bethune_smartcity.core.language import language_of
from bethune_smartcity.core.models import City, LegalText
from bethune_smartcity.portal.legal import PAGES
from bethune_smartcity.portal.sitemap import Plan


class LegalPage(TemplateView):
    """One of the pages of `portal.legal`, with the words the city wrote in place of the portal's."""

    shown = "text"

    def get_template_names(self) -> list[str]:
        return [PAGES[self.kwargs["slug"]].template]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = PAGES[self.kwargs["slug"]]
        extra = {"accessibilite": self.city, "cookies": self.cookies, "plan-du-site": self.listed}.get(page.slug, dict)
        return super().get_context_data(page=page, crumbs=[(page.title, "")], **self.own(), **extra(), **kwargs)

    def own(self) -> dict[str, Any]:
        """The words written for this page and their language; nothing when the portal's own stand."""
        if self.kwargs["slug"] not in LegalText.Page.values:
            return {}
        written = LegalText.objects.filter(page=self.kwargs["slug"]).first()
        text = getattr(written, self.shown, "") or ""
        return {"own_text": text, "own_language": language_of(written, self.shown)} if text else {}

    def city(self) -> dict[str, Any]:
        return {"city": City.current()}

    def cookies(self) -> dict[str, Any]:
        """The names the portal's cookies have here."""
        return {"cookies": {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}}

    def listed(self) -> dict[str, Any]:
        """What the site map lists beside the fixed pages."""
        return {"pages": PAGES.values(), "plan": Plan.at(clock.now())}


class Legal(PublicPage, LegalPage):
    """The page as everyone reads it."""

    kept_by = ()


class Preview(Guarded, LegalPage):
    """The page as it would be with the text that is being written, for those who write it."""

    permission = "portal.edit_legal_texts"
    shown = "draft"
    extra_context = {"preview": True}

    def fetch(self) -> None:
        if self.kwargs["slug"] not in LegalText.Page.values:
            raise Http404
