"""Documents wait for the antivirus, where there is one: until it has said that they are clean nobody opens them."""

import logging
import time

from django.conf import settings
from django.db.models import F, QuerySet

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict

from . import clamd
from .models import StoredFile

Scan = StoredFile.Scan
log = logging.getLogger(__name__)


def check_released(stored: StoredFile) -> None:
    """Raise Conflict, which says why, while nobody may open `stored`."""
    if stored.held_back:
        raise Conflict("held_back", stored.held_back)


def unscanned() -> QuerySet[StoredFile]:
    """What waits: those nobody asked about first, then those about which the antivirus could not tell."""
    waiting = StoredFile.objects.filter(scan__in=(Scan.PENDING, Scan.ERROR))
    return waiting.order_by(F("scanned_at").asc(nulls_first=True), "created_at", "pk")


def scan_all(*, seconds: float) -> int:
    """Ask the antivirus about what waits; none is begun once `seconds` are over. Returns how many it told of.

    While it is away everything goes on waiting.
    """
    if not settings.CLAMD_URL:
        return 0
    done, until = 0, time.monotonic() + seconds
    for stored in unscanned().iterator():
        if time.monotonic() >= until:
            break
        try:
            done += scan(stored)
        except clamd.Away as fault:
            log.warning("the antivirus is away: %s", fault)
            break
    return done


def scan(stored: StoredFile) -> bool:
    """Keep what the antivirus says of `stored`. False when it was taken away, or told of, meanwhile. Raises Away."""
    verdict = verdict_of(stored)
    if verdict != Scan.CLEAN:
        log.warning("the antivirus on %s: %s", stored.pk, verdict)
    seen = StoredFile.objects.filter(pk=stored.pk, scan=stored.scan)
    return bool(seen.update(scan=verdict, scanned_at=clock.now()))


def verdict_of(stored: StoredFile) -> str:
    try:
        with stored.blob.open("rb") as content:
            answer = clamd.asked(content.chunks())
    except OSError:  # the content is gone, or its storage away
        return Scan.ERROR
    if answer.endswith(" FOUND"):
        return Scan.INFECTED
    return Scan.CLEAN if answer == "stream: OK" else Scan.ERROR
