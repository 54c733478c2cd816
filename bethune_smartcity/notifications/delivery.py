"""Sending what was written: claim the row, send, stamp. Broker messages only wake a worker; rows are the truth."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.utils import make_msgid
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Case, F, Q, QuerySet, When
from django.template.loader import render_to_string
from django.utils.translation import override

from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.core.text import hold_signs

from .channels import DIGEST, quiet_path, set_aside
from .faults import ENOUGH, refusal_of, strikes_of, was_offered
from .holders import with_key
from .kinds import keeps_address
from .layout import Link, Told, finished, laid, with_foot
from .mails import mail_of
from .models import Message
from .newcomers import write_to_newcomers
from .outlived import drop_outlived
from .paths import path_of
from .post import Away, Carrier
from .readership import withhold
from .seals import BrokenSeal, unseal

STUCK_AFTER = timedelta(minutes=10)
# Answers about the message itself; what says nothing of it is no attempt.
MAX_ATTEMPTS = 8
# After a fault of the server alone; so that all leaves soon once it is back.
SHORTLY = timedelta(minutes=2)
# A connection that breaks while the text is on its way may leave a copy behind: the delay grows, up to 2**5 minutes.
MOST_CUTS = 5
# Programmes that answer for the absent answer no such mail (RFC 3834; Exchange reads the second): else thousands of
# answers go where those of people do. No `Precedence`: no standard defines it, and filters hold "bulk" against a mail.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
NAMED = re.compile(r"<portal-(?P<key>[0-9]{1,18})@")
# How many rows a round looks up at once, and for how many seconds it goes on before it leaves the rest to the next.
BATCH = 500
ROUND_SECONDS = 50
MINUTE = timedelta(minutes=1)

State = Message.State
# What did not leave and may still, by itself or by an agent's hand.
LEAVING = (State.PENDING, State.CLAIMED, State.HELD, State.FAILED)


def unsettled() -> Q:
    """Rows with a text that did not leave and still may."""
    return Q(sent_at__isnull=True) & ~Q(body="", sealed="") & Q(state__in=(State.PENDING, State.CLAIMED))


def claimable() -> Q:
    """Rows with a text, due, of use, not put off and not in other hands (a claim older than ten minutes is a dead
    worker's).
    """
    moment = clock.now()
    return _claimable(moment, moment - STUCK_AFTER)


def _claimable(moment: Any, stuck: Any) -> Q:
    put_off = Q(retry_at__gt=moment)
    free = Q(state=State.PENDING) | Q(state=State.CLAIMED, claimed_at__lt=stuck)
    return unsettled() & Q(due_at__lte=moment) & ~Q(expires_at__isnull=False, expires_at__lte=moment) & ~put_off & free


def claim(pk: int) -> Message | None:
    """Take the message for sending, or None when it is not due, too late, already sent, or in other hands."""
    taken = Message.objects.filter(claimable(), pk=pk).update(
        state=State.CLAIMED, claimed_at=clock.now(), attempts=F("attempts") + 1
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
    """What the mail says beside its text; where its reader may do without, how to end it in one click (RFC 8058)."""
    headers = {"Message-ID": message_id(message), **AUTOMATIC}
    if stop := keyed(message, message.stop_path) or quiet_path(message):
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def mail_for(message: Message) -> EmailMessage:
    """The mail that carries a message. Raises BrokenSeal for a secret that can no longer be read."""
    to, subject = message.address, message.subject
    body = laid(keyed(message, message.body), message.layout)
    if message.sealed:
        letter = unseal(message.sealed)
        to, subject, body = letter.to, letter.subject, laid(letter.body, letter.layout)
    if foot := foot_of(message):
        body = with_foot(body, foot)
    return mail_of(subject, body, to=to, language=message.language, headers=headers_of(message))


def keyed(message: Message, text: str) -> str:
    """A text kept of a message to followers, with the key of its mailbox, which its row says in its own key alone."""
    return with_key(text, message.key.rpartition(":")[2]) if message.stop_path else text


def foot_of(message: Message) -> Told | None:
    """Where its reader chooses how such messages come, below a text that says nothing of it yet."""
    stop = "" if message.stop_path or message.kind == DIGEST else quiet_path(message)
    if not stop:
        return None
    preferences = path_of("notifications:preferences", {}, message.language)
    context = {"url": Link(settings.SITE_URL + preferences), "stop_url": Link(settings.SITE_URL + stop)}
    with override(message.language):
        text = render_to_string("notifications/emails/choose.txt", context).strip() + "\n"
    return finished(hold_signs(text) if message.language == "fr" else text)


def send(message: Message, carrier: Carrier) -> int:
    """Let `carrier` hand a claimed message over and stamp it; on a fault put it back.

    Returns how far the fault tells that the server takes nothing at all, of ENOUGH; 0 when it went, or is itself at
    fault.
    """
    try:
        carrier.carry(mail_for(message))
    except BrokenSeal as fault:
        _settle(message, state=State.FAILED, sealed="", error=str(fault))
    except Exception as fault:
        strikes = strikes_of(fault)
        put_back = _give_back if strikes else _put_back
        put_back(message, fault)
        return strikes
    else:
        _settle(message, state=State.SENT, sent_at=clock.now(), sealed="", error="")
    return 0


def _settle(message: Message, **columns: object) -> None:
    Message.objects.filter(pk=message.pk).update(**columns)


def _unclaim(message: Message, **columns: object) -> None:
    """Settle a message that did not leave, unless it was called off, or taken by another, meanwhile."""
    mine = Message.objects.filter(pk=message.pk, state=State.CLAIMED, claimed_at=message.claimed_at)
    mine.update(**columns)


def _put_back(message: Message, fault: BaseException) -> None:
    """Try later what the server refused, with a growing delay; give it up after the last time, or when told to."""
    named, refusal = keeps_address(message.kind), refusal_of(fault)
    last = message.attempts >= MAX_ATTEMPTS or bool(refusal)
    _unclaim(
        message,
        state=State.FAILED if last else State.PENDING,
        retry_at=None if last else clock.now() + timedelta(minutes=2**message.attempts),
        error=(refusal or str(fault))[:250] if named else f"{refusal[:4]}{type(fault).__name__}",
    )


def _give_back(message: Message, fault: BaseException) -> None:
    """Put back a message of which the fault tells nothing: it was no attempt, and it never fails by it.

    What nobody could be asked about is as if it had never been claimed: `is_away` looks for that.
    """
    cause, offered = fault.__cause__ or fault, was_offered(fault)
    attempts = min(message.attempts, MOST_CUTS) if offered else message.attempts - 1
    _unclaim(
        message,
        state=State.PENDING,
        attempts=attempts,
        claimed_at=None if isinstance(fault, Away) else message.claimed_at,
        retry_at=clock.now() + (timedelta(minutes=2**attempts) if offered else SHORTLY),
        error=str(cause)[:250] if keeps_address(message.kind) else type(cause).__name__,
    )


def is_away() -> bool:
    """Whether someone called the mail server within the last minutes, in vain: it is for the round to call again."""
    moment = clock.now()
    due = Message.objects.filter(state=State.PENDING, sent_at__isnull=True, due_at__lte=moment)
    return due.filter(retry_at__gt=moment, claimed_at__isnull=True).exists()


def send_one(pk: int) -> bool:
    """Send one message if it is due and nobody else has it. Returns whether it was taken.

    Past the minute's limit it waits for the next round, unless it carries a secret someone is waiting for; while the
    mail server is away, whatever it is.
    """
    if is_away():
        return False
    if allowance() == 0 and not Message.objects.filter(pk=pk).exclude(sealed="").exists():
        return False
    write_to_newcomers([pk])
    message = claim(pk) if drop_outlived(withhold([pk])) else None
    if message:
        with Carrier() as carrier:
            _try(message, carrier)
    return message is not None


def _try(message: Message, carrier: Carrier) -> int:
    """Send a claimed message, or put it by as its reader chose. Returns what `send` does."""
    return 0 if set_aside(message) else send(message, carrier)


def send_due() -> int:
    """Send what is due and was left, over one connection, until nothing is left, the server takes nothing, the minute's
    limit is reached or the round has lasted long enough. Returns how many were taken.
    """
    let_expire()
    end, taken, strikes = monotonic() + ROUND_SECONDS, 0, 0
    with Carrier() as carrier:
        for pk in _due():
            message = claim(pk)
            if message:
                taken, found = taken + 1, _try(message, carrier)
                strikes = strikes + found if found else 0
            if strikes >= ENOUGH or monotonic() > end:
                break
    return taken


def _due() -> Iterator[int]:
    """The messages due, those with a secret first, then the oldest, as many as the minute still allows.

    Of each batch, what its recipient may no longer read is withheld, and what lost its use while it waited is let go;
    who joined the people it is for meanwhile is written to.
    """
    while True:
        left = allowance()
        found = due_ids(BATCH if left is None else min(BATCH, left)) if left != 0 else []
        batch = found + write_to_newcomers(found)
        yield from sorted(drop_outlived(withhold(batch)), key=batch.index)
        if len(found) < BATCH:
            return


def due_ids(limit: int = BATCH) -> list[int]:
    """The messages due and not sent: those with a secret first, then the oldest, and last those put off, in turn.

    What the server takes from nobody so never keeps the others waiting.
    """
    moment = clock.now()
    return DUE.fetch(moment=moment, stuck=moment - STUCK_AFTER)[:limit]


def _due_rows(moment: Any, stuck: Any) -> QuerySet[Message, Any]:
    secrets_first = Case(When(sealed="", then=1), default=0)
    due = Message.objects.filter(_claimable(moment, stuck)).order_by(
        secrets_first, F("retry_at").asc(nulls_first=True), "due_at"
    )
    return due.values_list("pk", flat=True)[:BATCH]


def _late(moment: Any) -> QuerySet[Message]:
    late = Message.objects.filter(sent_at__isnull=True, expires_at__isnull=False, expires_at__lte=moment)
    return late.filter(state__in=LEAVING)


MOMENT = Message._meta.get_field("due_at")
DUE = Compiled(_due_rows, moment=MOMENT, stuck=MOMENT)
LATE = Compiled(_late, moment=MOMENT)


def allowance() -> int | None:
    """How many messages may still leave within this minute, by MAILS_PER_MINUTE; None without a limit."""
    if not settings.MAILS_PER_MINUTE:
        return None
    lately = Message.objects.filter(sent_at__gt=clock.now() - MINUTE, replayed=False).count()
    return max(0, settings.MAILS_PER_MINUTE - lately)


def let_expire() -> int:
    """Settle what is of no use any more and did not leave, and empty its seal. Returns how many."""
    moment = clock.now()
    return _late(moment).update(state=State.EXPIRED, sealed="") if LATE.exists(moment=moment) else 0
