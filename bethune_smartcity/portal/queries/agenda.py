"""What a person's own calendar holds: dates of theirs, in each of the roles they may have, and nothing undecided."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import override

from bethune_smartcity.core import clock
from bethune_smartcity.core.calendars import Entry
from bethune_smartcity.portal.models import CalendarLink
from calls.queries import agenda as calls
from juries import agenda as juries
from juries.operations.tokens import digest_of
from projects import agenda as projects

# How long a date stays in the calendar once past.
KEPT = timedelta(days=60)
# A reading within as long of the last is not written down.
FRESH = timedelta(hours=1)


def link_behind(token: str) -> CalendarLink | None:
    """The link of that secret, with its person; None for a secret nobody holds, or whose account is closed."""
    links = CalendarLink.objects.select_related("user").filter(user__is_active=True)
    return links.filter(digest=digest_of(token)).first()


def link_of(user: Any) -> CalendarLink | None:
    return CalendarLink.objects.filter(user=user).first()


def own_dates(user: Any, moment: datetime) -> list[Entry]:
    """The dates of `user` as they may know them at the aware instant `moment`, in their language, in a lasting order.

    Five statements, whatever there is; two more for an agent. A date of two roles is told once, as the first tells it.
    """
    since = moment - KEPT
    with override(user.language):
        told = [
            *calls.own_dates(user, moment, since),
            *juries.own_dates(user, moment, since),
            *projects.own_dates(user, since),
            *calls.run_dates(user, since),
            *juries.run_dates(user, since),
        ]
    found = {entry.uid: entry for entry in reversed(told)}
    return sorted(found.values(), key=lambda entry: entry.uid)


def read(link: CalendarLink) -> list[Entry]:
    """The dates of a link's person, each with how often it has changed since the link was made, and when it last did.

    A statement more than `own_dates`, when something changed or the link was not read for an hour.
    """
    moment = clock.now()
    entries = list(_told(own_dates(link.user, moment), link.told, moment))
    told = {one.uid: [_print(one), one.sequence, one.changed_at.isoformat()] for one in entries if one.changed_at}
    if told != link.told or link.read_at is None or link.read_at < moment - FRESH:
        CalendarLink.objects.filter(pk=link.pk, digest=link.digest).update(told=told, read_at=moment)
    return entries


def _told(entries: Iterable[Entry], told: dict[str, Any], moment: datetime) -> Iterator[Entry]:
    for entry in entries:
        former, sequence, changed_at = told.get(entry.uid, ("", -1, ""))
        if former == _print(entry):
            yield replace(entry, sequence=sequence, changed_at=datetime.fromisoformat(changed_at))
        else:
            yield replace(entry, sequence=sequence + 1, changed_at=moment)


def _print(entry: Entry) -> str:
    """What tells one content of a date from another."""
    content = (
        entry.summary,
        entry.at.isoformat(),
        entry.until and entry.until.isoformat(),
        entry.description,
        entry.place,
    )
    return sha256(repr(content).encode()).hexdigest()[:16]
