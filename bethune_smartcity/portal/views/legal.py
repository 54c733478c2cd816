"""Accessibility, legal notice, personal data, cookies and site map."""

from typing import Any

from django.conf import settings
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.portal.legal import PAGES
from bethune_smartcity.portal.queries.news import public_articles
from calls.queries import announced
from pillars.models import Pillar
from projects.queries import public_projects

PROJECTS_LISTED = ARTICLES_LISTED = 100


class Legal(PublicPage, TemplateView):
    """One of the pages of `portal.legal`, chosen by its address."""

    kept_by = ()

    def get_template_names(self) -> list[str]:
        return [PAGES[self.kwargs["slug"]].template]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = PAGES[self.kwargs["slug"]]
        context = super().get_context_data(page=page, crumbs=[(page.title, "")], **kwargs)
        return (
            context
            | {"accessibilite": self.level, "cookies": self.cookies, "plan-du-site": self.listed}.get(page.slug, dict)()
        )

    def level(self) -> dict[str, Any]:
        return {"level": settings.ACCESSIBILITY}

    def cookies(self) -> dict[str, Any]:
        """The names the portal's cookies have here."""
        names = {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}
        return {"cookies": names | {"language": settings.LANGUAGE_COOKIE_NAME}}

    def listed(self) -> dict[str, Any]:
        """What the site map lists beside the fixed pages."""
        moment = clock.now()
        return {
            "pages": PAGES.values(),
            "pillars": Pillar.objects.all(),
            "calls": announced(moment).order_by("-opens_at"),
            "projects": public_projects()[:PROJECTS_LISTED],
            "articles": public_articles(moment).prefetch_related(None)[:ARTICLES_LISTED],
        }
