"""What a person finds among the notifications of their own space: the messages whose instant has come."""

from typing import Any

from django.db.models import QuerySet

from bethune_smartcity.core import clock

from .channels import DIGEST
from .models import Message
from .operations import UNSEEN
from .readership import barred_to


def inbox(user: Any) -> QuerySet[Message]:
    """The messages to `user` that may be shown, newest first: due, neither cancelled nor held back, with a text.

    A message that waits for its instant is as unknown here as in the letter box, and so is what is about something that
    is closed to them by now: one statement asks that, at once. The day's mail says again what stands here already.
    """
    mine = Message.objects.filter(recipient=user, due_at__lte=clock.now()).exclude(pk__in=barred_to(user))
    return mine.exclude(state__in=UNSEEN).exclude(subject="").exclude(kind=DIGEST).order_by("-due_at", "-pk")


def mark_read(messages: QuerySet[Message]) -> int:
    """Note that the unread ones of `messages` (from `inbox()`) were read at the present instant. Returns how many."""
    return messages.filter(read_at__isnull=True).update(read_at=clock.now())
