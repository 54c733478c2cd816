"""How the portal writes instants, days, lengths of time and amounts, in the active language.

Pages, e-mails, PDFs and feeds all use these functions, so a deadline reads the same everywhere. Instants are aware
datetimes; they are written in Europe/Paris whatever the reader's zone, and say so.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

PARIS = ZoneInfo("Europe/Paris")
NBSP = "\u00a0"


def _local(moment):
    """An aware datetime in Paris time; a plain date stays what it is."""
    return moment.astimezone(PARIS) if isinstance(moment, dt.datetime) else moment


def _in_french():
    """French writes "1er" and "9 h 05" where the others keep figures and leading zeros."""
    return (get_language() or "").startswith("fr")


def last_minute(instant):
    """The last minute before an exclusive instant that falls on midnight in Paris; any other instant unchanged."""
    local = _local(instant)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return (instant.astimezone(dt.UTC) - dt.timedelta(minutes=1)).astimezone(PARIS)
    return local


def day(moment, *, weekday=False):
    """Write a day: "22 novembre 2026", with weekday "dimanche 22 novembre 2026"."""
    local = _local(moment)
    return _written_day(local.year, local.month, local.day, weekday, get_language())


@lru_cache(maxsize=1024)
def _written_day(year, month, day, weekday, _language):
    number = "1er" if day == 1 and _in_french() else day
    parts = {"day": number, "month": MONTHS[month], "year": year}
    if weekday:
        parts["weekday"] = WEEKDAYS[dt.date(year, month, day).weekday()]
        return pgettext("date", "%(weekday)s %(day)s %(month)s %(year)s") % parts
    return pgettext("date", "%(day)s %(month)s %(year)s") % parts


def loosely(moment):
    """Write about when in its month a day falls, where no more is known: "fin juin 2017"."""
    local = _local(moment)
    parts = {"month": MONTHS[local.month], "year": local.year}
    if local.day > 20:
        return pgettext("date", "the end of %(month)s %(year)s") % parts
    if local.day > 10:
        return pgettext("date", "the middle of %(month)s %(year)s") % parts
    return pgettext("date", "the beginning of %(month)s %(year)s") % parts


def days(first, last=None):
    """Write a day, or from the first to the last of several, each with its weekday: what they share is written once."""
    if last is None or last == first:
        return day(first, weekday=True)
    words = {"first": _first_day(first, last), "last": day(last, weekday=True)}
    return pgettext("days", "from %(first)s to %(last)s") % words


def _first_day(first, last):
    """The first of several days, as far as the last does not say it: "mercredi 3", "lundi 31 mai"."""
    if first.year != last.year:
        return day(first, weekday=True)
    number = "1er" if first.day == 1 and _in_french() else first.day
    parts = {"weekday": WEEKDAYS[first.weekday()], "day": number, "month": MONTHS[first.month]}
    if first.month == last.month:
        return pgettext("first of several days", "%(weekday)s %(day)s") % parts
    return pgettext("first of several days", "%(weekday)s %(day)s %(month)s") % parts


def span(starts, ends, *, with_time):
    """Write from when to when something lasts: the hours of one day, or its days.

    Args:
        starts: aware instant.
        ends: aware instant after it; with hours it is exclusive, so that midnight reads as the minute before.
        with_time: whether hours are told; else both stand for their days, the last one included.
    """
    if not with_time:
        return days(_local(starts).date(), _local(ends).date())
    last = last_minute(ends)
    if _local(starts).date() == last.date():
        words = {"day": day(starts, weekday=True), "first": hour(starts), "last": hour(last)}
        return gettext("%(day)s, from %(first)s to %(last)s") % words
    words = {"first": day_and_hour(starts), "last": day_and_hour(last)}
    return gettext("from %(first)s to %(last)s") % words


def hour(moment):
    """Write the time of day in Paris: "14 h 05" in French, "14:05" in English. Of one that comes twice, its offset:
    "2 h 30 (UTC+2)".
    """
    local = _local(moment)
    number = local.hour if _in_french() else f"{local.hour:02}"
    told = pgettext("time of day", "%(hour)s:%(minute)s") % {"hour": number, "minute": f"{local.minute:02}"}
    return f"{told}{NBSP}(UTC+{_ahead(local)})" if _comes_twice(local) else told


def _comes_twice(local):
    """Whether clocks in Paris show that hour twice: in the night when they go back."""
    if not isinstance(local, dt.datetime) or (local.month, local.hour) != (10, 2):
        return False
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _ahead(local):
    return local.utcoffset() // dt.timedelta(hours=1)


def instant(moment, *, weekday=False):
    """Write an instant with its zone: "22 novembre 2026 à 14 h 05 (heure de Paris)"."""
    return gettext("%(day)s at %(hour)s (Paris time)") % {"day": day(moment, weekday=weekday), "hour": hour(moment)}


def day_and_hour(moment):
    """Write weekday, day and time of day without the zone, unbroken between day and month and inside the hour."""
    return gettext("%(day)s at %(hour)s") % {"day": day(moment, weekday=True), "hour": hour(moment)}


def deadline(moment):
    """Write a deadline stored exclusive: midnight reads as 23 h 59 of the day before, with weekday and zone."""
    # In UTC: of an hour that comes twice, Paris tells the two instants alike.
    return _written_deadline(moment.astimezone(dt.UTC), get_language())


@lru_cache(maxsize=1024)
def _written_deadline(moment, _language):
    """Every message about a call tells the same few deadlines."""
    return gettext("%(when)s (Paris time)") % {"when": day_and_hour(last_minute(moment))}


def length(delta):
    """Write a length of time in its two largest units: "12 jours 4 h", "4 h 12 min", "12 min"."""
    minutes = max(int(delta.total_seconds() // 60), 0)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    if hours:
        parts.append(pgettext("length of time", "%(n)s h") % {"n": hours})
    if not days and (rest or not hours):
        parts.append(pgettext("length of time", "%(n)s min") % {"n": rest})
    return " ".join(parts)


def percent(value, places=None):
    """Write a share of 100: "30 %" in French, "30%" in English; one decimal only when it counts, or `places`."""
    value = round(Decimal(value), 1 if places is None else places)
    if places is None:
        places = 0 if value == value.to_integral_value() else 1
    return measured(number_format(value, decimal_pos=places, use_l10n=True), "%")


def measured(figure, unit):
    """Write a figure, already in words, with its unit, never parted: "64,8 %" in French, "64.8%" in English."""
    return pgettext("share", "%(figure)s%%") % {"figure": figure} if unit == "%" else f"{figure}{NBSP}{unit}"


def takes_singular(value, language):
    """Whether what is counted stands in the singular beside `value`: below 2 in French, beside 1 alone elsewhere."""
    return abs(value) < 2 if language == "fr" else abs(value) == 1


def number(value, places=0):
    """Write a number: "20 000" in French, its thousands apart by a narrow space that does not break."""
    figure = number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    return figure.replace(" ", "\u202f").replace(NBSP, "\u202f")


def size(octets):
    """Write the size of a file in the units its limit is told in: "3,3 Mo", "12 Ko"."""
    if octets >= 999_500:
        millions = round(Decimal(octets) / 1_000_000, 1)
        return pgettext("size of a file", "%(n)s MB") % {"n": number(millions, 1 if millions % 1 else 0)}
    return pgettext("size of a file", "%(n)s KB") % {"n": number(max(round(octets / 1000), 1))}


def amount(value, currency="EUR"):
    """Write a sum of money: "8 000 €" in French; cents only when there are some."""
    value = Decimal(value)
    figure = number(value, 0 if value == value.to_integral_value() else 2)
    symbol = {"EUR": "€"}.get(currency, currency)
    return pgettext("amount", "%(symbol)s%(figure)s") % {"symbol": symbol, "figure": figure}
