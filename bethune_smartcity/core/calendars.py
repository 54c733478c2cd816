"""Dates as a file for people's own calendars (RFC 5545): zones by name, identifiers that last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from . import clock

SHORTEST = timedelta(minutes=1)
A_DAY = timedelta(days=1)
# Years ahead of which nothing is told: at the end of time no minute follows, and zones are written for each year.
HORIZON = 50


@dataclass(frozen=True)
class Entry:
    """A date in a calendar.

    Args:
        uid: what stands for it whenever the file is read, without the host.
        summary: its words.
        at: the aware instant as people are told it, or a day in Paris.
        url: the page it leads to, of this portal unless it is whole.
        until: when it ends, a minute or a day later unless given: exclusive, of the same type as `at`.
        has_end: whether a minute stands for an end that is not given. The last minute before a deadline is one; what
            begins at an hour and ends nobody said when has none, and RFC 5545 (3.6.1) lets it be left out.
        description: what is said of it besides.
        place: where.
        changed_at: when it last became what it is, aware.
        sequence: how often it has changed.
        is_busy: whether it takes its reader's time.
    """

    uid: str
    summary: str
    at: datetime | date
    url: str
    until: datetime | date | None = None
    has_end: bool = True
    description: str = ""
    place: str = ""
    changed_at: datetime | None = None
    sequence: int = 0
    is_busy: bool = False


def calendar_file(name: str, language: str, entries: Iterable[Entry]) -> bytes:
    """The file of `entries` under that name, in the language in force, which `language` names.

    What lies too many years ahead is left out, for it can only be a slip: the other dates are told all the same.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{host()}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(clock.PARIS))
    last = clock.today().year + HORIZON
    for entry in (entry for entry in entries if max(entry.at.year, (entry.until or entry.at).year) <= last):
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event, made = Event(), (entry.changed_at or clock.now()).astimezone(UTC).replace(microsecond=0)
    begins, ends = _span(entry)
    event.add("uid", f"{entry.uid}@{host()}")
    event.add("dtstamp", made)
    event.add("last-modified", made)
    event.add("sequence", entry.sequence)
    event.add("dtstart", begins)
    if ends is not None:
        event.add("dtend", ends)
    event.add("summary", entry.summary)
    event.add("url", urljoin(settings.SITE_URL, entry.url))
    if entry.description:
        event.add("description", entry.description)
    if entry.place:
        event.add("location", entry.place)
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    return event


def _span(entry: Entry) -> tuple[datetime | date, datetime | date | None]:
    """When an entry begins and ends, None where nobody said: in Paris where it has an hour."""
    if not isinstance(entry.at, datetime):
        return entry.at, entry.until or entry.at + A_DAY
    begins = entry.at.astimezone(clock.PARIS)
    if isinstance(entry.until, datetime):
        return begins, entry.until.astimezone(clock.PARIS)
    return begins, begins + SHORTEST if entry.has_end else None


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
