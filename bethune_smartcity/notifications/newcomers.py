"""Who joins between the instant a message is written and the one it leaves at gets it as the others do.

Asked when it leaves, not when they join: every way into a structure counts, those that no operation knows too, and
what was called off or superseded meanwhile is not brought back. Whose account was closed when it was written, and is
open again by then, is among them. The key of a message makes it once, whatever the number of rounds.

What had left before they came is not written to them: whoever joins reads on the pages what it told, a date that moved
on the call's and a public answer among its questions, as whoever begins a draft that day does.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from .models import Message

State = Message.State
# Of what those keys, as texts, name: who has joined its people since an instant, by their key, and when.
Joined = Callable[[Collection[str], datetime], Iterable[tuple[Any, int, datetime]]]
# Writes a message anew, as it stands now, to someone who joined.
Anew = Callable[[Message, Any], object]

_joined: dict[str, Joined] = {}
_anew: dict[str, Anew] = {}
COLUMNS = ("pk", "key", "kind", "about_type", "about_id", "created_at", "due_at", "state")


def register_joined(kinds: Iterable[str], joined: Joined) -> None:
    """Say who has joined the people that messages of those kinds are for; the same kind again replaces it."""
    _joined.update(dict.fromkeys(kinds, joined))


def register_anew(kind: str, anew: Anew) -> None:
    """Say how a message of that kind is written to someone who joined; without it, in the words of the others."""
    _anew[kind] = anew


@dataclass(frozen=True)
class Newcomer:
    """Someone a message waits for without being written: the key of the user, and a message to one of the others."""

    user: int
    beside: Message

    @property
    def key(self) -> str:
        return f"{_place(self.beside)}:{self.user}"


def _place(message: Message) -> str:
    """What the messages of one occasion have in common: their key without the recipient."""
    return message.key.rpartition(":")[0]


def newcomers(messages: QuerySet[Message]) -> list[Newcomer]:
    """Those for whom `messages` wait without being written. A statement for them, one for each kind of people, and one
    where somebody joined.
    """
    told = messages.filter(kind__in=_joined, recipient__isnull=False).exclude(about_id="")
    rows = told.order_by("pk").only(*COLUMNS)
    kinds: dict[Joined, dict[str, Message]] = defaultdict(dict)
    for row in rows:
        kinds[_joined[row.kind]].setdefault(_place(row), row)
    found = {one.key: one for joined, places in kinds.items() for one in _since(joined, places.values())}
    written = Message.objects.filter(key__in=found).values_list("key", flat=True) if found else ()
    return [found[key] for key in sorted(found.keys() - set(written))]


def _since(joined: Joined, rows: Collection[Message]) -> Iterable[Newcomer]:
    about: dict[str, list[Message]] = defaultdict(list)
    for row in rows:
        about[row.about_id].append(row)
    for key, user, at in joined(about.keys(), min(row.created_at for row in rows)):
        yield from (Newcomer(user, row) for row in about[str(key)] if at > row.created_at)


def write_to_newcomers(keys: Collection[int]) -> list[int]:
    """Write the messages of those keys, which leave now, to who joined meanwhile too. Returns the keys of theirs."""
    return write_beside(newcomers(Message.objects.filter(pk__in=keys)) if keys else [])


def write_beside(found: Collection[Newcomer]) -> list[int]:
    """Write to those who joined what the others were written. Returns the keys of what waits of it."""
    if not found:
        return []
    users = Message.recipient.field.related_model._default_manager.in_bulk([one.user for one in found])
    texts = _texts_beside(found)
    for one in found:
        if one.beside.kind in _anew:
            _anew[one.beside.kind](one.beside, users[one.user])
    copied = [_copied(one, users[one.user], texts[_place(one.beside)]) for one in found if one.beside.kind not in _anew]
    Message.objects.bulk_create(filter(None, copied), ignore_conflicts=True)
    mine = Message.objects.filter(key__in=[one.key for one in found], state=State.PENDING)
    return list(mine.order_by("pk").values_list("pk", flat=True))


def _texts_beside(found: Collection[Newcomer]) -> dict[str, list[Message]]:
    """What was written to the others, by occasion. One statement."""
    kinds, abouts = {one.beside.kind for one in found}, {one.beside.about_id for one in found}
    rows = Message.objects.filter(kind__in=kinds, about_id__in=abouts).exclude(body="").select_related("recipient")
    texts: dict[str, list[Message]] = defaultdict(list)
    for row in rows.order_by("pk"):
        texts[_place(row)].append(row)
    return texts


def _copied(one: Newcomer, user: Any, texts: Sequence[Message]) -> Message | None:
    """The same words as to the others, in the language of who joined if anyone reads it; None where each is named."""
    shared = [text for text in texts if not _names_reader(text)]
    if not shared:
        return None
    text = min(shared, key=lambda text: text.language != user.language)
    columns = ("kind", "about_type_id", "about_id", "language", "subject", "body", "layout", "path")
    columns += ("due_at", "expires_at")
    return Message(**{name: getattr(text, name) for name in columns}, key=one.key, recipient=user, address=user.email)


def _names_reader(text: Message) -> bool:
    name = str(text.recipient) if text.recipient else ""
    return not name or name in text.subject or name in text.body
