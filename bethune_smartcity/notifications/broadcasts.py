"""Telling all who follow something: one row with the event, then messages in batches, by the sweep.

The number of statements grows with the batches, not with the followers; what stops half-way goes on where it stopped,
and nobody is written to twice.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.utils.translation import override

from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.core.text import hold_signs

from . import tidings
from .following import followers_of
from .holders import KEY_MARK, holder_of, key_of_holder
from .kinds import kind_named
from .layout import Link, Told, finished, layout_of, with_foot
from .models import Broadcast, Message, Subscription
from .operations import is_replaying, key_of
from .paths import path_of
from .rendering import render
from .texts import own_words
from .topics import Wish, sentences

log = logging.getLogger(__name__)

# Followers written to at once; batches written in one sweep, the rest at the next.
BATCH = 500
BATCHES = 20
# Stands for the recipient in the key of a broadcast.
FOLLOWERS = "followers"
# What is written of still: neither at its end, nor called off, nor held back. Asked before each batch.
WRITABLE = Q(ended_at__isnull=True, held_at__isnull=True)


def _nobody(_subject: Any) -> None:
    return None


def _always(_subject: Any) -> bool:
    return True


def _itself(subject: Any) -> Any:
    return subject


def _none_of(_user: Any) -> Q:
    return Q(pk__in=[])


@dataclass(frozen=True)
class Bulletin:
    """How one kind of message to followers is made from what it is about.

    Args:
        wishes: whose followers are told.
        page: the name and the keys of the page it leads to.
        context: what its texts need beside `subject` and `url`, written in the language in force.
        besides: users told otherwise, if any.
        holds: whether it is still to be told when its turn comes.
        told: the condition on what is followed of who is told, from the key of what it is about alone, to count them;
            None where `wishes` and `besides` must be asked.
        permission: who may hold it back midway, asked about `owner`; empty for who may only see it.
        owner: what the permission is asked about, and whose journal says it.
        run_by: for a user, the condition on its broadcasts that they have that permission.
        related: the columns of what it is about that all this follows.
    """

    wishes: Callable[[Any], list[Wish]]
    page: Callable[[Any], tuple[str, dict[str, Any]]]
    context: Callable[[Any], dict[str, Any]]
    besides: Callable[[Any], models.QuerySet[Any] | None] = _nobody
    holds: Callable[[Any], bool] = _always
    told: Callable[[Any], Q] | None = None
    permission: str = ""
    owner: Callable[[Any], Any] = _itself
    run_by: Callable[[Any], Q] = _none_of
    related: tuple[str, ...] = ()


_bulletins: dict[str, Bulletin] = {}


def register_bulletin(kind: str, bulletin: Bulletin) -> None:
    """Say how messages of the registered `kind` are made; the same kind again replaces it."""
    _bulletins[kind] = bulletin


def bulletin_of(kind: str) -> Bulletin | None:
    """How messages of that kind are made; None when no app makes them any more."""
    return _bulletins.get(kind)


def held_bulletins() -> list[tuple[str, Bulletin]]:
    """The kinds of messages to followers that someone may hold back midway, and how each is made."""
    return [(kind, bulletin) for kind, bulletin in _bulletins.items() if bulletin.permission]


def tell_followers(kind: str, *, subject: models.Model, step: str = "", due_at: datetime | None = None) -> Broadcast:
    """Tell whoever follows it of `subject`, once per `step`, now or at the aware instant `due_at`.

    Only a row is written here; the sweep writes the messages. Followers are those of the due instant. Returns the row,
    which stands already when it was asked before. Raises LookupError for a kind without a bulletin.
    """
    if kind not in _bulletins:
        raise LookupError(f"no bulletin for the message kind {kind}")
    moment = clock.now()
    due = max(due_at or moment, moment)
    row, _created = Broadcast.objects.get_or_create(
        key=_key(kind, subject, step),
        defaults={
            "kind": kind,
            "subject_type": ContentType.objects.get_for_model(subject),
            "subject_id": str(subject.pk),
            "step": step,
            "due_at": due,
            "ended_at": due if is_replaying() else None,
        },
    )
    return row


def tell_each(kind: str, subjects: Iterable[models.Model], *, since: Callable[[Any], datetime]) -> int:
    """Tell followers of each of `subjects` that they were not told of yet, as of `since(subject)`. Returns how many.

    What an agent holds back, or called off, is not told.
    """
    by_key = {_key(kind, subject, ""): subject for subject in subjects}
    written = set(Broadcast.objects.filter(key__in=by_key).values_list("key", flat=True)) if by_key else set()
    new = {key: subject for key, subject in by_key.items() if key not in written}
    fresh = {key: subject for key, subject in new.items() if tidings.let_through(kind, subject, since(subject))}
    rows = [
        Broadcast(
            key=key,
            kind=kind,
            subject_type=ContentType.objects.get_for_model(subject),
            subject_id=str(subject.pk),
            due_at=since(subject),
        )
        for key, subject in fresh.items()
    ]
    if rows:
        Broadcast.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def untold(kind: str, subjects: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `subjects` of which followers were not told yet: what `tell_each` is asked about at each round."""
    before, after = key_of(kind, subjects.model(pk=0), "", FOLLOWERS).split(":0:")
    key = Concat(Value(f"{before}:"), Cast(OuterRef("pk"), CharField()), Value(f":{after}"))
    return subjects.exclude(Exists(Broadcast.objects.filter(key=key)))


def _key(kind: str, subject: models.Model, step: str) -> str:
    return key_of(kind, subject, step, FOLLOWERS)


def _due(until: Any) -> QuerySet[Broadcast]:
    return Broadcast.objects.filter(WRITABLE, due_at__lte=until).order_by("due_at", "pk")[:BATCHES]


