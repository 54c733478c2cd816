"""The pictures with which the portal itself and its pillars are shared."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from bethune_smartcity.core.cards import Card
from bethune_smartcity.core.models import City
from bethune_smartcity.core.views import CardImage
from bethune_smartcity.portal.queries.news import visible_articles
from pillars.models import Pillar


class PortalCard(CardImage):
    """The front page's, and that of every public page without one of its own."""

    def card(self) -> Card:
        title = " ".join((_("My city,"), _("my life,"), _("tomorrow.")))
        line = _("%(city)s tries out, with its inhabitants, the smart city on a human scale.")
        return Card(title=title, line=line % {"city": City.current().place})


class PillarsCard(CardImage):
    def card(self) -> Card:
        line = _("One plan, the Master Smart City, and seven ways to make life here better.")
        return Card(title=_("The seven pillars"), line=line)


class PillarCard(CardImage):
    def card(self) -> Card:
        pillar = get_object_or_404(Pillar, slug=self.kwargs["slug"])
        return Card(title=pillar.name, kicker=_("The seven pillars"), line=pillar.tagline, hook=pillar.hook)


class ArticleCard(CardImage):
    """A piece of news, in the colours of its first theme, for whoever may read it."""

    def card(self) -> Card:
        article = get_object_or_404(visible_articles(self.request.user), slug=self.kwargs["slug"])
        themes = [*article.pillars.all()]
        return Card(
            title=article.title, kicker=_("News"), line=article.standfirst, hook=themes[0].hook if themes else ""
        )
