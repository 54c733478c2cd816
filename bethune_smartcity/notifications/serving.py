"""Whether a message that waited still tells something: each app says it of the kinds it writes."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from .models import Message

# Of messages of one kind, the keys of those that still serve.
Serving = Callable[[list[Message]], Collection[int]]

_servings: dict[str, Serving] = {}


def register_serving(kind: str, serving: Serving) -> None:
    """Say which messages of that kind still serve; without it, all do until their date.

    The same kind again replaces it.
    """
    _servings[kind] = serving


def asked_kinds() -> list[str]:
    """The kinds of which some message may lose its use while it waits."""
    return sorted(_servings)


def still_serving(messages: Collection[Message], moment: datetime) -> list[Message]:
    """Those of `messages` that still tell something at the aware instant `moment`.

    As many statements as their kinds need.
    """
    ahead = [one for one in messages if one.body and (one.expires_at is None or one.expires_at > moment)]
    serving: set[int] = set()
    for name in {one.kind for one in ahead}:
        alike, ask = [one for one in ahead if one.kind == name], _servings.get(name)
        serving |= set(ask(alike)) if ask else {one.pk for one in alike}
    return [one for one in ahead if one.pk in serving]


def at_their_date(dates: Mapping[str, datetime | None], messages: list[Message]) -> set[int]:
    """The keys of those of `messages` that say the date of what they are about, or none; `dates` are by its key."""
    asked = [message for message in messages if message.about_id in dates]
    return {message.pk for message in asked if message.expires_at in (None, dates[message.about_id])}


def standing(found: Collection[object], messages: list[Message]) -> set[int]:
    """The keys of those of `messages` that are about a row whose key is in `found`."""
    keys = {str(key) for key in found}
    return {message.pk for message in messages if message.about_id in keys}
