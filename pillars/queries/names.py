"""The pillars by their names, for other apps."""

from collections.abc import Collection

from pillars.models import Pillar


def names_of(keys: Collection[int] | None) -> dict[int, str]:
    """The names of the pillars of those keys, or of all for None, in the pillars' order."""
    pillars = Pillar.objects.all() if keys is None else Pillar.objects.filter(pk__in=keys)
    return {pillar.pk: pillar.name for pillar in pillars} if keys is None or keys else {}
