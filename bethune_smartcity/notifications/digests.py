"""The day's mail: what people asked to get once a day, in one mail, at an hour of Paris.

One mail for each person and day, however many sweeps there are; nothing when nothing waits. What lost its use while it
waited is left out: it stands in the portal, where it was shown at once.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.core.text import hold_signs

from .channels import DAY_MAIL, DIGEST, hour_of, key_to_quiet, last_hour
from .groups import group_of
from .kinds import Kind, Urgency, kind_named, register_kind
from .layout import Link, Told, finished, layout_of, with_foot
from .models import Message
from .newcomers import newcomers, write_beside
from .paths import path_of
from .readership import barred_among, register_retold, settle
from .rendering import render
from .serving import still_serving
from .tasks import deliver

PATIENCE = timedelta(hours=2)
State = Message.State


@dataclass(frozen=True)
class Section:
    """The messages of one group in a day's mail, each as its words and its address."""

    title: str
    lines: list[tuple[str, str]]


def register() -> None:
    """Name the day's mail; called when the portal starts."""
    register_kind(Kind(DIGEST, _("The day’s messages"), template="notifications/emails/digest", is_told=False))
    register_retold(DIGEST, tell_again)


def plan(until: datetime) -> int:
    """Write the day's mail of each person for whom something waits, due at the aware instant `until`.

    What waits for somebody whose account is closed is withheld; who joined the people of something meanwhile is written
    to. Returns how many mails. One statement when nothing waits.
    """
    day, hour = last_hour(until)
    waiting = set(WAITING.fetch(hour=hour))
    if not waiting:
        return 0
    users = set(get_user_model().objects.filter(pk__in=waiting, is_active=True).values_list("pk", flat=True))
    if closed := waiting - users:
        settle(_waiting(hour).filter(recipient__in=closed).values_list("pk", flat=True))
    keys = {_key(user, day): user for user in sorted(users)}
    written = set(Message.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    fresh = [reader for key, reader in keys.items() if key not in written]
    if fresh:
        write_beside(newcomers(_waiting(hour).filter(recipient__in=fresh)))
    return sum(_write(reader, day, hour) for reader in fresh)


def _waiting(hour: Any) -> Any:
    return Message.objects.filter(state=State.GATHERED, sent_at__isnull=True, due_at__lte=hour)


# Without DISTINCT: for it SQLite reads every message that each person ever got, to meet each person once.
WAITING = Compiled(
    lambda hour: _waiting(hour).order_by().values_list("recipient", flat=True),
    hour=Message._meta.get_field("due_at"),
)
"""The key of the reader of each message that waits."""


def _key(reader: int, day: date) -> str:
    return f"{DIGEST}:{reader}:{day:%Y%m%d}"


@transaction.atomic
def _write(reader: int, day: date, hour: datetime) -> int:
    """Write the day's mail of the user of that key. Returns how many mails: none when all lost its use."""
    locked = _waiting(hour).filter(recipient=reader).select_for_update(of=("self",))
    found = list(locked.select_related("recipient").order_by("due_at", "pk"))
    if barred := barred_among([row.pk for row in found]):
        settle(barred)
    rows = [row for row in found if row.pk not in barred]
    kept = still_serving(rows, clock.now())
    mail = _mail(reader, day, kept) if kept else None
    if kept and mail is None:
        return 0
    mine = Message.objects.filter(pk__in=[row.pk for row in rows])
    mine.update(state=State.SHOWN)
    if mail is None:
        return 0
    mine.filter(pk__in=[row.pk for row in kept]).update(digest=mail)
    deliver.delay_on_commit(mail.pk)
    return 1


def _drawn(user: int, language: str, day: date, kept: list[Message]) -> tuple[str, Told, str]:
    """The subject, the text and the page's address of the mail of that day, in that language, to the user of that key,
    which tells the messages `kept`.
    """
    path = path_of("notifications:preferences", {}, language)
    stop = path_of("notifications:quiet", {"key": key_to_quiet(user, DAY_MAIL)}, language)
    with override(language):
        context = {"sections": sections(kept), "count": len(kept), "day": wording.day(day)}
        links = {"url": Link(settings.SITE_URL + path), "stop_url": Link(settings.SITE_URL + stop)}
        foot = str(render_to_string("notifications/emails/digest_foot.txt", links)).strip() + "\n"
    subject, body = render(kind_named(DIGEST), language, context)
    return subject, with_foot(body, finished(hold_signs(foot) if language == "fr" else foot)), path


def tell_again(keys: Collection[int]) -> set[int]:
    """Of the day's mails of those keys, which leave later than they were written, leave out what their reader may not
    read any more. Returns those of which nothing is left.

    One statement where none is a day's mail, two where nothing is to be left out.
    """
    told = list(Message.objects.filter(digest__in=keys).order_by("due_at", "pk"))
    barred = barred_among([row.pk for row in told])
    if not barred:
        return set()
    kept: dict[int, list[Message]] = {row.digest_id: [] for row in told if row.pk in barred}
    for row in told:
        if row.pk not in barred and row.digest_id in kept:
            kept[row.digest_id].append(row)
    for mail in Message.objects.filter(pk__in=kept):
        _tell_less(mail, kept[mail.pk])
    Message.objects.filter(pk__in=barred).update(digest=None)
    return {mail for mail, rows in kept.items() if not rows}


def _tell_less(mail: Message, kept: list[Message]) -> None:
    day = date.fromisoformat(mail.key.rpartition(":")[2])
    if kept and mail.recipient_id:
        subject, body, _path = _drawn(mail.recipient_id, mail.language, day, kept)
        Message.objects.filter(pk=mail.pk, sent_at__isnull=True).update(
            subject=subject, body=body, layout=layout_of(body)
        )


def _mail(reader: int, day: date, kept: list[Message]) -> Message | None:
    """The row of a day's mail; None when someone else has just written it."""
    user: Any = kept[0].recipient
    subject, body, path = _drawn(reader, user.language, day, kept)
    mail, made = Message.objects.get_or_create(
        key=_key(reader, day),
        defaults={
            "kind": DIGEST,
            "recipient": user,
            "address": user.email,
            "language": user.language,
            "subject": subject,
            "body": body,
            "layout": layout_of(body),
            "path": path,
        },
    )
    return mail if made else None


def sections(messages: list[Message]) -> list[Section]:
    """`messages` by group, in the language in force: what asks for something first, the nearest date at its top."""
    by_group: dict[str, list[Message]] = {}
    for message in sorted(messages, key=_order):
        group = group_of(message.kind)
        by_group.setdefault(str(group.label) if group else "", []).append(message)
    return [Section(title, [_line(one) for one in found]) for title, found in by_group.items()]


def _order(message: Message) -> tuple[bool, bool, Any, Any]:
    asks = kind_named(message.kind).urgency == Urgency.ACT
    until = message.expires_at
    return (not asks, until is None, until or message.due_at, message.pk)


def _line(message: Message) -> tuple[str, str]:
    return message.subject, Link(settings.SITE_URL + message.path)


def none_waits_too_long() -> Iterator[str]:
    """A sentence for each message that missed the day's mail it was put by for."""
    day, _hour = last_hour(clock.now() - PATIENCE)
    before = hour_of(day - timedelta(days=1))
    for message in Message.objects.filter(state=State.GATHERED, due_at__lte=before, recipient__is_active=True):
        yield f"message {message.pk} ({message.kind}) waits for a day's mail since {message.due_at:%Y-%m-%d %H:%M} UTC"
