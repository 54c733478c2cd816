"""Applications that upper apps close to a person: their part says from which ones somebody stands aside."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

Aside = Callable[[Any, Any], QuerySet[Any, Any]]
"""From the key of a person and that of an application (or slots or outer references): rows, when they stand aside."""

_asides: dict[str, Aside] = {}


def register_aside(name: str, aside: Aside) -> None:
    """Add an app's part, before any page is asked for; the same name again replaces it."""
    _asides[name] = aside


def apart(user: Any, submission: Any = None) -> Q:
    """The condition that the person of that key (or its slot) does not stand aside from an application: that of the
    row, or the one of the key (or slot) given.
    """
    one = OuterRef("pk") if submission is None else submission
    return Q(*(~Exists(aside(user, one)) for aside in _asides.values()))
