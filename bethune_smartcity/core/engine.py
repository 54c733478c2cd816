"""Django's templates, whose tags that say the same each time in a language are drawn once in each.

A sentence and the address of a page, named in the template itself, depend on the language alone: Django looks the
sentence up, or walks all the addresses, each time a page is drawn, and a page has some fifty of them. A sentence with
figures or names in it is put together from the template once.
"""

from typing import Any

from django.template import Library
from django.template.backends.django import DjangoTemplates
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.templatetags import i18n
from django.templatetags.i18n import TranslateNode, do_block_translate, do_translate
from django.utils.translation import get_language


class Once(Node):
    """What a node draws, or keeps under the name `asvar`, in each language: worked out at its first use."""

    child_nodelists = ()

    def __init__(self, node: Any) -> None:
        self.node = node
        self.drawn: dict[tuple[str | None, bool], Any] = {}

    def render(self, context: Context) -> Any:
        key = (get_language(), context.autoescape)
        if key not in self.drawn:
            shown = self.node.render(context)
            self.drawn[key] = context[self.node.asvar] if self.node.asvar else shown
        if not self.node.asvar:
            return self.drawn[key]
        context[self.node.asvar] = self.drawn[key]
        return ""


def is_fixed(part: FilterExpression | None) -> bool:
    """Whether a part of a tag is a text in quotes, or is not there."""
    if part is None:
        return True
    return not part.filters and getattr(part.var, "lookups", None) is None


def translate(parser: Parser, token: Token) -> Node:
    node: TranslateNode = do_translate(parser, token)
    return Once(node) if is_fixed(node.filter_expression) and is_fixed(node.message_context) else node


def sentence(parser: Parser, token: Token) -> Node:
    node: Any = do_block_translate(parser, token)
    one, names = node.render_token_list(node.singular)
    many, more = node.render_token_list(node.plural)
    if not (names or node.countervar or node.extra_context) and is_fixed(node.message_context):
        return Once(node)
    read = {id(node.singular): (one, names), id(node.plural): (many, [name for name in more if name not in names])}
    # Django adds to the names that it is given.
    node.render_token_list = lambda tokens: (read[id(tokens)][0], [*read[id(tokens)][1]])
    return node


def address(parser: Parser, token: Token) -> Node:
    node: URLNode = url(parser, token)
    parts = (node.view_name, *node.args, *node.kwargs.values())
    return Once(node) if all(is_fixed(part) for part in parts) else node


SENTENCES, ADDRESSES = Library(), Library()
SENTENCES.tags = i18n.register.tags | {
    "translate": translate,
    "trans": translate,
    "blocktranslate": sentence,
    "blocktrans": sentence,
}
SENTENCES.filters = i18n.register.filters
ADDRESSES.tag("url", address)


class Templates(DjangoTemplates):
    """The engine of the portal's templates."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.engine.template_libraries["i18n"] = SENTENCES
        self.engine.template_builtins.append(ADDRESSES)
