"""What waited so long that it may have lost its use is asked for it once more, just before it leaves."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.lifecycle.moves import record_each

from .models import Message
from .serving import asked_kinds, still_serving

# What leaves within minutes of its instant says what was true when it was written.
WAITED = timedelta(minutes=10)
State = Message.State


def drop_outlived(keys: Collection[int]) -> set[int]:
    """Of the messages of those keys, settle those that waited and tell nothing any more, with a line in the journal.

    Returns the keys that may still leave. A statement where nothing waited; where something did, those that its kinds
    need, and a few, whatever the number of messages.
    """
    if not keys:
        return set()
    moment = clock.now()
    waited = Message.objects.filter(pk__in=keys, kind__in=asked_kinds(), due_at__lt=moment - WAITED).exclude(body="")
    found = list(waited)
    over = {message.pk for message in found} - {message.pk for message in still_serving(found, moment)}
    return set(keys) - _settle(over) if over else set(keys)


@transaction.atomic
def _settle(keys: Collection[int]) -> Collection[int]:
    """Let those messages go, but what someone else took meanwhile. Returns the keys asked for."""
    unsent = Message.objects.filter(pk__in=keys, sent_at__isnull=True, state__in=(State.PENDING, State.CLAIMED))
    rows = list(unsent.select_for_update(of=("self",)))
    unsent.update(state=State.EXPIRED, sealed="")
    record_each(rows, "drop_reminder", by=SYSTEM, data={"why": "over"})
    return keys
