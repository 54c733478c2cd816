"""Several acts at one instant, each on its own connection."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from bethune_smartcity.core.errors import DomainError

# What such tests write is committed, and the tables are emptied after each; `left_as_found` fills them again.
racing = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("left_as_found")]


def together(*acts):
    """Run the acts at once. Returns what each came to: a result or a refusal."""

    def run(act):
        try:
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def meet_before(monkeypatch, module, name, n=2, patience=0.7, gate=None):
    """Let each of `n` acts that calls `module.name` wait there for the others, who may be held up elsewhere.

    Acts that call different functions meet at the same `gate`, a barrier.
    """
    real, gate = getattr(module, name), gate or Barrier(n)

    def waiting(*given, **options):
        with suppress(BrokenBarrierError):
            gate.wait(patience)
        return real(*given, **options)

    monkeypatch.setattr(module, name, waiting)
