"""A portal of its own in a data folder, acted upon from outside: its database is a file, its mails are files.

`python -m tests.journeys.portal ACT…` carries out acts, each a name with its arguments after colons, with the
settings of the embedded portal, and prints their outcomes as JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WORKER = ("--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat")


class Portal:
    """The portal that lives in `folder`, on the embedded broker or on the Redis of that address."""

    def __init__(self, folder: Path, redis_url: str = "") -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bethune_smartcity.settings.dev",
            "DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "REDIS_URL": redis_url,
            "EMAIL_URL": "",
            "DEMO": "0",
            "PYTHONWARNINGS": "ignore",
        }

    def acts(self, *acts: str) -> list[Any]:
        """Carry out some of ACTS in a process of their own. Returns their outcomes."""
        command = [sys.executable, "-m", "tests.journeys.portal", *acts]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker, started as `make run` starts it; it ends what it holds before it stops."""
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "bethune_smartcity", "worker", *WORKER]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def mails(self) -> list[str]:
        """Every mail sent so far, each as its whole text."""
        separator = "-" * 79
        texts = [path.read_text() for path in sorted((self.folder / "mails").glob("*.log"))]
        return [mail for text in texts for mail in text.split(separator) if mail.strip()]


def create() -> None:
    """An empty portal."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def draft(number: str) -> dict[str, str]:
    """A call that closes in a bit less than seven days, and a complete draft begun ten days ago.

    `number` tells what this process makes from what the others made.
    """
    from bethune_smartcity.core import clock
    from tests.factories import accounts, calls

    for factory in (accounts.UserFactory, accounts.StructureFactory, calls.CallFactory):
        factory.reset_sequence(100 * int(number))

    closes_at = clock.now() + timedelta(days=7, hours=-1)
    with clock.at(clock.now() - timedelta(days=10)):
        call = calls.CallFactory(closes_at=closes_at)
        begun = calls.draft(call, complete=True)
    return {"submission": str(begun.pk), "title": begun.title, "address": calls.owner_of(begun.structure).email}


def sweep() -> str:
    """What the scheduler does each minute: the sweep, through the broker."""
    from bethune_smartcity.celery import app

    entry = app.conf.beat_schedule["sweep"]
    return str(app.send_task(entry["task"], **entry["options"]).id)


def submit_late(pk: str) -> dict[str, Any]:
    """The owner's "submit" arrives one second after the close."""
    from django.test import Client

    from bethune_smartcity.core import clock
    from calls.models import Submission
    from tests.factories.calls import owner_of

    begun = Submission.objects.select_related("call", "structure").get(pk=pk)
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner_of(begun.structure), backend="django.contrib.auth.backends.ModelBackend")
    arrives = begun.call.closes_at + timedelta(seconds=1)
    with clock.at(arrives):
        answer = client.post(f"/candidatures/{pk}/deposer/", dict.fromkeys(("mandate", "truth", "rules"), "on"))
    begun.refresh_from_db()
    shown = arrives.astimezone(clock.PARIS).strftime("%H:%M:%S")
    return {"status": answer.status_code, "tells": shown in answer.text, "state": begun.state, "number": begun.number}


def outcome() -> dict[str, Any]:
    """How the portal's messages stand."""
    from bethune_smartcity.notifications.models import Message

    return {"states": sorted(Message.objects.values_list("state", flat=True)), "count": Message.objects.count()}


ACTS = {act.__name__: act for act in (create, draft, sweep, submit_late, outcome)}


def main(acts: list[str]) -> None:
    import django

    django.setup()
    outcomes = []
    for act in acts:
        name, *arguments = act.split(":")
        outcomes.append(ACTS[name](*arguments))
    sys.stdout.write("\n" + json.dumps(outcomes) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
