"""Run inside the portal, one act after the other in the same database; each prints what it took as JSON.

`ladder N`: N drafts, two thirds of them incomplete, and the step of a ladder written to their owners.
`drain SECONDS`: ask the worker for a round each minute, as the scheduler does, until nothing waits or so long.
`idle N`: N messages sent and as many shown in the portal alone; then what a round with nothing due takes.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")
django.setup()

from django.db import connection  # noqa: E402

from bethune_smartcity.accounts.models import User  # noqa: E402
from bethune_smartcity.core import clock  # noqa: E402
from bethune_smartcity.notifications.models import Message  # noqa: E402
from bethune_smartcity.notifications.paths import path_of  # noqa: E402
from bethune_smartcity.notifications.pulse import pulse  # noqa: E402
from bethune_smartcity.notifications.tasks import sweep  # noqa: E402
from calls.models import Answer  # noqa: E402
from calls.operations.reminders import plan_closing  # noqa: E402
from tests.bench.counting import counted  # noqa: E402
from tests.bench.crowd import a_call, drafts  # noqa: E402

LANGUAGES = ("fr", "fr", "fr", "de", "nl", "en")
ROUNDS = 15
MINUTE, LOOKED_EACH = 60, 0.5
# What each message written has of its own; the rest is copied.
OWN = {"id", "key", "state", "due_at", "sent_at"}
COPIED = ", ".join(field.column for field in Message._meta.concrete_fields if field.column not in OWN)


@contextmanager
def timed() -> Iterator[dict[str, Any]]:
    """What the block takes: seconds of this process's processor and of the clock, and statements."""
    found: dict[str, Any] = {}
    with counted() as counter:
        cpu, wall = time.process_time(), time.perf_counter()
        yield found
        found |= {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
    found["statements"] = len(counter.seen)


def ladder(number: str) -> dict[str, Any]:
    """Write the step of seven days before the close to the owners of so many drafts."""
    count, closes_at = int(number), clock.now() + timedelta(days=7, hours=-1)
    with clock.at(clock.now() - timedelta(days=10)):
        call, asked = a_call(closes_at)
        made = drafts(call, asked, count)
    for place, language in enumerate(LANGUAGES):
        users = [one.created_by_id for one in made[place :: len(LANGUAGES)]]
        User.objects.filter(pk__in=users).update(language=language)
    for place, question in enumerate(asked[:2]):
        Answer.objects.filter(question=question, submission__in=[one.pk for one in made[place::3]]).delete()
    for language in LANGUAGES:
        # A worker has drawn addresses before.
        path_of("calls:list", {}, language)
    with timed() as found:
        found["messages"] = plan_closing(clock.now())
    return found


def drain(seconds: str) -> dict[str, Any]:
    """Ask for rounds through the broker, a minute apart, and look from outside until nothing waits."""
    begun, asked, waiting = time.monotonic(), 0, True
    while waiting and time.monotonic() - begun < float(seconds):
        if time.monotonic() - begun >= asked * MINUTE:
            sweep.apply_async(expires=50)
            asked += 1
        time.sleep(LOOKED_EACH)
        waiting = Message.objects.filter(state__in=(Message.State.PENDING, Message.State.CLAIMED)).exists()
    return {"seconds": time.monotonic() - begun, "rounds": asked}


def idle(number: str) -> dict[str, Any]:
    """A round with nothing due, the median of some, among so many messages sent and as many shown alone."""
    for state, is_sent in (("sent", True), ("shown", False)):
        copy(int(number), state, is_sent=is_sent)
    settle()
    rounds = [round_taken(sweep) for _n in range(ROUNDS)]
    looks = [round_taken(pulse) for _n in range(ROUNDS)]
    middle = sorted(rounds, key=lambda one: one["seconds"])[ROUNDS // 2]
    return middle | {"rows": Message.objects.count(), "pulse": statistics.median(one["seconds"] for one in looks)}


def settle() -> None:
    """What a database does by itself once rows have come: on PostgreSQL a round is not timed beside its tidying."""
    commands = ("VACUUM ANALYZE", "CHECKPOINT") if connection.vendor == "postgresql" else ("ANALYZE",)
    with connection.cursor() as cursor:
        for command in commands:
            cursor.execute(command)


def copy(count: int, state: str, *, is_sent: bool) -> None:
    """Write so many messages in that state, each like one that is there and due days ago, as most are."""
    first, long_ago = Message.objects.order_by("pk").values_list("pk", flat=True)[0], clock.now() - timedelta(days=9)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{numbers} INSERT INTO notifications_message (key, state, due_at, sent_at, {COPIED}) "
            f"SELECT '{state}:' || i, %s, %s, %s, {COPIED} FROM n, notifications_message WHERE id = %s",
            [state, adapted(long_ago), adapted(long_ago) if is_sent else None, first],
        )


def adapted(moment: datetime) -> Any:
    """An instant as the database wants it in a statement of one's own."""
    return Message._meta.get_field("due_at").get_db_prep_value(moment, connection)


def round_taken(act: Callable[[], Any]) -> dict[str, Any]:
    with timed() as found:
        act()
    return found


ACTS = {act.__name__: act for act in (ladder, drain, idle)}

if __name__ == "__main__":
    json.dump(ACTS[sys.argv[1]](sys.argv[2]), sys.stdout)
