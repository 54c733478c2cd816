"""What search engines and security researchers look for at fixed addresses."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.encoding import iri_to_uri
from django.utils.http import escape_leading_slashes
from django.utils.translation import override
from django.views.generic import RedirectView, TemplateView, View

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.models import City
from bethune_smartcity.portal.sitemap import entries

from .feeds import language_asked

# What is someone's own, or the city's work: nothing to look for there.
CLOSED = (
    "/admin/",
    "/espace/",
    "/candidatures/",
    "/jury/",
    "/gestion/",
    "/salle/",
    "/demo/",
    "/connexion/",
    "/suivi/",
    "/suivre/confirmer/",
)
# Django's redirects answer to everything.
READS = ("get", "head", "options")
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
    """How a browser searches the portal from its address bar (OpenSearch 1.1), in the language `?langue=` names."""

    template_name = "portal/opensearch.xml"
    content_type = "application/opensearchdescription+xml; charset=utf-8"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_asked(request)
        with override(language):
            answer = self.render_to_response(self.get_context_data(language=language)).render()
        answer["Content-Language"] = language
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(site_url=settings.SITE_URL, **kwargs)


class Manifest(PublicPage, View):
    """Under what name and sign a telephone keeps the portal (W3C, Web Application Manifest)."""

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        icons = [
            {"src": static(f"img/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
            for side in (192, 512)
        ]
        told = {
            "name": settings.SITE_NAME,
            "short_name": City.current().place,
            "lang": settings.LANGUAGE_CODE,
            "start_url": "/",
            "display": "browser",
            "background_color": "#faf6ef",
            "theme_color": "#0b5d66",
            "icons": [icon | {"purpose": "any maskable"} for icon in icons],
        }
        return JsonResponse(told, content_type="application/manifest+json")


class FixedPicture(PublicPage, RedirectView):
    """The portal's sign, where browsers look for it unasked."""

    http_method_names = READS
    name = ""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static(self.name)


class WithoutPrefix(PublicPage, RedirectView):
    """`/fr/…`: French has no prefix."""

    http_method_names = READS
    permanent = True

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        # One slash, whatever was typed: two would begin the address of another site.
        path = escape_leading_slashes("/" + kwargs["rest"].lstrip("/\\"))
        query = self.request.META.get("QUERY_STRING", "")
        return iri_to_uri(path) + (f"?{query}" if query else "")
