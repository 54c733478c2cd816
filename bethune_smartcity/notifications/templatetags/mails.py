"""{% late_mails as words %}  what pages that announce a mail say while mails leave late; empty otherwise
{% for cell in row|labelled:headers %}  the cells of a row of the outbox, each with the name of its column
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from bethune_smartcity.notifications.pulse import leave_late

register = template.Library()


@register.simple_tag
def late_mails() -> str:
    if not leave_late():
        return ""
    return _(
        "Mails are leaving late at the moment: yours will follow as soon as it can. If it is not there in a quarter of "
        "an hour, ask for another one."
    )


CELL = re.compile(r"<(td|th)\b")
# As the back office writes a value that is not there.
EMPTY = re.compile(r">\s*[-\u2013]?\s*</td>$")


@register.filter
def labelled(cells: Iterable[str], headers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The drawn `cells` of a row, each told what its column is called, for screens too narrow to show columns."""
    return (_labelled(cell, header) for cell, header in zip(cells, headers, strict=False))


def _labelled(cell: str, header: Mapping[str, Any]) -> str:
    found = CELL.match(cell)
    if not found or "action-checkbox" in cell:
        return cell
    words = format_html(' data-label="{}"', capfirst(header["text"]))
    blank = " data-blank" if EMPTY.search(cell) else ""
    return SafeString(f"{found[0]}{words}{blank}{cell[found.end() :]}")
