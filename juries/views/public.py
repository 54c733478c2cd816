"""The results of a call, for everyone from the hour they are public."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as told_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import or_404
from bethune_smartcity.core.countries import place_of
from bethune_smartcity.core.framed import Framed
from calls.models import Call, Submission
from calls.queries import shares_of
from calls.reading import public_answers
from juries.queries.outcome import Distinction, Outcome, Withheld, judged_call, outcome_for, shortlist_for
from pillars.queries import all_chips


class Results(Framed, TemplateView):
    """Laureates, amounts announced and awarded, reasons, public prize; before them the finalists, once public.

    Until something is public, the page does not exist for those who may not know.
    """

    template_name = "juries/public/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        call = or_404(judged_call(self.kwargs["slug"], moment))
        outcome = outcome_for(call, self.request.user, moment)
        shortlist = [] if outcome else shortlist_for(call, moment)
        if outcome is None and not shortlist:
            raise Http404
        name = _("Results") if outcome else _("The finalists")
        crumbs = [(_("Calls"), reverse("calls:list")), (call.short_title, call.get_absolute_url()), (name, "")]
        return super().get_context_data(
            call=call,
            outcome=outcome,
            podium=podium(call, outcome),
            works=works_of(outcome),
            one_reason=one_reason(outcome),
            shortlist=shortlist,
            charts=charts_of(call, outcome, moment),
            crumbs=crumbs,
            **kwargs,
        )


def podium(call: Call, outcome: Outcome | None) -> list[dict[str, Any]]:
    """The jury's laureates in the order of their best prizes, each once: `given`, all their prizes of the jury, whether
    the public chose the same, and the answers anyone may read.
    """
    if outcome is None:
        return []
    public = outcome.public_prize.submission.pk if outcome.public_prize else None
    works = works_of(outcome)
    said = public_answers(call, works)
    return [
        {
            "one": one,
            "given": [each for each in outcome.jury_prizes if each.submission.pk == one.pk],
            "has_public_prize": one.pk == public,
            "said": said.get(one.pk, []),
        }
        for one in works
    ]


def works_of(outcome: Outcome | None) -> list[Submission]:
    """The applications to which the jury gives prizes, in the order of their best ones, each once."""
    return list({one.submission.pk: one.submission for one in outcome.jury_prizes}.values()) if outcome else []


def one_reason(outcome: Outcome | None) -> Distinction | Withheld | None:
    """A prize that bears the reason the jury gave for all its prizes alike; None when it gave several, or none."""
    given = (*outcome.jury_prizes, *outcome.withheld) if outcome else ()
    reasons = {one.reason for one in given}
    return given[0] if len(reasons) == 1 and reasons != {""} else None


def charts_of(call: Call, outcome: Outcome | None, moment: datetime) -> dict[str, Any]:
    """What the charts of a published call draw: its thread, countries and pillars; nothing where too few applied."""
    shares = shares_of(call, moment) if outcome is not None and outcome.is_public else None
    if outcome is None or shares is None:
        return {}
    return {
        "thread": _thread(shares.total, outcome),
        "countries": [(place_of(code), count) for code, count in shares.countries],
        "pillars": _by_pillar(shares.pillars),
    }


def _thread(total: int, outcome: Outcome) -> list[tuple[str, int]]:
    """Applications, finalists, the jury's laureates: each stage that there was."""
    pitched = len(outcome.finalists)
    won = len(works_of(outcome))
    stages = [
        (ngettext("application", "applications", total), total),
        (ngettext("finalist", "finalists", pitched), pitched),
        (ngettext("laureate", "laureates", won), won),
    ]
    return [stage for stage in stages if stage[1]]


def _by_pillar(counts: list[tuple[str, int]]) -> list[tuple[Any, ...]]:
    pillars = {pillar.slug: pillar for pillar in all_chips()}
    named = [(pillars.get(slug), count) for slug, count in counts]
    return [
        (one.name, count, one.hook, one.pictogram) if one else (told_now("Not given"), count) for one, count in named
    ]
