"""Forms on pages that everyone shares carry no token of one's own: where a post comes from is asked instead."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .errors import Forbidden

OURS = frozenset({"same-origin", "none"})


def is_from_here(request: HttpRequest) -> bool:
    """Whether a post comes from a page of the portal, as far as the browser says.

    Browsers say it in `Sec-Fetch-Site`, older ones in `Origin`. What says neither is no browser that carries
    someone's cookies from another site.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OURS
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc in {request.get_host(), urlsplit(settings.SITE_URL).netloc}


def require_from_here(request: HttpRequest) -> None:
    """Raise Forbidden for a post that another site's page makes a browser send."""
    if not is_from_here(request):
        raise Forbidden(
            "cross_site", _("This form was sent from another site: open it on the portal and send it again.")
        )
