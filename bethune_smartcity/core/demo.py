"""The demonstration's clock: one row says how far ahead of the machine the portal lives."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from . import clock
from .errors import Forbidden
from .models import DemoClock

# The moments an agent may move the demonstration to; the pages that know the open call give them their instants.
MOMENTS = {
    "present": _("The present"),
    "after-close": _("After the close"),
    "reading-due": _("Screening done, sheets due"),
    "finale-day": _("Finale day"),
    "publication": _("Publication of the results"),
    "in-six-months": _("In six months"),
}


# The name of the moment this thread lives in, with the clock it follows: no page asks for it twice.
_moment: ContextVar[str] = ContextVar("moment", default="present")


@dataclass(frozen=True)
class ClockBar:
    """What the bar of the demonstration's clock shows; `following` is the moment after the present one."""

    now: datetime
    shifted: bool
    jumps: list[tuple[str, Any]]
    following: str


def clock_bar(user: Any) -> ClockBar | None:
    """The clock's bar for `user`: agents of a demonstration have one, nobody else."""
    if not settings.DEMO or not getattr(user, "is_agent", False):
        return None
    jumps = [(code, label) for code, label in MOMENTS.items() if code != "present"]
    return ClockBar(clock.now(), clock.is_shifted(), jumps, following())


def following() -> str:
    """The moment after the one the demonstration was moved to; the last one stays the last."""
    code, codes = _moment.get(), list(MOMENTS)
    place = codes.index(code) if code in codes else 0
    return codes[min(place + 1, len(codes) - 1)]


def apply_demo_clock(*args: Any, **kwargs: Any) -> None:
    """Let this thread follow the demonstration's clock."""
    row = DemoClock.objects.filter(pk=1).first()
    clock.shift(timedelta(seconds=row.offset_seconds) if row else timedelta(0))
    _moment.set(row.moment if row else "present")


def move_demo_clock(moment: datetime | None, code: str = "present") -> None:
    """Set the demonstration's clock to the aware instant `moment` (never before it), or to the present with None.

    `code` is its name in MOMENTS.

    Raises Forbidden outside demonstration mode.
    """
    if not settings.DEMO:
        raise Forbidden("no_demo", "The clock moves in demonstration mode only.")
    clock.shift(timedelta(0))
    seconds = ceil((moment - clock.now()).total_seconds()) if moment else 0
    DemoClock.objects.update_or_create(pk=1, defaults={"offset_seconds": seconds, "moment": code})
    clock.shift(timedelta(seconds=seconds))
    _moment.set(code)
