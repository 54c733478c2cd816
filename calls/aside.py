"""Applications that upper apps close to a person: their part says from which ones somebody stands aside."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, Q, QuerySet

Aside = Callable[[Any], QuerySet[Any, Any]]
"""From the key of a person (or its slot): rows that name, in `submission`, each application they stand aside from."""

_asides: dict[str, Aside] = {}


def register_aside(name: str, aside: Aside) -> None:
    """Add an app's part, before any page is asked for; the same name again replaces it."""
    _asides[name] = aside


def apart(user: Any, submission: Any = None) -> Q:
    """The condition that the person of that key (or its slot) does not stand aside from an application: that of the
    row, or the one of the key (or slot) given.

    Of rows, what they stand aside from is read once, whatever the number of rows.
    """
    if submission is None:
        # A null among the keys would refuse every row.
        return Q(*(~Q(pk__in=aside(user).filter(submission__isnull=False).values("submission")) for aside in _all()))
    return Q(*(~Exists(aside(user).filter(submission=submission)) for aside in _all()))


def told_to(viewer: Any) -> Q:
    """The condition that an application may be named to `viewer`: they do not stand aside from it."""
    return apart(viewer.pk) if getattr(viewer, "pk", None) else Q()


def _all() -> Iterable[Aside]:
    return _asides.values()
