"""Days and instants people type: those of Paris, and none so far off that it can only be a slip of the hand."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import clock, wording
from .errors import Invalid
from .wall_clock import WallClockField

# What is typed lies between this year and so many days ahead, five years.
FIRST_YEAR = 1900
AHEAD = timedelta(days=5 * 365 + 2)


def last_day() -> date:
    """The last day that may be typed at this moment."""
    return clock.today() + AHEAD


def fault_of(typed: date) -> Any:
    """What is wrong with a day, or an aware instant, of that distance; None when nothing is."""
    # The year first: at the ends of the calendar an instant has no day elsewhere.
    if typed.year < FIRST_YEAR:
        return _("Check the year: it is before %(year)s.") % {"year": FIRST_YEAR}
    last = last_day()
    if typed.year > last.year or clock.day_of(typed) > last:
        return _("Check the year: the portal takes no date after %(day)s.") % {"day": wording.day(last)}
    return None


def check_near(typed: date, *, field: str) -> None:
    """Raise Invalid at `field` when that day, or aware instant, is too far off: for what operations are handed."""
    fault = fault_of(typed)
    if fault:
        raise Invalid("far_off", fault, field=field)


def validate_near(typed: date) -> None:
    """Refuse a day, or an aware instant, that is too far off. Raises ValidationError."""
    fault = fault_of(typed)
    if fault:
        raise ValidationError(fault, code="far_off")


class InstantField(WallClockField):
    """A day and an hour in Paris, and the one instant they mean: none that is far off."""

    default_validators = [validate_near]


class DayField(forms.DateField):
    """A day, none that is far off."""

    default_validators = [validate_near]
