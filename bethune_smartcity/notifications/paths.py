"""Addresses of pages as messages carry them."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import get_script_prefix, reverse
from django.utils import translation

# Stands for the key of a row while an address is drawn: no row has it, and no route.
MARK = UUID("5e0f9d1c-7b1a-4c5e-9a53-1d3f0c8b6a42")


def path_of(page: str, keys: dict[str, Any], language: str) -> str:
    """The address, without host, of the page named `page` in that language.

    Thousands of messages differ in the row alone that they lead to: their address is drawn once.
    """
    if len(keys) == 1:
        ((name, key),) = keys.items()
        if isinstance(key, UUID):
            return _pattern(page, name, language, get_script_prefix()).replace(str(MARK), str(key))
    return _drawn(page, keys, language)


@lru_cache(maxsize=256)
def _pattern(page: str, name: str, language: str, _prefix: str) -> str:
    return _drawn(page, {name: MARK}, language)


def _drawn(page: str, keys: dict[str, Any], language: str) -> str:
    with translation.override(language):
        return reverse(page, kwargs=keys)
