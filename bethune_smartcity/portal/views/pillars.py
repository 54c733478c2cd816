"""The seven pillars, and one with its indicators, calls, projects and news."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import or_404
from bethune_smartcity.core.framed import Framed
from bethune_smartcity.core.language import named
from bethune_smartcity.portal.queries.news import latest_about
from bethune_smartcity.portal.queries.pillars import calls_under, indicators_of, objectives_of, pillars_with_counts
from bethune_smartcity.portal.queries.projects import cards_under
from pillars.queries import all_pillars, place_pillars


class Pillars(Framed, TemplateView):
    alike = True
    template_name = "portal/pillars.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pillars=pillars_with_counts(clock.now()), crumbs=[(_("Pillars"), "")], **kwargs)


class PillarPage(Framed, TemplateView):
    alike = True
    template_name = "portal/pillar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        pillars = all_pillars()
        pillar = or_404(next((one for one in pillars if one.slug == self.kwargs["slug"]), None))
        projects = cards_under(pillar, moment)
        calls, news = calls_under(pillar, moment), latest_about(pillar, moment)
        place_pillars((*calls, *news), pillars)
        return super().get_context_data(
            crumbs=[(_("Pillars"), reverse("portal:pillars")), (named(pillar, "name"), "")],
            pillar=pillar,
            objectives=objectives_of(pillar),
            indicators=indicators_of(pillar),
            calls=calls,
            projects=projects,
            told_projects=[card.project for card in projects],
            news=news,
            **kwargs,
        )
