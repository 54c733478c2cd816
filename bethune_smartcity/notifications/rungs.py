"""The rungs of a ladder: how long before or after a date something is told, and at which instant that is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bethune_smartcity.core import clock

DAYS, HOURS = "d", "h"
CODE = re.compile(r"(?P<side>\+?)(?P<amount>[0-9]{1,4})(?P<unit>[dh])")
HOURS_A_DAY = 24


@dataclass(frozen=True)
class Rung:
    """A length of time before a date (`amount` is negative), after it, or none: at that very instant.

    Days are those of the calendar in Paris, and keep the hour of the wall; hours are hours that pass.
    """

    amount: int
    unit: str = DAYS

    @property
    def code(self) -> str:
        """What stands for it in keys and forms: `7d`, `24h`, `+1d`."""
        side = "+" if self.amount > 0 else ""
        return f"{side}{abs(self.amount)}{self.unit}"

    @property
    def hours(self) -> int:
        """Its length in hours as people count them, negative before: what makes two rungs the same."""
        return self.amount * (HOURS_A_DAY if self.unit == DAYS else 1)

    @property
    def length(self) -> str:
        """Its length in words: "7 days"."""
        n = abs(self.amount)
        words = (
            ngettext("%(n)s day", "%(n)s days", n) if self.unit == DAYS else ngettext("%(n)s hour", "%(n)s hours", n)
        )
        return words % {"n": n}

    def at(self, anchor: datetime) -> datetime:
        """Its instant for the aware date `anchor`, in UTC.

        A wall-clock hour that the day does not have is told an hour later; of one it has twice, the date's own is
        taken, and the first where the date is not doubled itself.
        """
        if self.unit == HOURS:
            return anchor.astimezone(UTC) + timedelta(hours=self.amount)
        local = anchor.astimezone(clock.PARIS)
        wall = local.replace(tzinfo=None) + timedelta(days=self.amount)
        return wall.replace(tzinfo=clock.PARIS, fold=local.fold).astimezone(UTC)


def rung_in(code: str) -> Rung | None:
    """The rung of that code; None for another text."""
    found = CODE.fullmatch(code)
    if not found:
        return None
    amount = int(found["amount"])
    return Rung(amount if found["side"] else -amount, found["unit"])


def rung_names(codes: Iterable[str], _viewer: Any) -> dict[str, str]:
    """Rungs in words, by their codes, for lines of the journal: "7 days before"."""
    found = {code: rung for code in codes if (rung := rung_in(code))}
    return {code: _told(rung) for code, rung in found.items()}


def _told(rung: Rung) -> str:
    if not rung.amount:
        return pgettext("reminder", "that day")
    pattern = _("%(length)s before") if rung.amount < 0 else _("%(length)s after")
    return pattern % {"length": rung.length}


def stamp(anchor: datetime) -> str:
    """What stands for a date in the key of a step: its instant, so that a date that moves has its steps again."""
    return f"{anchor.astimezone(UTC):%Y%m%d%H%M}"
