"""Who has an application open at this moment, and where: known for a minute, written nowhere, lost without harm."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bethune_smartcity.core import clock
from bethune_smartcity.core.kept import KeptPages

LASTS = timedelta(seconds=60)
ROOMS = KeptPages(dict)


@dataclass(frozen=True)
class Here:
    """Someone on an application: the place of the section they have open, and since when that is known (aware)."""

    place: int
    at: datetime


def here_on(submission: Any) -> dict[Any, Here]:
    """Who has the application of that key open, by the key of the person. No statement."""
    since = clock.now() - LASTS
    return {person: here for person, here in (ROOMS.get(_key(submission)) or {}).items() if here.at > since}


def note(submission: Any, person: Any, place: int) -> dict[Any, Here]:
    """Remember for a minute that the person of that key is at `place`. Returns who is here. No statement.

    Two who come at one instant may hide each other until one is noted again.
    """
    here = here_on(submission) | {person: Here(place, clock.now())}
    ROOMS.set(_key(submission), here, LASTS.total_seconds())
    return here


def _key(submission: Any) -> str:
    return f"here:{submission}"
