"""Long texts in templates."""

from django import template
from django.utils.safestring import SafeString

from bethune_smartcity.core.markdown import TOP_LEVEL, to_html

register = template.Library()


@register.filter
def prose(text: object, top: int = TOP_LEVEL) -> SafeString:
    """A Markdown text as safe HTML: `{{ call.sought|prose }}`, `{{ rules.text|prose:2 }}` for titles right below h1."""
    return to_html(str(text or ""), top)
