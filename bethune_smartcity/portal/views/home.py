"""The front page."""

from typing import Any

from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.framed import Framed
from bethune_smartcity.portal.figures import lines_of
from bethune_smartcity.portal.queries.calls import current_call, open_vote, told_call
from bethune_smartcity.portal.queries.news import latest_articles
from bethune_smartcity.portal.queries.pillars import pillars_with_counts
from bethune_smartcity.portal.queries.projects import newest_cards
from bethune_smartcity.portal.queries.story import figures_of
from bethune_smartcity.portal.steps import general_steps, steps_of
from calls.queries import public_calls
from pillars.queries import place_pillars


class Home(Framed, TemplateView):
    alike = True
    template_name = "portal/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        pillars = pillars_with_counts(moment)
        calls = public_calls(moment, pillars)
        current, told = current_call(calls, moment), told_call(calls, moment)
        figures = figures_of(told, moment) if told else None
        shown, news = newest_cards(pillars, moment), latest_articles(moment)
        place_pillars(news, pillars)
        return super().get_context_data(
            call=current,
            vote=open_vote(current, moment),
            steps=steps_of(current, moment) if current else general_steps(),
            pillars=pillars,
            told=told,
            is_first=told is not None and told.opens_at == min(call.opens_at for call in (*calls.judged, *calls.past)),
            figures=figures,
            lines=lines_of(told, figures) if told and figures else [],
            projects=shown,
            told_projects=[card.project for card in shown],
            news=news,
            **kwargs,
        )
