"""What a page tells those who do not read it as a page: search engines, and the networks it is shared on.

{% structured data %}      a thing of `core.structured` (or a list of them) as JSON-LD; goes in the block `head`
"""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from bethune_smartcity.core import structured as things

register = template.Library()


@register.simple_tag
def structured(data: things.Thing | Iterable[things.Thing]) -> SafeString:
    """A description in the words of schema.org, for machines."""
    return things.script(data)
