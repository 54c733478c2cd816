"""The language a text is truly in, which is not always that of the page it stands in."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, F, Q, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator

from .renderings import rendering
from .text import hold_figures, hold_signs

ABSENT = object()

# What is said of a text that is in another language than what surrounds it.
NOTES = {
    "fr": _("Text in French"),
    "en": _("Text in English"),
    "de": _("Text in German"),
    "nl": _("Text in Dutch"),
}


def page_language() -> str:
    """The language of the page being drawn."""
    return (get_language() or settings.LANGUAGE_CODE).partition("-")[0]


def language_of(thing: Any, name: str) -> str:
    """The language of what the attribute `name` of `thing` shows at this moment.

    A translated field shows the page's language, or falls back where that one is empty; a text in one language is in
    the language it was `written_in`, or in the page's where it was put into it (`core.renderings`).
    """
    page = page_language()
    own = getattr(thing, f"{name}_{page}", ABSENT)
    if own is ABSENT:
        return page if rendering(thing, name, page) else written_in(thing, name)
    return page if own else next((code for code in _known() if getattr(thing, f"{name}_{code}")), page)


def written_in(thing: Any, name: str) -> str:
    """The language of a text that is kept in one: the one its row keeps for it (`<name>_language`) or for all it says
    (`language`), else the city's.
    """
    return str(getattr(thing, f"{name}_language", "") or getattr(thing, "language", "") or settings.LANGUAGE_CODE)


def text_of(thing: Any, name: str) -> str:
    """What the attribute `name` of `thing` shows at this moment; `language_of` says in which language."""
    page = page_language()
    if own := getattr(thing, f"{name}_{page}", ""):
        return str(own)
    written = getattr(thing, name) or ""
    return written if written_in(thing, name) == page else rendering(thing, name, page) or written


class Named(str):
    """A text that knows the language it is in."""

    __slots__ = ("language",)
    language: str


def named(thing: Any, name: str, text: str | None = None) -> Named:
    """The attribute `name` of `thing`, or the part `text` of it, with its language: what a breadcrumb is made of."""
    said = Named((getattr(thing, name) or "") if text is None else text)
    said.language = language_of(thing, name)
    return said


def missing_languages(row: Any) -> list[str]:
    """The codes of the portal's languages that lack a text which `row` has in another.

    `row` is of a model whose texts are translated; its readers in those languages are shown the city's, or the first
    there is.
    """
    model: Any = type(row)
    written = [name for name in translated_names(model) if any(getattr(row, each) for each in in_each(name))]
    written = [name for name in written if name not in getattr(model, "texts_not_needed", ())]
    codes = [code for code, _label in settings.LANGUAGES]
    return [code for code in codes if not all(getattr(row, f"{name}_{code}") for name in written)]


def in_each(*names: str) -> tuple[str, ...]:
    """The columns of the translated texts `names`, language by language."""
    return tuple(f"{name}_{code}" for name in names for code, _label in settings.LANGUAGES)


def said(name: str) -> Coalesce:
    """In a query: the translated text `name` as the page shows it, in its language or the first there is."""
    texts = (NullIf(F(f"{name}_{code}"), Value(""), output_field=TextField()) for code in _known())
    return Coalesce(*texts, Value(""), output_field=TextField())


def said_in(name: str) -> Case:
    """In a query: the code of the language in which the page shows the translated text `name`."""
    whens = [When(Q(**{f"{name}_{code}__gt": ""}), then=Value(code)) for code in _known()]
    return Case(*whens, default=Value(page_language()), output_field=CharField())


def _known() -> tuple[str, ...]:
    """The languages in which a page seeks a text, its own first."""
    return (page_language(), *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)


@cache
def translated_names(model: Any) -> tuple[str, ...]:
    """The texts of a model that people write in each language."""
    names = translator.get_options_for_model(model).all_fields
    return tuple(name for name in names if model._meta.get_field(name).editable)


def told_of(thing: Any, name: str) -> SafeString:
    """What the attribute `name` of `thing` shows at this moment, marked with its language as `told` does."""
    page = page_language()
    if own := getattr(thing, f"{name}_{page}", ""):
        return told(own, page, page)
    return told(text_of(thing, name), language_of(thing, name), page)


def told(text: Any, code: str, page: str = "") -> SafeString:
    """`text`, in the language `code`, marked with it where the page is in another; its figures do not break.

    `page` is the language of the page, where it is at hand.
    """
    held = hold_figures(hold_signs(str(text)) if code == "fr" else str(text))
    if not held or code == (page or page_language()):
        return escape(held)
    return format_html('<span lang="{}">{}</span>', code, held)
