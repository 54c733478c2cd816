"""A portal of its own in a data folder, acted upon from outside; its mails are files.

Its database is a file there, or one of its own on the PostgreSQL lent to the run. `python -m tests.journeys.portal
ACT…` carries out acts, each a name with its arguments after colons, with the settings of the embedded portal, and
prints their outcomes as JSON; `-` reads them from its input, a line each.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.once import ROOT, environment

WORKER = ("--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat")


class Portal:
    """The portal that lives in `folder`, on the embedded broker or on the Redis of that address.

    Its mails are files, or go to `email_url`; with `is_demo`, its clock can be moved.
    """

    def __init__(self, folder: Path, redis_url: str = "", *, email_url: str = "", is_demo: bool = False) -> None:
        self.folder = folder
        self.environment = {
            **environment(folder),
            "REDIS_URL": redis_url,
            "EMAIL_URL": email_url,
            "DEMO": str(int(is_demo)),
            "PYTHONWARNINGS": "ignore",
        }

    def acts(self, *acts: str) -> list[Any]:
        """Carry out some of ACTS in a process of their own. Returns their outcomes."""
        command = [sys.executable, "-m", "tests.journeys.portal", *acts]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def conductor(self) -> Iterator[Callable[..., Any]]:
        """A process that carries out one act after the other: faster than one for each."""
        command = [sys.executable, "-m", "tests.journeys.portal", "-"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with (self.folder / "conductor.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=log, **pipes)

        def carry_out(act: str) -> Any:
            process.stdin.write(f"{act}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, (self.folder / "conductor.log").read_text()
            return json.loads(answer)

        try:
            yield carry_out
        finally:
            process.stdin.close()
            end(process)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """A worker in a group of its own, to be ended or killed by who asked for it."""
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "bethune_smartcity", "worker", *WORKER]
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker, started as `make run` starts it; it ends what it holds before it stops."""
        process = self.start_worker()
        try:
            yield
        finally:
            end(process)

    def mails(self) -> list[str]:
        """Every mail sent so far, each as its whole text."""
        separator = "-" * 79
        texts = [path.read_text() for path in sorted((self.folder / "mails").glob("*.log"))]
        return [mail for text in texts for mail in text.split(separator) if mail.strip()]


