"""How often one network or mailbox may ask for something: counted in the cache, under a digest of its address."""

import hashlib
from datetime import timedelta
from typing import Any

from django.core.cache import cache

from .errors import TooOften


def check_rate(
    what: str,
    address: str,
    *,
    most: int,
    window: timedelta,
    sentence: Any,
    field: str = "",
    code: str = "too_many_mails",
) -> None:
    """Count one more `what` asked for by `address`, a client's or a mailbox (nothing is counted for an unknown one).

    Raises TooOften of that `code`, with `sentence` at `field`, beyond `most` within `window`.
    """
    if not address:
        return
    slot = f"{what}:{hashlib.sha256(address.strip().lower().encode()).hexdigest()[:20]}"
    seconds = int(window.total_seconds())
    cache.add(slot, 0, seconds)
    try:
        asked = cache.incr(slot)
    except ValueError:  # it expired between the two
        asked = 1
    if asked > most:
        raise TooOften(code, sentence, retry_after=seconds, field=field)
