"""Pages of rows that are read and counted in one statement."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

DIGITS = 6


def counted_page(rows: QuerySet[Any], number: Any, per_page: int) -> Page[Any]:
    """Page `number` of `rows`, `per_page` at a time: the first for what is no number, the last beyond it.

    One statement; three beyond the last page. Rows that say how many they are, as `whole`, are not counted again.
    """
    wanted = _wanted(number)
    first = (wanted - 1) * per_page
    told = rows if "whole" in rows.query.annotations else rows.annotate(whole=Window(Count("pk")))
    found = list(told[first : first + per_page])
    paginator = Paginator(rows, per_page)
    if not found and wanted > 1:
        return paginator.get_page(wanted)
    paginator.count = found[0].whole if found else 0
    return Page(found, wanted, paginator)


def page_among(rows: Sequence[Any], number: Any, per_page: int) -> Page[Any]:
    """The same page of rows at hand. No statement."""
    paginator = Paginator(rows, per_page)
    return paginator.page(min(_wanted(number), paginator.num_pages))


def _wanted(number: Any) -> int:
    text = str(number)
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS
    return max(1, int(text)) if is_number else 1
