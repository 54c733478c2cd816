"""Messages that carry a secret: a row says that one leaves, to whom and when; what it says is sealed until it left."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from bethune_smartcity.core.text import one_line

from .kinds import Kind
from .layout import finished, layout_of
from .models import Message
from .seals import Letter, seal
from .tasks import deliver


def send_secret(
    kind: Kind,
    *,
    key: str,
    address: str,
    subject: str,
    body: str,
    good_until: datetime,
    user: Any = None,
    language: str = "",
) -> Message:
    """Write down that `body` is to be mailed: it leaves after the transaction commits, by a worker, within seconds.

    The text is kept sealed until it has left, and no longer than the aware instant `good_until`, from which on its
    secret opens nothing: then it is not sent at all. `key` makes the row unique; `language` is the text's, the language
    in force unless given. The address stands under the seal alone when the kind keeps none. Returns the row.
    """
    row = sealed_message(
        kind,
        key=key[:250],
        address=address,
        subject=subject,
        body=body,
        good_until=good_until,
        user=user,
        language=language or get_language() or settings.LANGUAGE_CODE,
    )
    row.save(force_insert=True)
    deliver.delay_on_commit(row.pk)
    return row


def sealed_message(
    kind: Kind,
    *,
    key: str,
    address: str,
    subject: str,
    body: str,
    good_until: datetime,
    language: str,
    user: Any = None,
) -> Message:
    """The row of a message with a secret, as `send_secret` writes it, for `operations.write_down`: once a key."""
    told = finished(body)
    return Message(
        key=key,
        kind=kind.name,
        recipient=user,
        address=address if kind.keeps_address else "",
        language=language,
        sealed=seal(Letter(address, one_line(subject), str(told), layout_of(told))),
        expires_at=good_until,
    )


def call_off(key: str) -> None:
    """Keep the message written under `key` from leaving, or from being tried again, and empty its seal.

    One that a worker has in its hands may leave still; it does not leave later.
    """
    states = (Message.State.PENDING, Message.State.CLAIMED, Message.State.HELD, Message.State.FAILED)
    waiting = Message.objects.filter(key=key[:250], state__in=states)
    waiting.update(state=Message.State.CANCELLED, sealed="")
