"""Texts that people write, in templates.

{{ call.sought|prose }}                a Markdown text as safe HTML, its titles from h3 (or h2: |prose:2)
{{ call|told:"summary" }}              a field on one line, marked with its language where the page is in another
<div{{ call|lang:"sought" }}>          the same for a whole block; {{ "fr"|lang }} from a code
{% told_in call "sought" "asks" %}     the visible note above a block that is in another language
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import language
from bethune_smartcity.core.markdown import TOP_LEVEL, to_html

register = template.Library()

NOTES = {
    "fr": _("Text in French"),
    "en": _("Text in English"),
    "de": _("Text in German"),
    "nl": _("Text in Dutch"),
}


@register.filter
def prose(text: object, top: int = TOP_LEVEL) -> SafeString:
    """A Markdown text as safe HTML."""
    return to_html(str(text or ""), top)


@register.filter
def told(thing: Any, name: str) -> SafeString:
    """The attribute `name` of `thing`, marked with its language where the page is in another."""
    return language.told(getattr(thing, name) or "", language.language_of(thing, name))


def _code(thing: Any, name: str) -> str:
    return thing if isinstance(thing, str) else language.language_of(thing, name)


@register.filter
def lang(thing: Any, name: str = "") -> SafeString:
    """The attribute of an element that holds a text in another language than the page; nothing for the page's own."""
    code = _code(thing, name)
    return format_html(' lang="{}"', code) if code and code != language.page_language() else mark_safe("")


@register.simple_tag
def told_in(thing: Any, *names: str) -> SafeString:
    """The note that says in which language a block is, where one of its texts is not in the page's own.

    `thing` may be several things, or a code.
    """
    things = [thing] if isinstance(thing, str | Model) or not isinstance(thing, Iterable) else list(thing)
    codes = {_code(each, name) for each in things for name in names or ("",)} - {language.page_language()}
    notes = [str(NOTES[code]) for code in sorted(codes) if code in NOTES]
    return format_html('<p class="told-in">{}</p>', ", ".join(notes)) if notes else mark_safe("")
