"""What stands around every page and depends on its address; the rest of the frame is drawn once (`{% fixed %}`).

{% framed "top" %}         a part of the frame that depends on the visitor (core.framed.PARTS); a page drawn once for
                           all of them leaves a hole in its place
{% own "calls.act" call.slug %}
                           a part within a page that depends on the visitor (core.framed.register_own), or its hole
{% addresses %}            the page's own address and those in the other languages, for machines: what reads them is
                           never signed in, so that pages of people who are do without
{% languages %}            the items of the menu of languages, each leading to this same page, or (`leads_home`) to the
                           front page, from one that refuses: in another language it would refuse again
{% site_name %}            what the portal is called
{% skyline %}              the address of the drawing of the town
{{ pillar.slug|page:"portal:pillar" }}
                           the address of a public page that lists name again and again
{{ drawn|here:path }}      links already drawn, those to the part of the portal that holds `path` marked as current
"""

import re
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader_tags import IncludeNode
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bethune_smartcity.core.addresses import address_of, front_page
from bethune_smartcity.core.framed import PARTS, hole, own

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """What the portal is called, in templates drawn without a request too."""
    return str(settings.SITE_NAME)


@register.simple_tag
def skyline() -> str:
    """The address of the drawing of the town."""
    return static(settings.DRAWN.skyline)


class FramedNode(IncludeNode):
    """A part of the frame, or the hole it goes in."""

    def __init__(self, part: str, drawn_from: Any) -> None:
        super().__init__(drawn_from)
        self.part = part

    def render(self, context: Context) -> SafeString:
        if getattr(context.get("request"), "framed", False):
            return hole(self.part)
        return super().render(context)


@register.tag
def framed(parser: Any, token: Any) -> FramedNode:
    _tag, quoted = token.split_contents()
    part = quoted.strip('"')
    if part not in PARTS:
        raise template.TemplateSyntaxError(f"the frame has no part {part}")
    return FramedNode(part, parser.compile_filter(f'"components/chrome/{part}.html"'))


@register.simple_tag(takes_context=True, name="own")
def own_part(context: Context, name: str, slug: str) -> SafeString:
    """The part `name` about `slug`, as this visitor is shown it."""
    return own(context["request"], name, slug)


@register.filter
def page(slug: str, view: str) -> str:
    """The address of the public page `view` of what has that slug."""
    return address_of(view, slug=slug)


LINK = re.compile(r'href="([^"]+)"')


@register.simple_tag(takes_context=True)
def addresses(context: Context) -> SafeString:
    """Where search engines find this page, in each language."""
    if getattr(context.get("user"), "is_authenticated", False):
        return mark_safe("")
    request: Any = context["request"]
    portal: Any = context["portal"]
    own = format_html('<link rel="canonical" href="{}{}">', portal.site_url, request.path)
    if request.GET:
        return own
    languages = portal.languages
    known = [*languages[:1], *languages]
    codes = ["x-default", *(code for code, _name, _url in languages)]
    links = ((code, portal.site_url, url) for code, (_code, _name, url) in zip(codes, known, strict=True))
    return own + format_html_join("", '<link rel="alternate" hreflang="{}" href="{}{}">', links)


@register.simple_tag(takes_context=True)
def languages(context: Context) -> SafeString:
    """The menu of languages: each by its own name."""
    portal: Any = context["portal"]
    marks = {portal.language: mark_safe(' aria-current="true"')}
    home = context.get("leads_home")
    rows = (
        (front_page(code) if home else url, code, code, marks.get(code, ""), name)
        for code, name, url in portal.languages
    )
    return format_html_join("", '<li><a href="{}" hreflang="{}" lang="{}"{}>{}</a></li>', rows)


@register.filter
def here(drawn: SafeString, path: str) -> SafeString:
    """Links as they were drawn, those whose address is a part of `path` marked as the present place."""
    return mark_safe(  # noqa: S308 (drawn by us)
        LINK.sub(lambda link: f'{link[0]} aria-current="true"' if link[1] in path else link[0], drawn)
    )
