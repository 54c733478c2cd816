"""The seven pillars, and one with its indicators, calls, projects and news."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.portal.queries.news import LATEST, about, public_articles
from bethune_smartcity.portal.queries.pillars import calls_under, indicators_of, pillars_with_counts
from bethune_smartcity.portal.queries.projects import cards
from pillars.models import Pillar
from projects.queries import public_projects

PROJECTS_SHOWN = 12


class Pillars(PublicPage, TemplateView):
    kept_by = ()
    template_name = "portal/pillars.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pillars=pillars_with_counts(), crumbs=[(_("Pillars"), "")], **kwargs)


class PillarPage(PublicPage, TemplateView):
    kept_by = ()
    template_name = "portal/pillar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        pillar = get_object_or_404(Pillar, slug=self.kwargs["slug"])
        return super().get_context_data(
            crumbs=[(_("Pillars"), reverse("portal:pillars")), (pillar.name, "")],
            pillar=pillar,
            objectives=pillar.objectives.all(),
            indicators=indicators_of(pillar),
            calls=calls_under(pillar, moment),
            projects=cards(public_projects().filter(pillar=pillar), PROJECTS_SHOWN),
            news=about(public_articles(moment), pillar)[:LATEST],
            **kwargs,
        )
