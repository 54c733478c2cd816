"""Addresses of pages as messages carry them."""

from typing import Any

from django.urls import reverse
from django.utils import translation


def path_of(page: str, keys: dict[str, Any], language: str) -> str:
    """The address, without host, of the page named `page` in that language."""
    with translation.override(language):
        return reverse(page, kwargs=keys)
