"""The public page of a finale."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from bethune_smartcity.core import clock, structured
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.models import City
from calls.models import Call
from juries.queries.programme import Programme, programme_of


class Finale(PublicPage, TemplateView):
    """Where and when, who pitches at what hour, what may be won, how the public votes, how to come.

    The page exists once the call is announced and the organisers have said where or when.
    """

    kept_by = ()
    template_name = "juries/public/finale.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        call = get_object_or_404(Call.objects.filter(announced_at__lte=moment), slug=self.kwargs["slug"])
        programme = programme_of(call, moment)
        if programme is None:
            raise Http404
        crumbs = [(_("Calls"), reverse("calls:list")), (call.short_title, call.get_absolute_url())]
        return super().get_context_data(
            call=call,
            programme=programme,
            panel=programme.panel,
            event=event_of(programme),
            crumbs=[*crumbs, (_("The finale"), "")],
            **kwargs,
        )


def event_of(programme: Programme) -> structured.Thing | None:
    """The finale as machines read it; None while its day is not told, which an event needs."""
    panel, call = programme.panel, programme.call
    if panel.held_from is None:
        return None
    return structured.event(
        panel.occasion or call.title,
        url=reverse("juries:finale", kwargs={"slug": call.slug}),
        starts=panel.held_from,
        ends=panel.held_until or panel.held_from,
        about=call.title,
        place=panel.place or City.current().place,
        eventStatus="https://schema.org/EventScheduled",
    )
