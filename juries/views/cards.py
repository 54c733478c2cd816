"""The picture with which the results of a call are shared."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.cards import Card
from calls.views.cards import CallCard, card_of
from juries.queries.outcome import outcome_for, shortlist_for


class ResultsCard(CallCard):
    """Drawn from the hour the page is public, and never before it for those who may know already."""

    def card(self) -> Card:
        call, moment = self.call(), clock.now()
        if outcome_for(call, AnonymousUser(), moment):
            return card_of(call, _("Results"))
        if shortlist_for(call, moment):
            return card_of(call, _("The finalists"))
        raise Http404
