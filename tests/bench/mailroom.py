"""Run inside the portal, one act after the other in the same database; each prints what it took as JSON.

`ladder N`: N drafts, two thirds of them incomplete, and the step of a ladder written to their owners.
`drain PORT`: one worker sends all that is due to the mail server on that port, in rounds a minute apart.
`idle N`: N messages sent and as many shown in the portal alone; then what a round with nothing due takes.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from bethune_smartcity.accounts.models import User  # noqa: E402
from bethune_smartcity.core import clock  # noqa: E402
from bethune_smartcity.notifications.delivery import send_due  # noqa: E402
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
COPIED = (
    "kind, about_type_id, about_id, recipient_id, address, language, subject, body, sealed, path, stop_path, "
    "created_at, due_at, expires_at, retry_at, claimed_at, read_at, attempts, error, replayed, digest_id"
)


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


def drain(port: str) -> dict[str, Any]:
    """Send what is due in rounds that begin a minute apart, as the scheduler asks for them."""
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", int(port)
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", False, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    with timed() as found:
        found["messages"] = 0
        while waiting := Message.objects.filter(state=Message.State.PENDING).exists():
            begun = time.monotonic()
            found["messages"] += send_due()
            waiting = Message.objects.filter(state=Message.State.PENDING).exists()
            time.sleep(max(0, 60 - (time.monotonic() - begun)) if waiting else 0)
    return found


def idle(number: str) -> dict[str, Any]:
    """A round with nothing due, the median of some, among so many messages sent and as many shown alone."""
    for state, stamp in (("sent", "due_at"), ("shown", "NULL")):
        copy(int(number), state, stamp)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rounds = [round_taken(sweep) for _n in range(ROUNDS)]
    looks = [round_taken(pulse) for _n in range(ROUNDS)]
    middle = sorted(rounds, key=lambda one: one["seconds"])[ROUNDS // 2]
    return middle | {"rows": Message.objects.count(), "pulse": statistics.median(one["seconds"] for one in looks)}


def copy(count: int, state: str, stamp: str) -> None:
    """Write so many messages in that state, each like one that is there."""
    first = Message.objects.order_by("pk").values_list("pk", flat=True)[0]
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{numbers} INSERT INTO notifications_message (key, state, sent_at, {COPIED}) "
            f"SELECT '{state}:' || i, %s, {stamp}, {COPIED} FROM n, notifications_message WHERE id = %s",
            [state, first],
        )


def round_taken(act: Callable[[], Any]) -> dict[str, Any]:
    with timed() as found:
        act()
    return found


ACTS = {act.__name__: act for act in (ladder, drain, idle)}

if __name__ == "__main__":
    json.dump(ACTS[sys.argv[1]](sys.argv[2]), sys.stdout)
