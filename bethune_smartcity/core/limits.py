"""How often one network may ask for something: counted in the cache, under a digest of its address."""

import hashlib
from datetime import timedelta
from typing import Any

from django.core.cache import cache

from .errors import TooOften


def check_network(what: str, network: str, *, most: int, window: timedelta, sentence: Any, field: str = "") -> None:
    """Count one more `what` asked for by `network`, a client's address (nothing is counted for an unknown one).

    Raises TooOften with `sentence` at `field` beyond `most` within `window`.
    """
    if not network:
        return
    slot = f"{what}:{hashlib.sha256(network.encode()).hexdigest()[:20]}"
    seconds = int(window.total_seconds())
    cache.add(slot, 0, seconds)
    try:
        asked = cache.incr(slot)
    except ValueError:  # it expired between the two
        asked = 1
    if asked > most:
        raise TooOften("too_many_mails", sentence, retry_after=seconds, field=field)
