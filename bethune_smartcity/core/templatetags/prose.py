"""Texts that people write, in templates.

{{ call.sought|prose }}                a Markdown text as safe HTML, its titles from h3 (or h2: |prose:2)
{{ call|told:"summary" }}              a field on one line, marked with its language where the page is in another
<div{{ call|lang:"sought" }}>          the same for a whole block; {{ "fr"|lang }} from a code
{{ asked|said:"answer"|linebreaks }}   the text in such a block, in the page's language where the city put it into it
{% filter held %}…{% endfilter %}      a block of the portal's own words whose figures do not break
{{ city.department|unbroken }}         a name whose hyphens do not break
{% told_in call "sought" "asks" %}     the visible note above a block that is in another language
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bethune_smartcity.core import language
from bethune_smartcity.core.markdown import TOP_LEVEL, to_html
from bethune_smartcity.core.text import hold_figures

register = template.Library()


@register.filter
def prose(text: object, top: int = TOP_LEVEL) -> SafeString:
    """A Markdown text as safe HTML."""
    return _drawn(str(text or ""), top)


@lru_cache(maxsize=256)
def _drawn(text: str, top: int) -> SafeString:
    """Texts of the city and of projects: few, long, and the same for all."""
    return to_html(text, top)


@register.filter
def told(thing: Any, name: str) -> SafeString:
    """The attribute `name` of `thing`, marked with its language where the page is in another."""
    return language.told_of(thing, name)


@register.filter
def said(thing: Any, name: str) -> str:
    """The same text bare, for an element that bears its language (`|lang`)."""
    return language.text_of(thing, name)


@register.filter
def unbroken(name: object) -> str:
    """A name whose hyphens do not break: "Hauts-de-France"."""
    return str(name).replace("-", "\u2011")


@register.filter(is_safe=True)
def held(text: str) -> str:
    """The same text, its amounts, lengths of time and dates unbroken."""
    return hold_figures(text)


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
    notes = [str(language.NOTES[code]) for code in sorted(codes) if code in language.NOTES]
    return format_html('<p class="told-in">{}</p>', ", ".join(notes)) if notes else mark_safe("")
