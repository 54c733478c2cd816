"""Messages that carry a secret: the row says that one was sent, to whom and when, and never what it said."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from bethune_smartcity.core import clock

from .delivery import message_id
from .kinds import Kind
from .mails import mail_of
from .models import Message


def send_secret(
    kind: Kind, *, key: str, address: str, subject: str, body: str, user: Any = None, language: str = ""
) -> Message:
    """Send `body` at once and keep a row without it.

    `key` makes the row unique; `language` is the text's, the language in force unless given. A fault of the mail
    server leaves the row as failed; the person asks again. The address is left out of the row, and out of the fault's
    text, when the kind keeps none. Returns the row.
    """
    row = Message.objects.create(
        key=key[:250],
        kind=kind.name,
        recipient=user,
        address=address if kind.keeps_address else "",
        state=Message.State.CLAIMED,
        claimed_at=clock.now(),
        attempts=1,
    )
    language = language or get_language() or settings.LANGUAGE_CODE
    headers = {"Message-ID": message_id(row)}
    try:
        mail_of(subject, body, to=address, language=language, headers=headers).send()
    except Exception as fault:  # any fault of the mail server is the same answer
        row.state = Message.State.FAILED
        row.error = str(fault)[:250] if kind.keeps_address else type(fault).__name__
    else:
        row.state, row.sent_at = Message.State.SENT, clock.now()
    row.save(update_fields=["state", "error", "sent_at"])
    return row
