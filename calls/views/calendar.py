"""The dates of a call for people's own calendars (RFC 5545). One address for all languages: `?langue=de`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import View
from icalendar import Calendar, Event

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from calls.models import Call
from calls.queries.page import OWN_DATES, told

from .public import OneCall

SHORTEST = timedelta(minutes=1)


class CallCalendar(OneCall, PublicPage, View):
    """A call's public dates as a file; the same words and identifiers at each download, so that calendars update."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("langue", "")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with override(language):
            text = calendar_file(self.call, language)
        answer = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Language": language})
        answer["Content-Disposition"] = f'attachment; filename="{self.call.slug}.ics"'
        return answer


def calendar_file(call: Call, language: str) -> bytes:
    """The file, in the language in force, which `language` names."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{host()}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", call.title)
    calendar.add("x-wr-timezone", str(clock.PARIS))
    for event in events_of(call):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def events_of(call: Call) -> Iterator[Event]:
    """The call's own dates, the steps of its calendar, and its results once they are public."""
    labels = {
        "opens_at": _("The call opens"),
        "questions_until": _("Last day for questions"),
        "closes_at": _("Applications close"),
        "screening_until": _("Applications are checked"),
    }
    moves = list(call.moves.all())
    for name in OWN_DATES:
        at = call.takes_questions_until if name == "questions_until" and call.questions_until else getattr(call, name)
        if at is not None:
            yield event(call, name, labels[name], told(name, at), moves=[m for m in moves if m.field == name])
    for step in call.dates.all():
        yield event(call, f"step-{step.pk}", step.label, step.at, whole_day=not step.with_time)
    if call.results_at is not None and call.results_at <= clock.now():
        yield event(call, "results_at", _("Results published"), call.results_at)


def event(call: Call, name: str, label: str, at: datetime, *, whole_day: bool = False, moves: Any = ()) -> Event:
    """A date of `call` as an event at the aware instant `at` as people are told it, or on its day."""
    local, made = Event(), max([call.announced_at or call.opens_at, *(move.at for move in moves)])
    when = at.astimezone(clock.PARIS)
    local.add("uid", f"call-{call.pk}-{name}@{host()}")
    local.add("dtstamp", made.astimezone(UTC).replace(microsecond=0))
    local.add("sequence", len(moves))
    local.add("dtstart", when.date() if whole_day else when)
    local.add("dtend", when.date() + timedelta(days=1) if whole_day else when + SHORTEST)
    local.add("summary", f"{label} – {call.short_title}")
    local.add("url", settings.SITE_URL + call.get_absolute_url())
    local.add("description", "\n".join(filter(None, [call.title, *(move.reason for move in moves[-1:])])))
    local.add("transp", "TRANSPARENT")
    return local


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
