"""The demonstration's clock: one row says how far ahead of the machine the portal lives."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from . import clock
from .errors import Forbidden
from .models import DemoClock


def apply_demo_clock(*args: Any, **kwargs: Any) -> None:
    """Let this thread follow the demonstration's clock."""
    row = DemoClock.objects.filter(pk=1).first()
    clock.shift(timedelta(seconds=row.offset_seconds) if row else timedelta(0))


def move_demo_clock(moment: datetime | None) -> None:
    """Set the demonstration's clock to the aware instant `moment`, or back to the present with None.

    Raises Forbidden outside demonstration mode.
    """
    if not settings.DEMO:
        raise Forbidden("no_demo", "The clock moves in demonstration mode only.")
    clock.shift(timedelta(0))
    offset = (moment - clock.now()) if moment else timedelta(0)
    DemoClock.objects.update_or_create(pk=1, defaults={"offset_seconds": int(offset.total_seconds())})
    clock.shift(offset)
