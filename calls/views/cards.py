"""The pictures with which the public pages of calls are shared."""

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from bethune_smartcity.core.cards import Card
from bethune_smartcity.core.models import City
from bethune_smartcity.core.views import CardImage
from calls.models import Call
from calls.queries import visible_calls


class CallsCard(CardImage):
    def card(self) -> Card:
        line = _("The calls for projects of the city of %(city)s: open, coming, being examined and past.")
        return Card(title=_("Calls for projects"), line=line % {"city": City.current().after_de})


class CallCard(CardImage):
    """The same for all: a call in preparation has none, even for its agents."""

    def call(self) -> Call:
        return get_object_or_404(visible_calls(AnonymousUser()), slug=self.kwargs["slug"])

    def card(self) -> Card:
        return card_of(self.call(), _("Call for projects"))


def card_of(call: Call, kicker: str) -> Card:
    """The card of a page about `call`, in the colour of its first pillar."""
    pillar = call.pillars.first()
    return Card(title=call.title, kicker=kicker, line=call.summary, hook=pillar.hook if pillar else "")
