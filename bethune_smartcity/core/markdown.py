"""Long texts that agents write in Markdown, turned into HTML that can do no harm."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# A text stands inside a section of a page: its own titles come below that section's.
TOP_LEVEL = 3
TAGS = {"p", "br", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "hr", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def _lowered(token: Token) -> Token:
    """A title's token, at the level it has inside a section."""
    level = min(int(token.tag[1:]) + TOP_LEVEL - 1, 6)
    return token.copy(tag=f"h{level}")


def to_html(text: str) -> SafeString:
    """`text` (CommonMark with tables, no HTML) as safe HTML whose titles begin at the third level."""
    tokens = _parser.parse(text or "")
    lowered = [_lowered(token) if token.type.startswith("heading_") else token for token in tokens]
    html = _parser.renderer.render(lowered, _parser.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return mark_safe(clean)  # noqa: S308 (nh3 has just cleaned it)
