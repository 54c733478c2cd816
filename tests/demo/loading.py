"""The demonstration, loaded once for a module of tests and undone after it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import TestCase, override_settings

from bethune_smartcity.core import clock
from bethune_smartcity.portal.demo.replay import load


@dataclass(frozen=True)
class Loaded:
    """What loading said, how many mails left meanwhile, and how many seconds it took."""

    said: list[str]
    mails: int
    seconds: float


@contextmanager
def demonstration(django_db_blocker: Any) -> Iterator[Loaded]:
    """Load the demonstration in a transaction that is rolled back in the end; tests run inside it.

    What the replay leaves for the commit is carried out, so that a mail it should not send is seen.
    """
    # What other tests counted against someone's limits is not the demonstration's.
    cache.clear()
    # Files of its own: those of other tests outlive their rows.
    apart = override_settings(DEMO=True, STORAGES=dict(settings.STORAGES))
    with django_db_blocker.unblock(), apart, transaction.atomic():
        before, begun = len(mail.outbox), time.perf_counter()
        with TestCase.captureOnCommitCallbacks(execute=True):
            said = list(load())
        try:
            yield Loaded(said, len(mail.outbox) - before, time.perf_counter() - begun)
        finally:
            clock.shift(timedelta(0))
            transaction.set_rollback(True)
