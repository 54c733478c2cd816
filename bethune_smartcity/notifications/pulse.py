"""Whether messages leave in time: when the sweep last went round, and how long the oldest due message has waited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled

from .delivery import unsettled
from .models import Message, Sweep

# The sweep goes round each minute; a message it was due to send that waits longer is late.
LATE_AFTER = timedelta(minutes=5)
# Whoever waits for a code is told sooner.
SLOW_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Pulse:
    """The instants that tell how messages leave; None for what never was, or does not wait."""

    last_sweep: datetime | None
    oldest_due: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether someone should look: nothing went round for a while, or something waits."""
        limit = clock.now() - LATE_AFTER
        stopped = self.last_sweep is None or self.last_sweep < limit
        return stopped or (self.oldest_due is not None and self.oldest_due < limit)


def pulse() -> Pulse:
    """How messages leave at this instant. Two statements."""
    return Pulse(last_sweep(), oldest_due())


LAST_SWEEP = Compiled(lambda: Sweep.objects.values_list("ended_at", flat=True).order_by("pk"))


def last_sweep() -> datetime | None:
    found: datetime | None = LAST_SWEEP.first()
    return found


def oldest_due() -> datetime | None:
    """Since when the oldest message waits that is due and of use, put off after a fault or in a worker's hands too."""
    moment = clock.now()
    waiting = Message.objects.filter(unsettled(), due_at__lte=moment).exclude(expires_at__lte=moment)
    found: datetime | None = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    return found


def leave_late() -> bool:
    """Whether messages due for two minutes wait while none leaves: the mail server is away, or the workers are."""
    limit = clock.now() - SLOW_AFTER
    if not Message.objects.filter(unsettled(), due_at__lt=limit).exists():
        return False
    return not Message.objects.filter(sent_at__gt=limit).exists()


def went_round(*, written: int, sent: int) -> None:
    """Note that the sweep ended a round at this instant."""
    columns = {"ended_at": clock.now(), "written": written, "sent": sent}
    if not Sweep.objects.filter(pk=1).update(**columns):
        Sweep.objects.update_or_create(pk=1, defaults=columns)


def age_of_last_sweep() -> int | None:
    return _age(last_sweep())


def age_of_oldest_due() -> int | None:
    return _age(oldest_due())


def _age(instant: datetime | None) -> int | None:
    return None if instant is None else max(0, int((clock.now() - instant).total_seconds()))
