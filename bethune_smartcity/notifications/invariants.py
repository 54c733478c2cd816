"""What must always hold of messages."""

from collections.abc import Iterator
from datetime import timedelta

from bethune_smartcity.core import clock

from .models import Message

PATIENCE = timedelta(hours=1)


def nothing_due_waits() -> Iterator[str]:
    """A sentence for each message due for more than an hour and not sent, those given up included.

    What is of no use any more is settled: it expired.
    """
    unsent = (Message.State.PENDING, Message.State.CLAIMED, Message.State.FAILED)
    waiting = Message.objects.filter(state__in=unsent).exclude(body="", sealed="")
    for message in waiting.filter(due_at__lt=clock.now() - PATIENCE).order_by("due_at").iterator():
        yield f"message {message.pk} ({message.kind}) was due at {message.due_at:%Y-%m-%d %H:%M} UTC"
