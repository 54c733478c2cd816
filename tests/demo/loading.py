"""The demonstration, for a module of tests, and undone after it. A process loads it once and copies it from then on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import TestCase, override_settings

from bethune_smartcity.core import clock
from bethune_smartcity.portal.demo.replay import load

from .copies import Copy, copied, read_tables


@dataclass(frozen=True)
class Loaded:
    """What loading said, how many mails left meanwhile, what it left, and the peppers of votes among it."""

    said: list[str]
    mails: int
    left: Copy
    peppers: dict[str, bytes]


@contextmanager
def demonstration(django_db_blocker: Any) -> Iterator[Loaded]:
    """The demonstration in a transaction that is rolled back in the end; tests run inside it, on a copy."""
    with django_db_blocker.unblock():
        loaded = load_once()
        with undone():
            loaded.left.put_back(default_storage)
            for name, pepper in loaded.peppers.items():
                (Path(settings.VOTE_PEPPERS_DIR) / name).write_bytes(pepper)
            yield loaded


@lru_cache
def load_once() -> Loaded:
    """Load it and undo it. What the replay leaves for the commit is carried out, so that a mail it should not send is
    seen."""
    with undone():
        before, sent = read_tables(), len(mail.outbox)
        with TestCase.captureOnCommitCallbacks(execute=True):
            said = list(load())
        peppers = {path.name: path.read_bytes() for path in Path(settings.VOTE_PEPPERS_DIR).iterdir()}
        return Loaded(said, len(mail.outbox) - sent, copied(before, read_tables(), default_storage), peppers)


def _apart(peppers: Path) -> override_settings:
    return override_settings(DEMO=True, STORAGES=dict(settings.STORAGES), VOTE_PEPPERS_DIR=peppers)


@contextmanager
def undone() -> Iterator[None]:
    """Inside, the portal is a demonstration whose rows, files and clock are not there any more afterwards."""
    # What other tests counted against someone's limits is not the demonstration's.
    cache.clear()
    # Files and peppers of its own: those of other tests outlive their rows.
    with TemporaryDirectory() as peppers, _apart(Path(peppers)), transaction.atomic():
        try:
            yield
        finally:
            clock.shift(timedelta(0))
            transaction.set_rollback(True)
