"""The pictures with which the portal itself and its pillars are shared."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from bethune_smartcity.core.cards import Card
from bethune_smartcity.core.views import CardImage
from pillars.models import Pillar


class PortalCard(CardImage):
    """The front page's, and that of every public page without one of its own."""

    def card(self) -> Card:
        title = " ".join((_("My city,"), _("my life,"), _("tomorrow.")))
        return Card(title=title, line=_("Béthune tries out, with its inhabitants, the smart city on a human scale."))


class PillarsCard(CardImage):
    def card(self) -> Card:
        line = _("One plan, the Master Smart City, and seven ways to make life here better.")
        return Card(title=_("The seven pillars"), line=line)


class PillarCard(CardImage):
    def card(self) -> Card:
        pillar = get_object_or_404(Pillar, slug=self.kwargs["slug"])
        return Card(title=pillar.name, kicker=_("The seven pillars"), line=pillar.tagline, hook=pillar.hook)
