"""Applications that have fewer readings than their panel asks for, as its lock and its second reading tell of them."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import ngettext

from juries.models import Panel
from juries.queries.panels import short_of_readings

# How many applications are worth naming.
NAMED = 8


def short_told(panel: Panel, hidden: Collection[Any] = ()) -> list[str]:
    """A sentence for each application short of readings, then one for those beyond the first few or `hidden` (keys of
    applications not to name to the reader).
    """
    found = short_of_readings(panel)
    named = [each for each in found if each[0].pk not in hidden][:NAMED]
    told = [
        ngettext(
            "%(number)s %(title)s: %(n)d reading of %(asked)s.",
            "%(number)s %(title)s: %(n)d readings of %(asked)s.",
            given,
        )
        % {"number": one.number, "title": one.title, "n": given, "asked": asked}
        for one, given, asked in named
    ]
    n = len(found) - len(named)
    words = ngettext(
        "%(n)d more application has fewer readings than asked.",
        "%(n)d more applications have fewer readings than asked.",
        n,
    )
    return [*told, words % {"n": n}] if n else told
