"""What is kept of followers, and no longer: forgotten by the clock, at each sweep."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled

from .broadcasts import WRITABLE
from .following import CONFIRM
from .holders import GOOD_FOR
from .kinds import kinds
from .models import Broadcast, Message, Subscription

# An ended subscription can be taken up again from the same page for as long.
AFTER_END = timedelta(days=30)
# Mails to addresses without an account.
AFTER_MAIL = timedelta(days=30)
# What did leave, or never will.
GONE = (
    Message.State.SENT,
    Message.State.FAILED,
    Message.State.CANCELLED,
    Message.State.EXPIRED,
    Message.State.WITHHELD,
)
PATIENCE = timedelta(hours=25)
WRITTEN_WITHIN = timedelta(hours=1)


def _unconfirmed(until: Any) -> QuerySet[Subscription]:
    return Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lte=until)


def _ended(until: Any) -> QuerySet[Subscription]:
    return Subscription.objects.filter(ended_at__lte=until)


def _mailed(until: Any) -> QuerySet[Message]:
    told = Message.objects.filter(recipient__isnull=True, due_at__lte=until, state__in=GONE)
    return told.filter(kind__in=[CONFIRM, *(kind.name for kind in kinds() if kind.to_followers)])


def _over(asked_by: Any, ended_by: Any) -> QuerySet[Subscription]:
    return _unconfirmed(asked_by) | _ended(ended_by)


MOMENT = Message._meta.get_field("due_at")
# Each round asks for these: one statement for both reasons to forget a subscription.
OVER = Compiled(_over, asked_by=MOMENT, ended_by=MOMENT)
MAILED = Compiled(_mailed, until=MOMENT)


def forget(until: datetime) -> int:
    """Delete, at the aware instant `until`, what nobody confirmed, what ended, and old mails to mere addresses.

    Returns 0: nothing is written.
    """
    OVER.delete(asked_by=until - GOOD_FOR, ended_by=until - AFTER_END)
    MAILED.delete(until=until - AFTER_MAIL)
    return 0


def forgotten_in_time() -> Iterator[str]:
    """A sentence for each subscription kept longer than the portal says."""
    now = clock.now()
    for row in _unconfirmed(now - GOOD_FOR - PATIENCE):
        yield f"subscription {row.pk} was never confirmed and is still kept"
    for row in _ended(now - AFTER_END - PATIENCE):
        yield f"subscription {row.pk} ended at {row.ended_at:%Y-%m-%d %H:%M} UTC and is still kept"


def followers_told_in_time() -> Iterator[str]:
    """A sentence for each broadcast due for more than an hour and not written out, but those agents hold back."""
    late = Broadcast.objects.filter(WRITABLE, due_at__lt=clock.now() - WRITTEN_WITHIN)
    for broadcast in late.order_by("due_at"):
        yield f"broadcast {broadcast.pk} ({broadcast.kind}) was due at {broadcast.due_at:%Y-%m-%d %H:%M} UTC"
