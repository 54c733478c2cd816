"""The pillars by their names, for other apps."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from pillars.models import Pillar

# What a chip shows, and the order chips stand in.
OF_A_CHIP = ("slug", "hook", "pictogram", "order", "name", *(f"name_{code}" for code, _name in settings.LANGUAGES))


def as_chips(pillars: Any) -> QuerySet[Pillar]:
    """`pillars` with what a chip shows of them, and nothing of their long texts."""
    return pillars.only(*OF_A_CHIP)


def names_of(keys: Collection[int] | None) -> dict[int, str]:
    """The names of the pillars of those keys, or of all for None, in the pillars' order."""
    pillars = Pillar.objects.all() if keys is None else Pillar.objects.filter(pk__in=keys)
    return {pillar.pk: pillar.name for pillar in pillars} if keys is None or keys else {}
