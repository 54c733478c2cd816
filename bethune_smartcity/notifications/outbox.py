"""What agents do with messages that did not leave."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import record

from .kinds import waits
from .models import Message
from .operations import UNSENT, WAITING
from .tasks import deliver

State = Message.State


def _change(message: Message, sources: tuple[str, ...], **columns: Any) -> None:
    """Compare and set: Conflict when the message is no longer in one of `sources`."""
    if not Message.objects.filter(pk=message.pk, state__in=sources).update(**columns):
        raise Conflict("already_changed", _("This message has already left, or was cancelled."))
    for name, value in columns.items():
        setattr(message, name, value)


@transaction.atomic
def resend(message: Message, *, by: Any) -> Message:
    """Try a failed message again, now. Returns it.

    Raises Forbidden, or Conflict when it did not fail or carried a personal secret, of which no copy is kept.
    """
    require(by, "notifications.manage_messages", message)
    if not message.body and not message.sealed:
        raise Conflict("secret", _("This message held a personal link or code: the person asks for a new one."))
    _change(message, (State.FAILED,), state=State.PENDING, retry_at=None, attempts=0, error="", claimed_at=None)
    record(message, "resend", by=by)
    deliver.delay_on_commit(message.pk)
    return message


@transaction.atomic
def cancel(message: Message, *, by: Any) -> Message:
    """Never send a message that waits (for the day's mail too), is held back or failed. Returns it.

    Raises Forbidden or Conflict.
    """
    require(by, "notifications.manage_messages", message)
    _change(message, (*UNSENT, State.FAILED), state=State.CANCELLED, sealed="")
    record(message, "cancel", by=by)
    return message


@transaction.atomic
def hold(message: Message, *, by: Any) -> Message:
    """Keep a message that waits from leaving. Returns it. Raises Forbidden or Conflict (it has left)."""
    require(by, "notifications.manage_messages", message)
    _change(message, (State.PENDING,), state=State.HELD)
    record(message, "hold_reminder", by=by)
    return message


@transaction.atomic
def let_go(message: Message, *, by: Any) -> Message:
    """Let a message held back leave at its instant, or at once when that is past. Returns it.

    Raises Forbidden or Conflict.
    """
    require(by, "notifications.manage_messages", message)
    _change(message, (State.HELD,), state=State.PENDING)
    record(message, "release_reminder", by=by)
    deliver.delay_on_commit(message.pk)
    return message


@transaction.atomic
def hasten(message: Message, *, by: Any) -> Message:
    """Let a message that waits, or is held back, leave now. Returns it.

    Raises Forbidden, or Conflict: it has left, or would tell something before it is public.
    """
    require(by, "notifications.manage_messages", message)
    if waits(message.kind) and message.due_at > clock.now():
        raise Conflict("too_early", _("This message would tell something before it is public."))
    _change(message, WAITING, state=State.PENDING, due_at=min(message.due_at, clock.now()))
    record(message, "hasten_reminder", by=by)
    deliver.delay_on_commit(message.pk)
    return message
