"""What every page knows: whose portal this is, which moment it lives in, which languages it speaks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, translate_url
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from . import clock
from .addresses import reversed_in
from .demo import ClockBar, clock_bar
from .models import City


@dataclass(frozen=True)
class Portal:
    demo: bool
    site_name: str
    site_url: str
    city: Any
    now: datetime
    languages: list[tuple[str, str, str]]
    language: str
    is_agent: bool
    is_staff: bool
    clock: ClockBar | None
    source_url: str


def languages_of(request: HttpRequest) -> list[tuple[str, str, str]]:
    """(code, own name, address of this same page) for each language of the portal."""
    return [(code, own_name(code), address_in(request, code)) for code, _name in settings.LANGUAGES]


@cache
def own_name(code: str) -> str:
    """How the language of that code calls itself."""
    return str(get_language_info(code)["name_local"].capitalize())


def address_in(request: HttpRequest, code: str) -> str:
    """The address of this same page in the language of that code; the present address where it has no other."""
    match = request.resolver_match
    if match is None:
        return translate_url(request.get_full_path(), code)
    try:
        there = reversed_in(code, match.view_name, tuple(match.args), tuple(match.kwargs.items()))
    except NoReverseMatch:
        return request.get_full_path()
    query = request.META.get("QUERY_STRING", "")
    return f"{there}?{iri_to_uri(query)}" if query else there


def portal(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "portal": Portal(
            demo=settings.DEMO,
            site_name=settings.SITE_NAME,
            site_url=settings.SITE_URL,
            city=SimpleLazyObject(City.current),
            now=clock.now(),
            languages=languages_of(request),
            language=get_language() or "fr",
            is_agent=bool(getattr(user, "is_agent", False)),
            is_staff=bool(getattr(user, "is_staff", False)),
            clock=clock_bar(user),
            source_url=settings.SOURCE_URL,
        )
    }
