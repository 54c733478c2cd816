"""Instants of receipts and refusals, to the second, and of what is late."""

from datetime import datetime

from django.utils.translation import gettext

from bethune_smartcity.core import wording


def to_the_second(moment: datetime) -> str:
    """`moment` in Paris with its zone, such as "22 novembre 2026 à 14:07:31 (heure de Paris)"."""
    clock_time = f"{moment.astimezone(wording.PARIS):%H:%M:%S}"
    return gettext("%(day)s at %(hour)s (Paris time)") % {"day": wording.day(moment), "hour": clock_time}


def late_since(due: datetime) -> str:
    """Since which day what was due before the exclusive instant `due` is late."""
    return gettext("late since %(day)s") % {"day": wording.day(due, weekday=True)}
