"""Instants of receipts and refusals, to the second."""

from datetime import datetime

from django.utils.translation import gettext

from bethune_smartcity.core import wording


def to_the_second(moment: datetime) -> str:
    """`moment` in Paris with its zone, such as "22 novembre 2026 à 14:07:31 (heure de Paris)"."""
    clock_time = f"{moment.astimezone(wording.PARIS):%H:%M:%S}"
    return gettext("%(day)s at %(hour)s (Paris time)") % {"day": wording.day(moment), "hour": clock_time}