DUE = Compiled(_due, until=Broadcast._meta.get_field("due_at"))


def write_due(until: datetime) -> int:
    """Write the messages of every broadcast due at the aware instant `until`. Returns how many.

    One at fault is logged, and stops neither the others nor what the sweep does next.
    """
    return sum(_write_out(broadcast) for broadcast in DUE.fetch(until=until))


def _write_out(broadcast: Broadcast) -> int:
    try:
        model: Any = broadcast.subject_type.model_class()
        subject, bulletin = model._base_manager.filter(pk=broadcast.subject_id).first(), _bulletins[broadcast.kind]
        if subject is None or not bulletin.holds(subject):
            _advance(broadcast, [], is_last=True)
            return 0
        written = 0
        for _batch in range(BATCHES):
            count = _write_batch(broadcast, bulletin, subject)
            written += count
            if count < BATCH:
                break
        return written
    except Exception:  # it is run again at the next sweep, by when its fault may be mended
        log.exception("the broadcast %s failed", broadcast.pk)
        return 0


@transaction.atomic
def _write_batch(broadcast: Broadcast, bulletin: Bulletin, subject: Any) -> int:
    """Write to the next followers and move the cursor past them, both or neither. Returns how many it looked at."""
    besides = bulletin.besides(subject)
    followers = followers_of(bulletin.wishes(subject), since=broadcast.due_at, besides=besides)
    rows = list(followers.filter(pk__gt=broadcast.cursor)[:BATCH])
    if not _advance(broadcast, rows, is_last=len(rows) < BATCH, new=_new_among(rows, broadcast, subject)):
        return 0  # another worker has it, or an agent holds it back
    texts = Texts(broadcast, bulletin, subject)
    Message.objects.bulk_create([texts.message_to(row) for row in rows], ignore_conflicts=True)
    return len(rows)


def _new_among(rows: list[Subscription], broadcast: Broadcast, subject: Any) -> int:
    """To how many mailboxes `rows` lead that were not written to yet: one may follow it in several ways."""
    keys = {message_key(broadcast, subject, row) for row in rows}
    return len(keys) - Message.objects.filter(key__in=keys).count()


def message_key(broadcast: Broadcast, subject: Any, row: Subscription) -> str:
    """What makes the message of one mailbox unique."""
    return key_of(broadcast.kind, subject, broadcast.step, holder_of(row.mailbox))


def _advance(broadcast: Broadcast, rows: list[Subscription], *, is_last: bool, new: int = 0) -> bool:
    """Compare and set: False when someone else has moved the cursor, or holds it back."""
    cursor = rows[-1].pk if rows else broadcast.cursor
    ended = clock.now() if is_last else None
    mine = Broadcast.objects.filter(WRITABLE, pk=broadcast.pk, cursor=broadcast.cursor)
    moved = mine.update(cursor=cursor, written=F("written") + new, ended_at=ended)
    broadcast.cursor = cursor
    return bool(moved)


class Texts:
    """The texts of one batch: drawn once for each language, and each reader's links set in."""

    def __init__(self, broadcast: Broadcast, bulletin: Bulletin, subject: Any) -> None:
        self.broadcast, self.bulletin, self.subject = broadcast, bulletin, subject
        self.kind = kind_named(broadcast.kind)
        self.page, self.keys = bulletin.page(subject)
        self.drawn: dict[str, tuple[str, Told, str]] = {}
        self.feet: dict[tuple[str, str, int], tuple[Told, str]] = {}

    def message_to(self, row: Subscription) -> Message:
        subject, body, path = self.text(row.reads)
        foot, stop = self.foot(row)
        # What is kept holds no key: delivery makes it of the mailbox, but of one that was followed from another.
        key = KEY_MARK if row.holder == holder_of(row.mailbox) else key_of_holder(row.holder)
        told = with_foot(body, foot)
        return Message(
            key=message_key(self.broadcast, self.subject, row),
            kind=self.kind.name,
            about_type_id=self.broadcast.subject_type_id,
            about_id=self.broadcast.subject_id,
            recipient=row.user,
            address=row.mailbox,
            language=row.reads,
            subject=subject,
            body=told.replace(KEY_MARK, key),
            layout=layout_of(told),
            path=path,
            stop_path=stop.replace(KEY_MARK, key),
        )

    def text(self, language: str) -> tuple[str, Told, str]:
        """The subject, the body and the page's address in a language."""
        if language not in self.drawn:
            path = path_of(self.page, self.keys, language)
            with override(language):
                context = self.bulletin.context(self.subject)
                links = {"subject": self.subject, "url": Link(settings.SITE_URL + path), "site_url": settings.SITE_URL}
                own = own_words(self.kind.texts, context)
                self.drawn[language] = (*render(self.kind, language, {**links, **context}, own), path)
        return self.drawn[language]

    def foot(self, row: Subscription) -> tuple[Told, str]:
        """Why one is written to and how to end it, and the address that ends it, with the mark for a key."""
        place = (row.reads, row.topic, row.about)
        if place not in self.feet:
            keys = {"key": KEY_MARK, "topic": row.topic, "about": row.about}
            stop = path_of("notifications:stop", keys, row.reads)
            manage = path_of("notifications:manage", {"key": KEY_MARK}, row.reads)
            with override(row.reads):
                context = {
                    "topics": sentences([(row.topic, row.about)]),
                    "stop_url": Link(settings.SITE_URL + stop),
                    "manage_url": Link(settings.SITE_URL + manage),
                }
                text = render_to_string("notifications/emails/foot.txt", context).strip() + "\n"
            self.feet[place] = (finished(hold_signs(text) if row.reads == "fr" else text), stop)
        return self.feet[place]