def end(process: subprocess.Popen[Any]) -> None:
    """Let a process end what it holds, and kill it when it does not."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


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


def drafts(number: str, hours: str = "167", box: str = "p") -> int:
    """A call that closes in so many hours, and so many drafts begun ten days ago, each of one person, whose address
    begins with `box`.
    """
    from bethune_smartcity.accounts.models import Membership, Structure, User
    from bethune_smartcity.core import clock
    from calls.models import Submission
    from tests.factories import calls

    closes_at = clock.now() + timedelta(hours=int(hours))
    with clock.at(clock.now() - timedelta(days=10)):
        call = calls.CallFactory(closes_at=closes_at)
        some = range(int(number))
        people = User.objects.bulk_create([User(email=f"{box}{n}@town.example", name="P", language="fr") for n in some])
        structures = Structure.objects.bulk_create([Structure(name=f"Structure {n}") for n in some])
        pairs = list(zip(people, structures, strict=True))
        Membership.objects.bulk_create([Membership(user=one, structure=all_, role="owner") for one, all_ in pairs])
        Submission.objects.bulk_create([Submission(call=call, structure=one, title="Draft") for one in structures])
    return len(pairs)


def desks(number: str) -> list[dict[str, Any]]:
    """So many complete drafts of an open call that asks for a document, each with its owner's session.

    Each is {"submission", "session", "text" and "file", the names of two fields}.
    """
    from calls.models import Question
    from tests.bench.scene import session_of
    from tests.factories import calls

    call = calls.CallFactory()
    Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan", required=False)
    asked = {question.kind: question.field_name for question in calls.questions_of(call)}
    made = [calls.draft(call, complete=True) for _ in range(int(number))]
    return [
        {
            "submission": str(one.pk),
            "session": session_of(calls.owner_of(one.structure).email),
            "text": asked["long"],
            "file": asked["file"],
        }
        for one in made
    ]


def written() -> dict[str, Any]:
    """What is there of every application: {"parts", by its key, "numbers" given, "last" number of their one call}.

    The parts are {"text", "file": a name once all of it was read, "in": what of a submission is there, as a list}.
    """
    from bethune_smartcity.lifecycle.models import JournalEntry
    from bethune_smartcity.notifications.models import Message
    from calls.models import Call, Submission

    submitted = set(JournalEntry.objects.filter(verb="submit").values_list("subject_id", flat=True))
    told = list(Message.objects.filter(kind="calls.receipt").values_list("about_id", flat=True))
    parts, every = {}, list(Submission.objects.all())
    for one in every:
        key = str(one.pk)
        text = one.answers.filter(question__kind="long").values_list("value", flat=True).first()
        there = [one.state == "submitted", one.number is not None, one.submitted_at is not None, key in submitted]
        there += [one.versions.count() == 1, told.count(key) == 1]
        parts[key] = {"text": text or "", "file": _name_of_document(one), "in": there}
    numbers = sorted(int(one.number.rsplit("-", 1)[1]) for one in every if one.number)
    return {"parts": parts, "numbers": numbers, "last": Call.objects.get().last_number}


def _name_of_document(submission: Any) -> str:
    """The name of the document of an application; "" for none, "broken" for one that is not there whole."""
    from django.core.files.storage import default_storage

    from tests.factories.calls import PDF

    stored = [attachment.file for attachment in submission.attachments.select_related("file")]
    for file in stored:
        if not default_storage.exists(file.blob.name) or default_storage.open(file.blob.name).read() != PDF:
            return "broken"
    return stored[0].name if stored else ""


def code(address: str) -> int:
    """A code, as a page that was asked for one writes it down. Returns its key."""
    from bethune_smartcity.core import clock, demo
    from bethune_smartcity.notifications.kinds import kind_named
    from bethune_smartcity.notifications.secrets import send_secret

    demo.apply_demo_clock()
    letter = {"address": address, "subject": "Code", "body": "The code is 482913.\n"}
    return send_secret(kind_named("account"), key=address, **letter, good_until=clock.now() + timedelta(minutes=15)).pk


def forward(minutes: str) -> None:
    """The portal's clock goes forward."""
    from bethune_smartcity.core.models import DemoClock

    row, _made = DemoClock.objects.get_or_create(pk=1, defaults={"offset_seconds": 0})
    row.offset_seconds += 60 * int(minutes)
    row.save()


def claimed() -> list[int]:
    """The messages in the hands of a worker."""
    from bethune_smartcity.notifications.models import Message

    return list(Message.objects.filter(state="claimed").values_list("pk", flat=True))


def faults() -> list[str]:
    """What the invariants of messages find wrong."""
    from bethune_smartcity.core import demo
    from bethune_smartcity.notifications.invariants import nothing_due_waits

    demo.apply_demo_clock()
    return list(nothing_due_waits())


def flush() -> None:
    """The broker loses all it holds."""
    import shutil

    from django.conf import settings

    if not settings.REDIS_URL:
        for folder in (settings.DATA_DIR / "broker").iterdir():
            shutil.rmtree(folder)
            folder.mkdir()
        return
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as server:
        beginning = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
        if held := list(server.scan_iter(f"{beginning}*")):
            server.delete(*held)


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


ACTS = {
    act.__name__: act
    for act in (draft, drafts, desks, written, code, forward, claimed, faults, flush, sweep, submit_late, outcome)
}


def main(acts: list[str]) -> None:
    import django

    django.setup()
    if acts == ["-"]:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(carry_out(line.strip())) + "\n")
            sys.stdout.flush()
        return
    sys.stdout.write("\n" + json.dumps([carry_out(act) for act in acts]) + "\n")


def carry_out(act: str) -> Any:
    name, *arguments = act.split(":")
    return ACTS[name](*arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
