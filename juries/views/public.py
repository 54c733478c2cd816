"""The results of a call, for everyone from the hour they are public."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from calls.models import Call
from juries.queries.outcome import Outcome, outcome_for, shortlist_for


class Results(PublicPage, TemplateView):
    """Laureates, amounts announced and awarded, reasons, public prize; before them the finalists, once public.

    Until something is public, the page does not exist for those who may not know.
    """

    kept_by = ()
    template_name = "juries/public/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        call = get_object_or_404(Call.objects.filter(announced_at__lte=moment), slug=self.kwargs["slug"])
        outcome = outcome_for(call, self.request.user, moment)
        shortlist = [] if outcome else shortlist_for(call, moment)
        if outcome is None and not shortlist:
            raise Http404
        crumbs = [(_("Calls"), reverse("calls:list")), (call.short_title, call.get_absolute_url()), (_("Results"), "")]
        return super().get_context_data(
            call=call,
            outcome=outcome,
            podium=podium(outcome),
            one_reason=one_reason(outcome),
            shortlist=shortlist,
            crumbs=crumbs,
            **kwargs,
        )


def podium(outcome: Outcome | None) -> list[dict[str, Any]]:
    """The jury's prizes in their order, each with whether the public chose the same application."""
    if outcome is None:
        return []
    public = outcome.public_prize.submission.pk if outcome.public_prize else None
    return [{"given": one, "has_public_prize": one.submission.pk == public} for one in outcome.jury_prizes]


def one_reason(outcome: Outcome | None) -> str:
    """The reason the jury gave for all its prizes alike; empty when it gave several, or none."""
    reasons = {one.reason for one in (*outcome.jury_prizes, *outcome.withheld)} if outcome else set()
    return reasons.pop() if len(reasons) == 1 else ""
