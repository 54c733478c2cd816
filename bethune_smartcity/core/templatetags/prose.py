"""Long texts in templates."""

from django import template
from django.utils.safestring import SafeString

from bethune_smartcity.core.markdown import to_html

register = template.Library()


@register.filter
def prose(text: object) -> SafeString:
    """A Markdown text as safe HTML: `{{ call.sought|prose }}`."""
    return to_html(str(text or ""))
