"""The language a text is truly in, which is not always that of the page it stands in."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from modeltranslation.translator import translator

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


def missing_languages(row: Any) -> list[str]:
    """The codes of the portal's languages that lack a text which `row` has in the city's own.

    `row` is of a model whose texts are translated; its readers in those languages are shown the city's.
    """
    model: Any = type(row)
    names = translated_names(model)
    written = [name for name in names if getattr(row, f"{name}_{settings.LANGUAGE_CODE}")]
    codes = [code for code, _label in settings.LANGUAGES]
    return [code for code in codes if not all(getattr(row, f"{name}_{code}") for name in written)]


@cache
def translated_names(model: Any) -> tuple[str, ...]:
    """The texts of a model that people write in each language."""
    names = translator.get_options_for_model(model).all_fields
    return tuple(name for name in names if model._meta.get_field(name).editable)


def told(text: Any, code: str) -> SafeString:
    """`text`, which is in the language `code`, marked with it where the page is in another."""
    held = hold_signs(str(text)) if code == "fr" else str(text)
    if not held or code == page_language():
        return escape(held)
    return format_html('<span lang="{}">{}</span>', code, held)
