"""The pillars by their names, for other apps."""

from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db.models import QuerySet

from bethune_smartcity.core.statements import Compiled
from pillars.models import Pillar

# What a chip shows, and the order chips stand in.
OF_A_CHIP = ("slug", "hook", "pictogram", "order", "name", *(f"name_{code}" for code, _name in settings.LANGUAGES))


def as_chips(pillars: Any) -> QuerySet[Pillar]:
    """`pillars` with what a chip shows of them, and nothing of their long texts."""
    return pillars.only(*OF_A_CHIP)


ALL = Compiled(lambda: Pillar.objects.order_by("order"))
ALL_CHIPS = Compiled(lambda: as_chips(Pillar.objects.order_by("order")))


def all_pillars() -> list[Pillar]:
    """The pillars in their official order. One statement."""
    return ALL.fetch()


def all_chips() -> list[Pillar]:
    """The same, with what a chip shows of them. One statement."""
    return ALL_CHIPS.fetch()


class PillarName(str):
    """A pillar's name that knows its colour and pictogram, for what shows it as a chip."""

    __slots__ = ("hook", "pictogram")

    def __new__(cls, pillar: Pillar) -> Self:
        name = super().__new__(cls, pillar.name)
        name.hook, name.pictogram = pillar.hook, pillar.pictogram
        return name


def names_of(keys: Collection[int] | None) -> dict[int, str]:
    """The names of the pillars of those keys, or of all for None, in the pillars' order."""
    pillars = Pillar.objects.all() if keys is None else Pillar.objects.filter(pk__in=keys)
    return {pillar.pk: PillarName(pillar) for pillar in pillars} if keys is None or keys else {}
