"""The portal's components, each with declared inputs: `{% load ui %}` then the tags below.

An input left out, misspelt or unknown stops the template when it is compiled; where `STRICT_COMPONENTS` is set (tests),
an input that resolves to nothing stops it too. Classes are documented in static/css (tokens, base, components,
chrome on every page; public, work, board, account by page); a page chooses its sheets in the block `css` of base.html.

Marks
    {% icon "search" label="" %}              a pictogram of core/icons.txt; a label only when it stands alone
    {% chip pillar url="" %}                  pillar as a chip · {% pin pillar %} pictogram alone, name beside it
    {% picto pillar %}                        its pictogram in the stepped gable
    {% badge text tone="quiet" shape="" %}    a state; tones ok info warn draft hot stop quiet, each with its own shape
    {% units 67 %}                            one house per unit · {% figure 67 label note="" %} in <dl class="figures">
    {% progress done total label %}           native bar with its words
    {% bar 30 %}                              share of 100 as a bar, its number written beside by the page
    {% caption text hidden=False %}           table caption

Time and money
    {% day moment weekday=False %}            "22 novembre 2026" · {% hour moment %} "14 h 05"
    {% instant moment weekday=False %}        "22 novembre 2026 à 14 h 05 (heure de Paris)"
    {% loosely moment %}                      "fin juin 2017", where no more is known
    {% until moment %}                        an exclusive ending inside a sentence: "jeudi 17 février 2027 à 23 h 59 …"
    {% deadline moment phase="open" %}        the one way to write a deadline, time left included; phases: DEADLINES
    {% own_time moment %}                     the same ending in the reader’s zone, where it is not that of Paris
    {% countdown moment opens=False %}        "encore 12 jours 4 h" by the server’s clock; opening, "Il reste …"
    {% amount value %}                        "8 000 €" · {% percent 30 %} "30 %"

The frame of every page
    {% fixed "components/chrome/words.html" … %}  a template that depends on the language and the inputs named alone:
                                              drawn once for each, then kept; never for what belongs to one person

    {{ address|breakable }}                   an e-mail address that breaks at its @ or dots only

Blocks
    {% steps items label="" barge=True %}     canal line; items with name, state (done, now, next), perhaps note
    {% breadcrumb items %}                    [(label, url), …, (label, "")]; goes in the block `crumbs`
    {% alert text tone="info" title="" %}     tones info ok warn stop
    {% empty title text="" url="" action="" %}
    {% pager page param="page" %}             a django.core.paginator Page; keeps the query string
    {% project_card title url pillar line="" stage="" next_step="" picture="" level=3 %}
    {% call_card title url pillars state tone="info" closes_at=None phase="open" line="" level=3 fact="" read=""
       act="" act_url="" shape="" %}
                                              both inside <ul class="cards" role="list">

Charts, each with its table (a pillar's hook around them gives the colour)
    {% bar_chart title items label_head value_head %}     items (label, value) or (label, value, hook, pictogram)
    {% column_chart title items label_head value_head %}  columns from left to right
    {% thread_chart title items label_head value_head %}  what is left from stage to stage, four stages at most
    {% line_chart title readings unit goal=None goal_unit="" mark=None mark_label="" %}
                                              readings with day, value, source, the oldest first
    {{ value|figures }}{{ indicator|unit_of:value }}   a measured value with the decimals it has, and its unit

Forms (the same markup comes from {{ form }} and {{ form.x.as_field_group }})
    {% form form %}                           error summary, then every field
    {% error_summary form before=None head="" %}   one for the page, with the form above that is sent with it
    {% field form.x missing=False saved_at=None version=None warning="" %}
    {% submit_bar label back_url="" back_label="" shape="" tone="" %}
    {% save_state moment=None %}              "Saved at 14:03", kept up to date by autosave.js and marks.js
    {% mark_pad name legend choices value=None weight=None hint="" saved_at=None disabled=False %}
                                              bricks; choices [(value, label, anchor sentence), …] ascending
"""

