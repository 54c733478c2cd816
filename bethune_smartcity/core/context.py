"""What every page knows: whose portal this is, which moment it lives in, which languages it speaks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, override

from . import clock
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
        there = _reversed(code, match.view_name, tuple(match.args), tuple(match.kwargs.items()))
    except NoReverseMatch:
        return request.get_full_path()
    query = request.META.get("QUERY_STRING", "")
    return f"{there}?{iri_to_uri(query)}" if query else there


@lru_cache(maxsize=4096)
def _reversed(code: str, view: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    """The address of a view in a language, which no data changes."""
    with override(code):
        return str(reverse(view, args=args, kwargs=dict(kwargs)))


def portal(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "portal": Portal(
            demo=settings.DEMO,
            site_name="Béthune Smart City",
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
