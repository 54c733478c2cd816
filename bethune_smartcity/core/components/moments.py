"""Instants, deadlines, amounts and shares, as components."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording

from . import declared

# What a deadline is for. Endings are stored exclusive and shown one minute earlier when they fall on midnight.
DEADLINES = {
    "open": _("You can submit until %(when)s (Paris time)"),
    "announced": _("You can submit from %(when)s (Paris time)"),
    "closed": _("Submissions closed on %(when)s (Paris time)"),
    "edit": _("You can edit or withdraw until %(when)s (Paris time)"),
    "questions": _("You can ask a question until %(when)s (Paris time)"),
    "reading": _("To hand in before %(when)s (Paris time)"),
    "vote": _("You can vote until %(when)s (Paris time)"),
    "answer": _("An answer is expected before %(when)s (Paris time)"),
    "due": _("Due before %(when)s (Paris time)"),
}
BEGINNINGS = {"announced"}
PAST = {"closed"}


@lru_cache(maxsize=1024)
def _stamp(moment: dt.date, words: str) -> SafeString:
    if isinstance(moment, dt.datetime):
        moment = moment.astimezone(wording.PARIS).replace(microsecond=0)
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


def day(moment: dt.date, weekday: bool = False) -> SafeString:
    """A day, in Paris: "22 novembre 2026"."""
    declared("day", moment=moment)
    return _stamp(moment, wording.day(moment, weekday=weekday)) if moment else mark_safe("")


def loosely(moment: dt.datetime) -> SafeString:
    """About when in its month a day falls, where no more is known: "fin juin 2017"."""
    declared("loosely", moment=moment)
    month = moment.astimezone(wording.PARIS).strftime("%Y-%m")
    return format_html('<time datetime="{}">{}</time>', month, wording.loosely(moment))


def instant(moment: dt.datetime, weekday: bool = False) -> SafeString:
    """An instant with its zone: "22 novembre 2026 à 14 h 05 (heure de Paris)"."""
    declared("instant", moment=moment)
    return _stamp(moment, wording.instant(moment, weekday=weekday)) if moment else mark_safe("")


def until(moment: dt.datetime) -> SafeString:
    """An exclusive ending inside a sentence, with weekday and zone: midnight is 23 h 59 of the day before."""
    declared("until", moment=moment)
    return _stamp(wording.last_minute(moment), wording.deadline(moment)) if moment else mark_safe("")


def hour(moment: dt.datetime) -> SafeString:
    """A time of day in Paris: "14 h 05"."""
    declared("hour", moment=moment)
    return _stamp(moment, wording.hour(moment)) if moment else mark_safe("")


def amount(value: Any) -> SafeString:
    """A sum in euros that never breaks: "8 000 €"."""
    declared("amount", value=value)
    return _amount(value, get_language())


@lru_cache(maxsize=1024)
def _amount(value: Any, _language: str | None) -> SafeString:
    return format_html('<span class="amount">{}</span>', wording.amount(value))


def percent(value: Any, places: int | None = None) -> SafeString:
    """A share of 100 that never breaks: "30 %"; with as many decimals as `places` says, in a column."""
    declared("percent", value=value)
    return _percent(value, places, get_language())


@lru_cache(maxsize=1024)
def _percent(value: Any, places: int | None, _language: str | None) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', wording.percent(value, places))


def _left(context: Context, moment: dt.datetime, element: str, pattern: str) -> SafeString:
    """The time left, kept up to date by countdown.js from the server's clock; nothing once it has passed."""
    now = context["portal"].now
    if moment <= now:
        return mark_safe("")
    return format_html(
        '<{0} class="left" data-until="{1}" data-now="{2}" data-pattern="{3}">{4}</{0}>',
        element,
        moment.isoformat(),
        now.isoformat(),
        pattern,
        pattern % {"length": wording.length(moment - now)},
    )


def own_time(moment: dt.datetime) -> SafeString:
    """An exclusive ending told in Paris time just before, in the reader's own zone where it is another one."""
    declared("own_time", moment=moment)
    return _own_time(wording.last_minute(moment), "span") if moment else mark_safe("")


def _own_time(moment: dt.datetime, element: str = "p") -> SafeString:
    """The same instant in the reader's zone, written by the script beside it where the zone is not that of Paris."""
    return format_html(
        '<{0} class="zone" data-zone="{1}" data-words="{2}" hidden></{0}><script src="{3}"></script>',
        element,
        moment.isoformat(),
        gettext("in your time zone: {day} at {hour}:{minute} ({city})"),
        static("js/zone.js"),
    )


def deadline(context: Context, moment: dt.datetime, phase: str = "open") -> SafeString:
    """The one way to write a deadline: weekday, day, 23 h 59, zone, time left, and one's own time where it differs.

    Args:
        context: the page's, which knows the portal's clock.
        moment: aware instant, exclusive.
        phase: one of DEADLINES.
    """
    declared("deadline", moment=moment, phase=phase if phase in DEADLINES else None)
    shown = moment if phase in BEGINNINGS else wording.last_minute(moment)
    strong = format_html("<strong>{}</strong>", _stamp(shown, wording.day_and_hour(shown)))
    before, after = str(DEADLINES[phase]).split("%(when)s")
    sentence = format_html("{}{}{}", before, strong, after)
    if phase in PAST:
        return format_html('<p class="deadline deadline--past">{}</p>', sentence)
    pattern = gettext("in %(length)s") if phase in BEGINNINGS else gettext("%(length)s left")
    return format_html(
        '<p class="deadline">{}</p>{}{}', sentence, _left(context, moment, "p", pattern), _own_time(shown)
    )


def countdown(context: Context, moment: dt.datetime, opens: bool = False) -> SafeString:
    """The time left before an exclusive instant: "encore 12 jours 4 h".

    Args:
        context: the page's, which knows the portal's clock.
        moment: aware instant, exclusive.
        opens: it opens a sentence: "Il reste 12 jours 4 h".
    """
    declared("countdown", moment=moment)
    pattern = pgettext("opens a sentence", "%(length)s left") if opens else gettext("%(length)s left")
    return _left(context, moment, "span", pattern)
