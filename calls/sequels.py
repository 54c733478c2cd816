"""What follows a call in other apps: tabs beside its board, what they ask of its agents, what they open to all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Call


@dataclass(frozen=True)
class Link:
    """A page of another app about a call; `is_main` when a visitor of the call most likely came for it, `is_aside` when
    a few did: it then takes no place among the acts, which a telephone keeps in sight.
    """

    label: Any
    url: str
    is_main: bool = False
    is_aside: bool = False


@dataclass(frozen=True)
class NextStep:
    """What an agent has to do next for a call, in a sentence, and the page where it is done."""

    sentence: Any
    link: Link


Asked = Callable[[datetime], NextStep | None]


@dataclass(frozen=True)
class Tab:
    """A page of another app that an agent runs for a call; `asked(moment)` is what it asks of them next."""

    link: Link
    asked: Asked


@dataclass(frozen=True)
class Summary:
    """What came out of a call, in a few words, and the page that tells it."""

    words: str
    link: Link


@dataclass(frozen=True)
class Planned:
    """A date of a call or of what follows it: what it is, when, whether an end, stored exclusive, or with its hour."""

    name: Any
    at: datetime
    is_end: bool = False
    with_time: bool = False


Tabs = Callable[[Call, Any], list[Tab]]
Opens = Callable[[Call, datetime], list[Link]]
SumsUp = Callable[[Iterable[Call], datetime], dict[int, Summary]]
Dates = Callable[[Call], Iterable[Planned]]


def nothing(calls: Iterable[Call], moment: datetime) -> dict[int, Summary]:
    return {}


def no_dates(call: Call) -> list[Planned]:
    return []


@dataclass(frozen=True)
class Sequel:
    """One app's part: `tabs(call, user)` beside the board; `opens(call, moment)`, which anyone may know.

    `sums_up(calls, moment)` is what anyone may know came out of each of many calls, by its key, in few statements;
    `dates(call)` what is planned there and must come after the close.
    """

    tabs: Tabs
    opens: Opens
    sums_up: SumsUp = nothing
    dates: Dates = no_dates


_sequels: dict[str, Sequel] = {}


def register_sequel(name: str, sequel: Sequel) -> None:
    """Add an app's part after those registered before it; the same name again replaces it."""
    _sequels[name] = sequel


def tabs_of(call: Call, user: Any) -> list[Tab]:
    """The pages of other apps that `user` runs for `call`."""
    return [tab for sequel in _sequels.values() for tab in sequel.tabs(call, user)]


def links_open(call: Call, moment: datetime) -> list[Link]:
    """The pages of other apps about `call` that are open to all at the aware instant `moment`."""
    return [link for sequel in _sequels.values() for link in sequel.opens(call, moment)]


def summaries_of(calls: Iterable[Call], moment: datetime) -> dict[int, Summary]:
    """What came out of those of `calls` that have come to something at the aware instant `moment`, by their key."""
    calls = list(calls)
    return {key: said for sequel in _sequels.values() for key, said in sequel.sums_up(calls, moment).items()}


def dates_after(call: Call) -> list[Planned]:
    """What other apps plan that must come after the close of `call`."""
    return [planned for sequel in _sequels.values() for planned in sequel.dates(call)]
