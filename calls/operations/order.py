"""The order of a call's dates: it opens, takes questions, closes, screens, is judged, and tells its results."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import wording
from bethune_smartcity.core.errors import Conflict
from calls.models import Call
from calls.sequels import Planned, dates_after

DATE_NAMES = {
    "opens_at": gettext_lazy("Opening"),
    "closes_at": gettext_lazy("Closing"),
    "questions_until": gettext_lazy("Questions until"),
    "screening_until": gettext_lazy("Screening until"),
}


def check_order(call: Call, field: str, to: datetime, *, despite: bool) -> None:
    """Raise Conflict, with the dates concerned, when that date of a public call moved to `to` leaves some in the wrong
    order: never before the results it leads to; where other dates are to be moved by hand as well, unless `despite`.
    """
    if field == "closes_at" and call.results_at is not None and to >= call.results_at:
        words = {"when": wording.instant(call.results_at)}
        sentence = _("The results are announced for %(when)s: the call closes before.") % words
        raise Conflict("results_first", sentence, field="to")
    found = [] if despite else sorted(misplaced(call, field, to), key=lambda planned: planned.at)
    if found:
        sentence = _("With this date, others of the call are no longer in their order: %(dates)s.")
        raise Conflict("out_of_order", sentence % {"dates": ", ".join(map(_said, found))}, field="despite")


def misplaced(call: Call, field: str, to: datetime) -> Iterator[Planned]:
    """What stands on the wrong side of that date of `call` once it has moved to the aware instant `to`."""
    if field == "opens_at":
        yield from (own for own in _own(call, "questions_until") if own.at <= to)
    elif field == "questions_until":
        yield from (own for own in _own(call, "closes_at") if own.at < to)
        yield from (own for own in _own(call, "opens_at") if own.at >= to)
    else:
        yield from _about_the_end(call, field, to)


def _about_the_end(call: Call, field: str, to: datetime) -> Iterator[Planned]:
    """What the close, or the end of screening, passes: steps of the calendar that change sides, what must follow it."""
    closes = field == "closes_at"
    if closes and not call.questions_days:  # questions that end so many days before the close move with it
        yield from (own for own in _own(call, "questions_until") if own.at > to)
    if not closes:
        yield from (own for own in _own(call, "closes_at") if own.at >= to)
    after = [*_own(call, "screening_until"), *dates_after(call)] if closes else dates_after(call)
    yield from (planned for planned in after if planned.at <= to)
    before = getattr(call, field)
    for step in call.dates.all() if before is not None else ():
        if (step.at >= before) != (step.at >= to):
            yield Planned(step.label, step.at, with_time=step.with_time)


def _own(call: Call, field: str) -> Iterator[Planned]:
    at = getattr(call, field)
    if at is not None:
        yield Planned(DATE_NAMES[field], at, is_end=field != "opens_at")


def _said(planned: Planned) -> str:
    """What it is and when, as people are told it."""
    if planned.is_end:
        when = wording.day_and_hour(wording.last_minute(planned.at))
    elif planned.with_time:
        when = wording.day_and_hour(planned.at)
    else:
        when = wording.day(planned.at, weekday=True)
    parts: dict[str, Any] = {"name": planned.name, "when": when}
    return _("“%(name)s” (%(when)s)") % parts
