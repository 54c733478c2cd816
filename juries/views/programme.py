"""The public page of a finale."""

import json
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.models import City
from calls.models import Call
from juries.queries.programme import Programme, programme_of

# What would end the element that holds the data, as JSON may write it instead.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class Finale(PublicPage, TemplateView):
    """Where and when, who pitches at what hour, what may be won, how the public votes, how to come.

    The page exists once the call is announced and the organisers have said where or when.
    """

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
            event=event(programme, self.request.build_absolute_uri(self.request.path)),
            crumbs=[*crumbs, (_("The finale"), "")],
            **kwargs,
        )


def event(programme: Programme, address: str) -> SafeString:
    """The finale as schema.org's Event in JSON-LD; empty while its day is not told, which an event needs."""
    panel = programme.panel
    if panel.held_from is None:
        return SafeString("")
    city = City.current()
    told = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": panel.occasion or programme.call.title,
        "description": programme.call.title,
        "startDate": panel.held_from.isoformat(),
        "endDate": (panel.held_until or panel.held_from).isoformat(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {"@type": "Place", "name": panel.place or city.place, "address": panel.place or city.place},
        "organizer": {"@type": "GovernmentOrganization", "name": city.name, "url": city.website or address},
        "url": address,
    }
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 (nothing in it ends the element)
