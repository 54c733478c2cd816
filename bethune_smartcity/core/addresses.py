"""Addresses of pages, which no data changes: each is found once in each language."""

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override


def address_of(view: str, **kwargs: Any) -> str:
    """The address of a public page in the language in force: what `reverse` says, for what lists name again and again.

    Not for an address that holds a secret: it would stay in memory.
    """
    return reversed_in(get_language() or settings.LANGUAGE_CODE, view, (), tuple(kwargs.items()))


@lru_cache(maxsize=4096)
def reversed_in(code: str, view: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    """The address of a view in the language of that code. Raises NoReverseMatch where there is none."""
    with override(code):
        return str(reverse(view, args=args, kwargs=dict(kwargs)))


@cache
def front_page(code: str) -> str:
    """The address of the front page in the language of that code."""
    with override(settings.LANGUAGE_CODE):
        return translate_url("/", code)
