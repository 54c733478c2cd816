"""What search engines and security researchers look for at fixed addresses."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.models import City
from bethune_smartcity.portal.sitemap import entries

# What is someone's own, or the city's work: nothing to look for there.
CLOSED = (
    "/admin/",
    "/espace/",
    "/candidatures/",
    "/jury/",
    "/gestion/",
    "/salle/",
    "/fichiers/",
    "/demo/",
    "/connexion/",
    "/suivi/",
    "/suivre/confirmer/",
)
VALID_FOR = timedelta(days=180)


class Robots(PublicPage, TemplateView):
    template_name = "portal/robots.txt"
    content_type = "text/plain; charset=utf-8"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
        closed = [prefix + path for prefix in prefixes for path in CLOSED]
        return super().get_context_data(closed=closed, site_url=settings.SITE_URL, demo=settings.DEMO, **kwargs)


class Sitemap(PublicPage, TemplateView):
    template_name = "portal/sitemap.xml"
    content_type = "application/xml; charset=utf-8"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entries=entries(clock.now()), **kwargs)


class Security(PublicPage, TemplateView):
    """Whom to write to about a weakness (RFC 9116)."""

    template_name = "portal/security.txt"
    content_type = "text/plain; charset=utf-8"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expires = (clock.now() + VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
        city = City.current()
        return super().get_context_data(
            contact=city.contact_email, expires=expires.isoformat(), site_url=settings.SITE_URL, **kwargs
        )


class OpenSearch(PublicPage, TemplateView):
    """How a browser searches the portal from its address bar (OpenSearch 1.1)."""

    template_name = "portal/opensearch.xml"
    content_type = "application/opensearchdescription+xml; charset=utf-8"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(site_url=settings.SITE_URL, **kwargs)
