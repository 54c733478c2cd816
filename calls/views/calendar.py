"""The dates of a call for people's own calendars (RFC 5545). One address for all languages: `?langue=de`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import View

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.calendars import Entry, calendar_file
from calls.models import Call, CallDate
from calls.queries.page import OWN_DATES, told

from .public import OneCall


class CallCalendar(OneCall, PublicPage, View):
    """A call's public dates as a file; the same words and identifiers at each download, so that calendars update."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("langue", "")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with override(language):
            text = calendar_file(self.call.title, language, entries_of(self.call))
        answer = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Language": language})
        answer["Content-Disposition"] = f'attachment; filename="{self.call.slug}.ics"'
        return answer


def entries_of(call: Call) -> Iterator[Entry]:
    """The call's own dates, the steps of its calendar, and its results once they are public.

    An opening whose day is not known is no date for a calendar.
    """
    labels = {
        "opens_at": _("The call opens"),
        "questions_until": _("Last day for questions"),
        "closes_at": _("Applications close"),
        "screening_until": _("Applications are checked"),
    }
    moves = list(call.moves.all())
    for name in OWN_DATES:
        at = call.takes_questions_until if name == "questions_until" and call.questions_until else getattr(call, name)
        if at is not None and not (name == "opens_at" and call.opening_is_approximate):
            yield entry(call, name, labels[name], told(name, at), moves=[m for m in moves if m.field == name])
    for step in call.dates.all():
        yield entry_of(step, call)
    if call.results_at is not None and call.results_at <= clock.now():
        yield entry(call, "results_at", _("Results published"), call.results_at)


def entry_of(step: CallDate, call: Call) -> Entry:
    """A step of the calendar of `call`, with where it is; its address is where one follows it or registers, if any.

    An hour whose end is not known is given none.
    """
    told = entry(call, f"step-{step.pk}", step.label, step.at, whole_day=not step.with_time)
    ends = step.ends_before
    return replace(
        told,
        until=ends if ends is None or step.with_time else ends.astimezone(clock.PARIS).date(),
        has_end=False,
        changed_at=max(filter(None, [told.changed_at, step.changed_at])),
        sequence=step.sequence,
        place=step.place or step.online_at,
        url=step.online_at or step.register_at or told.url,
        description="\n".join(filter(None, [told.description, step.who_may_come, step.register_at])),
    )


def entry(call: Call, name: str, label: str, at: datetime, *, whole_day: bool = False, moves: Any = ()) -> Entry:
    """A date of `call` at the aware instant `at` as people are told it, or on its day."""
    return Entry(
        uid=f"call-{call.pk}-{name}",
        summary=f"{label} – {call.short_title}",
        at=at.astimezone(clock.PARIS).date() if whole_day else at,
        url=call.get_absolute_url(),
        description="\n".join(filter(None, [call.title, *(move.reason for move in moves[-1:])])),
        changed_at=max([call.announced_at or call.opens_at, *(move.at for move in moves)]),
        sequence=len(moves),
    )
