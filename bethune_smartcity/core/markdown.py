"""Long texts that agents write in Markdown, turned into HTML that can do no harm."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .text import hold_figures, hold_signs

# A text stands inside a section of a page: its own titles come below that section's.
TOP_LEVEL = 3
TEXT = {"p", "br", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "hr", "a"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = TEXT | TABLE | {"h2", "h3", "h4", "h5", "h6"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def _levels(tokens: list[Token], top: int) -> list[Token]:
    """`tokens` with their highest titles at the level `top`, and the others as far below as they were."""
    titles = [int(token.tag[1:]) for token in tokens if token.type == "heading_open"]
    shift = top - min(titles, default=top)
    return [
        token.copy(tag=f"h{min(int(token.tag[1:]) + shift, 6)}") if token.type.startswith("heading_") else token
        for token in tokens
    ]


def _words(token: Token) -> str:
    """What `token` says in its line; for what stays as it was typed, as long a word without meaning."""
    return token.content if token.type == "text" else "\n" if token.type.endswith("break") else "x" * len(token.content)


def _held(tokens: list[Token]) -> list[Token]:
    """`tokens` whose lines hold their signs, figures and dates, across emphasis and links; code stays as typed."""
    for token in tokens:
        children = token.children or ()
        # Held, a text is as long as it was: each of its parts is found at its place.
        line, start = hold_figures(hold_signs("".join(map(_words, children)))), 0
        for child in children:
            end = start + len(_words(child))
            if child.type == "text":
                child.content = line[start:end]
            start = end
    return tokens


def to_html(text: str, top: int = TOP_LEVEL) -> SafeString:
    """`text` (CommonMark with tables, no HTML) as safe HTML whose highest titles are of the level `top`."""
    tokens = _held(_levels(_parser.parse(text or ""), top))
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return mark_safe(clean)  # noqa: S308 (nh3 has just cleaned it)
