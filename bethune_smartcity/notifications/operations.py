"""Writing messages down, in the transaction of what they tell."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

from bethune_smartcity.core import clock

from .kinds import Kind, kind_named
from .layout import Link, layout_of
from .models import Message
from .paths import path_of
from .planners import is_planning
from .rendering import render
from .tasks import deliver, drain
from .texts import Own, own_words, remembering

# What was not sent yet; what an agent holds back does not leave by itself.
WAITING = (Message.State.PENDING, Message.State.HELD)
# Up to so many messages wake a worker each; more are sent by one, over one connection.
FEW = 20
# What may still be called off.
UNSENT = (*WAITING, Message.State.GATHERED)
# What is shown to nobody, in the portal either.
UNSEEN = (Message.State.CANCELLED, Message.State.HELD, Message.State.WITHHELD)

_replaying: ContextVar[bool] = ContextVar("replaying", default=False)
_gathered: ContextVar[list[Message] | None] = ContextVar("gathered", default=None)


@dataclass(frozen=True)
class Mailbox:
    """Someone without an account: written to at an address in a language, and shown nothing in the portal.

    `pk` tells them from the others who are written to about the same subject; it holds nothing personal.
    """

    email: str
    language: str
    pk: str


@contextmanager
def replaying() -> Iterator[None]:
    """Write messages as already sent, and send none: for a history that is replayed, not lived."""
    token = _replaying.set(True)
    try:
        yield
    finally:
        _replaying.reset(token)


def is_replaying() -> bool:
    """Whether what is written now is a history that is replayed."""
    return _replaying.get()


@contextmanager
def gathering() -> Iterator[None]:
    """Write the messages of the block at its end, all at once; none when it fails."""
    rows: list[Message] = []
    token = _gathered.set(rows)
    try:
        with remembering():
            yield
    finally:
        _gathered.reset(token)
    write_down(rows)


def _place(kind: str, subject: models.Model) -> str:
    return f"{kind}:{subject._meta.label_lower}:{subject.pk}"


def key_of(kind: str, subject: models.Model, step: str, recipient: str) -> str:
    return f"{_place(kind, subject)}:{step}:{recipient}"


def _row(
    kind: Kind,
    user: Any,
    *,
    subject: models.Model,
    step: str,
    page: str,
    keys: dict[str, Any],
    context: dict[str, Any],
    own: Own,
    due_at: datetime,
    expires_at: datetime | None,
) -> Message:
    path = path_of(page, keys, user.language)
    title, body = render(
        kind,
        user.language,
        {
            "subject": subject,
            "user": user,
            "url": Link(settings.SITE_URL + path),
            "site_url": settings.SITE_URL,
            **context,
        },
        own,
    )
    sent = is_replaying()
    return Message(
        key=key_of(kind.name, subject, step, str(user.pk)),
        kind=kind.name,
        about_type=ContentType.objects.get_for_model(subject),
        about_id=str(subject.pk),
        recipient=None if isinstance(user, Mailbox) else user,
        address=user.email,
        language=user.language,
        subject=title,
        body=body,
        layout=layout_of(body),
        path=path,
        state=Message.State.SENT if sent else Message.State.PENDING,
        due_at=due_at,
        expires_at=expires_at,
        sent_at=due_at if sent else None,
        replayed=sent,
    )


def notify(
    kind: str,
    *,
    subject: models.Model,
    recipients: Iterable[Any],
    page: str,
    keys: dict[str, Any],
    step: str = "",
    context: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> int:
    """Write one message of `kind` about `subject` to each of `recipients` (users or Mailboxes), once a `step`.

    It is in their language and leads to the page named `page`, whose address is made of `keys`. The text is frozen
    here and sent after the transaction commits, or at the aware instant `due_at` when that is later: until then nobody
    is shown it. `expires_at` is the aware instant of the deadline it is about, if any: what is near goes at once, and
    from then on it is of no use, in no day's mail either, and is not sent any more. A message already written for the
    same kind, subject, step and recipient is left as it is. Returns how many were asked for.
    """
    template, moment, told = kind_named(kind), clock.now(), context or {}
    due, own = max(due_at or moment, moment), own_words(template.texts, told)
    facts: dict[str, Any] = {"subject": subject, "step": step, "page": page, "keys": keys, "context": told, "own": own}
    rows = [_row(template, user, **facts, due_at=due, expires_at=expires_at) for user in recipients]
    gathered = _gathered.get()
    if gathered is None:
        write_down(rows)
    else:
        gathered += rows
    return len(rows)


def write_down(rows: list[Message]) -> None:
    """Keep messages not written yet; those due now leave after the transaction commits."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    moment = clock.now()
    keys = [row.key for row in rows if row.state == Message.State.PENDING and row.due_at <= moment]
    if keys and not is_planning():
        waiting = Message.objects.filter(key__in=keys, state=Message.State.PENDING)
        _wake_for(waiting.values_list("pk", flat=True))


def _wake_for(keys: Collection[int]) -> None:
    """Let workers send the messages of those keys once the transaction commits: one each, or one for many."""
    if len(keys) > FEW:
        drain.delay_on_commit()
        return
    for pk in keys:
        deliver.delay_on_commit(pk)


def release(kind: str, *, subjects: Iterable[models.Model], step: str | None = None) -> int:
    """Let the messages of `kind` about `subjects`, which wait for a later instant, leave now: those of `step` if given.

    Returns how many.
    """
    waiting = _waiting(kind, subjects, step)
    keys = list(waiting.values_list("pk", flat=True))
    waiting.update(due_at=clock.now())
    _wake_for(keys)
    return len(keys)


def supersede(kind: str, subject: models.Model) -> bool:
    """Make room for a newer message of `kind` about `subject`: those nobody was shown yet never were written, those
    that have not left never leave. Returns whether anybody was shown one.
    """
    about = {"about_type": ContentType.objects.get_for_model(subject), "about_id": str(subject.pk)}
    former = Message.objects.filter(kind=kind, **about)
    former.filter(state__in=WAITING, due_at__gt=clock.now()).delete()
    was_shown = former.exclude(state__in=UNSEEN).exists()
    # One in a worker's hands is marked as sent once it has left; put back, it stays called off.
    states = (*UNSENT, Message.State.CLAIMED, Message.State.FAILED, Message.State.WITHHELD)
    former.filter(state__in=states).update(state=Message.State.CANCELLED)
    return was_shown


def _waiting(kind: str, subjects: Iterable[models.Model], step: str | None = None) -> models.QuerySet[Message]:
    """The messages of `kind` about `subjects`, written for `step` if given, whose instant is still to come."""
    later = Message.objects.filter(kind=kind, state__in=WAITING, due_at__gt=clock.now())
    about = {_place(kind, subject) for subject in subjects}
    found = [(pk, *_parts(key)) for pk, key in later.values_list("pk", "key")]
    return later.filter(pk__in=[pk for pk, place, made_for in found if place in about and step in {None, made_for}])


def step_of(message: Message) -> str:
    """The step that `message` was written for."""
    return _parts(message.key)[1]


def _parts(key: str) -> tuple[str, str]:
    """The place and the step that a key is made of."""
    kind, model, subject, rest = key.split(":", 3)
    return f"{kind}:{model}:{subject}", rest.rpartition(":")[0]
