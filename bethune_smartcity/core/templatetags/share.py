"""What a page tells those who do not read it as a page: search engines, and the networks it is shared on.

{% share %}                stands once in base.html: a public page's title, description, address and picture;
                           a page names its own picture in the block `card`, and "article" in `kind` if it is one;
                           a photograph (JPEG) says `card_width`, `card_height` and `card_alt` beside
{% structured data %}      a thing of `core.structured` (or a list of them) as JSON-LD; goes in the block `head`
"""

from collections.abc import Iterable
from html import unescape
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bethune_smartcity.core import cards
from bethune_smartcity.core import structured as things
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.models import City
from bethune_smartcity.core.text import one_line

register = template.Library()

# What base.html says of a page that says nothing of itself.
GENERAL = "The calls for projects and the projects of %(city)s, smart city on a human scale."
LOCALES = {"fr": "fr_FR", "en": "en_GB", "de": "de_DE", "nl": "nl_NL"}


@register.simple_tag(takes_context=True)
def structured(context: Context, data: things.Thing | Iterable[things.Thing]) -> SafeString:
    """A description in the words of schema.org, for machines."""
    return things.script(data, getattr(context.get("portal"), "city", None))


@register.simple_tag
def structured_city(city: City) -> SafeString:
    """The city and its portal for machines, on the front page."""
    return things.script([things.organisation(city), things.website()])


@register.simple_tag
def structured_way(items: Iterable[tuple[Any, str]], home: str, address: str) -> SafeString:
    """The way to the page for machines: the items of its breadcrumb, after the home's label and address."""
    return things.script(things.breadcrumbs(items, home=(home, address)))


def said_in(context: Context, name: str) -> str:
    """What the page says in the block `name`, as plain text on one line; empty where it has no such block."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return one_line(unescape(strip_tags(block.render(context)))) if block else ""


@register.simple_tag(takes_context=True)
def share(context: Context) -> SafeString:
    """How networks show a public page: Open Graph's words, drawn from the blocks the page has anyway."""
    if getattr(context.get("view"), "access", "") != "public":
        return mark_safe("")
    portal: Any = context["portal"]
    others = [locale for code, locale in LOCALES.items() if code != portal.language]
    general = _(GENERAL) % {"city": portal.city.after_de}
    title, description = said_in(context, "title"), said_in(context, "description") or general
    card = said_in(context, "card")
    # A page without a picture of its own shows the portal's, whatever its title says.
    drawn = [title, description] if card else [portal.site_name, general]
    shown = {
        "portal": portal,
        "title": title,
        "description": description,
        "card": card,
        "version": digest(drawn)[:10],
        "kind": said_in(context, "kind") or "website",
        "url": things.absolute(context["request"].path),
        "locale": LOCALES.get(portal.language, LOCALES["fr"]),
        "others": others,
        "crumbs": context.get("crumbs"),
        "width": said_in(context, "card_width") or cards.WIDTH,
        "height": said_in(context, "card_height") or cards.HEIGHT,
        "alt": said_in(context, "card_alt"),
    }
    return mark_safe(render_to_string("components/chrome/share.html", shown))  # noqa: S308 (a template of ours)