import re
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from bethune_smartcity.core import language, wording
from bethune_smartcity.core.components import blocks, charts, fields, marks, moments

register = template.Library()

PLAIN: tuple[Callable[..., Any], ...] = (
    marks.icon,
    marks.chip,
    marks.pin,
    marks.picto,
    marks.badge,
    marks.units,
    marks.progress,
    marks.bar,
    marks.caption,
    moments.day,
    moments.instant,
    moments.loosely,
    moments.until,
    moments.own_time,
    moments.hour,
    moments.amount,
    moments.percent,
    fields.save_state,
)
BY_THE_CLOCK: tuple[Callable[..., Any], ...] = (moments.deadline, moments.countdown)
DRAWN: tuple[Callable[..., Any], ...] = (
    marks.figure,
    blocks.steps,
    blocks.alert,
    blocks.empty,
    blocks.project_card,
    charts.bar_chart,
    charts.column_chart,
    charts.line_chart,
    charts.thread_chart,
    fields.form,
    fields.error_summary,
    fields.field,
    fields.submit_bar,
    fields.mark_pad,
)
DRAWN_IN_CONTEXT: tuple[Callable[..., Any], ...] = (blocks.pager, blocks.call_card)

for tag in PLAIN:
    register.simple_tag(tag)
for tag in BY_THE_CLOCK:
    register.simple_tag(tag, takes_context=True)
for tag in DRAWN:
    register.inclusion_tag(f"components/{tag.__name__}.html")(tag)
for tag in DRAWN_IN_CONTEXT:
    register.inclusion_tag(f"components/{tag.__name__}.html", takes_context=True)(tag)
register.inclusion_tag("components/chrome/breadcrumb.html")(blocks.breadcrumb)


@register.filter
def number(value: int) -> str:
    """A count as people write it: "20 000"."""
    return wording.number(value)


@register.filter
def figures(value: Any) -> str:
    """A measured value as people write it, with the decimals it has: "1 234,5"."""
    return charts.figure_of(value)


@register.filter
def unit_of(indicator: Any, value: Any) -> SafeString:
    """What stands after `value` of `indicator`, held to it: a share's sign as the language writes it, or the unit."""
    if indicator.unit == "%":
        return escape(wording.measured("", "%"))
    return format_html(
        "{}{}", wording.NBSP, language.told(indicator.unit_beside(value), language.language_of(indicator, "unit"))
    )


@register.filter
def size(octets: int) -> str:
    """The size of a file: "3,3 Mo"."""
    return wording.size(octets)


@register.filter
def art(pillar: Any) -> SafeString:
    """A pillar's pattern, for cards without a picture."""
    return _pattern(pillar.hook)


@lru_cache(maxsize=64)
def _pattern(hook: str) -> SafeString:
    return render_to_string(f"components/art/{hook}.html")


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that may break after its @ and before its dots, and nowhere else while there is room."""
    parts = (escape(part) for part in re.split(r"(?<=@)|(?=\.)", str(address)))
    return mark_safe("<wbr>".join(parts))  # noqa: S308 (each part is escaped)


@register.filter
def attributes(values: dict[str, Any]) -> SafeString:
    """The attributes of a control: ` name="value"`, the name alone for true, nothing for false."""
    return flatatt(values)


@register.simple_tag
def icon_of(tone: str) -> SafeString:
    """The pictogram of a tone."""
    return marks.icon(marks.TONES[tone])


@register.simple_tag
def fixed(name: str, **inputs: Hashable) -> SafeString:
    """A part of a page that depends on the language and on inputs common to all: kept once drawn."""
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    return draw(name, get_language(), **inputs)


@lru_cache(maxsize=256)
def _draw(name: str, _language: str | None, **inputs: Hashable) -> SafeString:
    return render_to_string(name, inputs)
