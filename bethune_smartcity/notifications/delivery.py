"""Sending what was written: claim the row, send, stamp. Broker messages only wake a worker; rows are the truth."""

import re
from datetime import timedelta
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q

from bethune_smartcity.core import clock

from .mails import mail_of
from .models import Message

STUCK_AFTER = timedelta(minutes=10)
MAX_ATTEMPTS = 8
NAMED = re.compile(r"<portal-(?P<key>[0-9]{1,18})@")


def claimable() -> Q:
    """Rows with a text, due, not put off and not in other hands (a claim older than ten minutes is a dead worker's)."""
    moment = clock.now()
    put_off = Q(retry_at__gt=moment)
    free = Q(state=Message.State.PENDING) | Q(state=Message.State.CLAIMED, claimed_at__lt=moment - STUCK_AFTER)
    return Q(due_at__lte=moment) & ~Q(body="") & ~put_off & free


def claim(pk: int) -> Message | None:
    """Take the message for sending, or None when it is not due, already sent, or in other hands."""
    taken = Message.objects.filter(claimable(), pk=pk).update(
        state=Message.State.CLAIMED, claimed_at=clock.now(), attempts=F("attempts") + 1
    )
    return Message.objects.get(pk=pk) if taken else None


def message_id(message: Message) -> str:
    """The same Message-ID at each attempt, so that a second copy is recognised as one."""
    host = settings.SITE_URL.split("//", 1)[-1].split("/")[0].split(":")[0]
    return f"<portal-{message.pk}@{host}>" if host else make_msgid()


def key_in(name: str) -> int | None:
    """The key of the message whose Message-ID is `name`; None for a mail that is no message's."""
    found = NAMED.match(name)
    return int(found["key"]) if found else None


def headers_of(message: Message) -> dict[str, str]:
    """What the mail says beside its text; to followers, how to end it in one click (RFC 8058)."""
    headers = {"Message-ID": message_id(message)}
    if message.stop_path:
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{message.stop_path}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def mail_for(message: Message) -> EmailMessage:
    return mail_of(
        message.subject, message.body, to=message.address, language=message.language, headers=headers_of(message)
    )


def send(message: Message) -> None:
    """Hand a claimed message to the mail server and stamp it; on a fault put it back, with a growing delay."""
    try:
        mail_for(message).send()
    except Exception as fault:  # any fault of the mail server is the same: try later
        _put_back(message, fault)
        return
    Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=clock.now(), error="")


def _put_back(message: Message, fault: Exception) -> None:
    last = message.attempts >= MAX_ATTEMPTS
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.FAILED if last else Message.State.PENDING,
        retry_at=None if last else clock.now() + timedelta(minutes=2**message.attempts),
        error=str(fault)[:250],
    )


def due_ids(limit: int = 500) -> list[int]:
    """The oldest messages due and not sent."""
    return list(Message.objects.filter(claimable()).order_by("due_at").values_list("pk", flat=True)[:limit])
