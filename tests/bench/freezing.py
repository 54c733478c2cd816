"""Run inside the portal: prints, as JSON, what the standing of the filled call takes, from its sheets to its copy.

What is frozen is taken back. Sheets are read by four statements, however many there are.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")
django.setup()

from django.db import transaction  # noqa: E402

from bethune_smartcity.accounts.models import User  # noqa: E402
from bethune_smartcity.portal.volume import CHAIR, SLUG  # noqa: E402
from calls.models import Submission  # noqa: E402
from calls.workflow import SubmissionState  # noqa: E402
from juries.models import Panel  # noqa: E402
from juries.operations.scoring import standings  # noqa: E402
from juries.queries.standings import inputs_of  # noqa: E402
from juries.scoring.standing import compute  # noqa: E402

from .counting import counted  # noqa: E402

TIMES = 3


def measured(job: Callable[[], Any]) -> tuple[float, int]:
    """(milliseconds, statements)."""
    with counted() as counter:
        start = perf_counter()
        job()
        return 1000 * (perf_counter() - start), len(counter.seen)


@contextmanager
def reopened() -> Iterator[Panel]:
    """The reading with its sheets open and nothing decided, as before the finale that its applications are in too; all
    is as it was after.
    """
    panel, chair = Panel.objects.get(call__slug=SLUG, stage=Panel.Stage.READING), User.objects.get(email=CHAIR)
    before = {"state": SubmissionState.ADMISSIBLE, "former_state": "", "decision_public_at": None}
    with transaction.atomic():
        Submission.objects.filter(call=panel.call_id).update(**before)
        standings.reopen_panel(panel, reason="Measure", by=chair)
        yield panel
        transaction.set_rollback(True)


def read() -> tuple[float, int]:
    """What reading the sheets and computing takes, without bands."""
    with reopened() as panel:
        return measured(lambda: compute(inputs_of(panel)))


def locked() -> tuple[float, int]:
    """What the lock takes."""
    chair = User.objects.get(email=CHAIR)
    with reopened() as panel:
        return measured(lambda: standings.lock_panel(panel, by=chair))


def main() -> None:
    json.dump(
        {"read": min(read() for _again in range(TIMES)), "locked": min(locked() for _again in range(TIMES))}, sys.stdout
    )


if __name__ == "__main__":
    main()
