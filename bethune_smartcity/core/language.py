"""The language a text is truly in, which is not always that of the page it stands in."""

from typing import Any

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .text import hold_signs

ABSENT = object()


def page_language() -> str:
    """The language of the page being drawn."""
    return (get_language() or settings.LANGUAGE_CODE).partition("-")[0]


def language_of(thing: Any, name: str) -> str:
    """The language of what the attribute `name` of `thing` shows at this moment.

    A translated field shows the page's language, or falls back where that one is empty; a text in one language is in
    the `language` its row keeps, else in the city's.
    """
    page = page_language()
    if getattr(thing, f"{name}_{page}", ABSENT) is ABSENT:
        return str(getattr(thing, "language", "") or settings.LANGUAGE_CODE)
    known = (page, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
    return next((code for code in known if getattr(thing, f"{name}_{code}")), page)


def told(text: Any, code: str) -> SafeString:
    """`text`, which is in the language `code`, marked with it where the page is in another."""
    held = hold_signs(str(text)) if code == "fr" else str(text)
    if not held or code == page_language():
        return escape(held)
    return format_html('<span lang="{}">{}</span>', code, held)
