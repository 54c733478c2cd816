"""Messages that carry a secret: a row says that one leaves, to whom and when; what it says is sealed until it left."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from bethune_smartcity.core.text import one_line

from .kinds import Kind
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
    row = Message.objects.create(
        key=key[:250],
        kind=kind.name,
        recipient=user,
        address=address if kind.keeps_address else "",
        language=language or get_language() or settings.LANGUAGE_CODE,
        sealed=seal(Letter(address, one_line(subject), body)),
        expires_at=good_until,
    )
    deliver.delay_on_commit(row.pk)
    return row


def call_off(key: str) -> None:
    """Keep the message written under `key` from leaving, if it did not yet, and empty its seal.

    One that a worker has in its hands may leave still; it does not leave later.
    """
    waiting = Message.objects.filter(key=key[:250], state__in=(Message.State.PENDING, Message.State.CLAIMED))
    waiting.update(state=Message.State.CANCELLED, sealed="")
