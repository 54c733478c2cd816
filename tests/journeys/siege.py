"""Applicants at work over HTTP while the server that serves them is killed again and again, and what they were told."""

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from tests.bench.servers import free_port
from tests.factories.calls import PDF
from tests.once import ROOT, environment

TOKEN, EDGE = "a" * 32, "edge"
FORM = "application/x-www-form-urlencoded"
DECLARED = {"mandate": "on", "truth": "on", "rules": "on"}
# Seconds: the longest an answer may take, the longest a start may, and the pause before one tries again.
PATIENCE, START, PAUSE = 30.0, 60.0, 0.05
SAVES = 3


class Gone(Exception):
    """No answer came: what was asked for may have been done, or not."""


@dataclass
class Told:
    """What the owner of a draft may find there: all that the last answers leave possible."""

    texts: set[str]
    files: set[str]
    # Whether it is in: told so, may be (asked, without an answer), or not.
    is_in: bool | None = False


@dataclass
class Count:
    """What happened, over all applicants."""

    saved: int = 0
    sent: int = 0
    submitted: int = 0
    unsure: int = 0
    refused: list[str] = field(default_factory=list)


class Server:
    """gunicorn with two workers on a port of its own, in a group of its own, killed and started again."""

    def __init__(self, folder: Path, *, torn: bool = False) -> None:
        self.port, self.folder = free_port(), folder
        self.environment = environment(folder) | ({"TORN": "1"} if torn else {})
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "tests.journeys.slowed:application", "--no-control-socket"]
        command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--bind", f"127.0.0.1:{self.port}"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        limit = time.monotonic() + START
        while not self.answers():
            assert time.monotonic() < limit, (self.folder / "server.log").read_text()[-3000:]
            time.sleep(PAUSE)

    def answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        return False

    def workers(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill_one(self, chance: random.Random) -> None:
        """Kill one of the workers: the master starts another."""
        for pid in chance.sample(self.workers(), 1):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill the master and its workers at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Applicant(Thread):
    """Someone who goes from draft to draft: saves, sends a document, submits; without an answer tries again."""

    def __init__(self, server: Server, desks: list[dict[str, Any]], count: Count) -> None:
        super().__init__(daemon=True)
        self.server, self.desks, self.count = server, desks, count
        self.told = {desk["submission"]: Told({desk["was"]["text"]}, {desk["was"]["file"]}) for desk in desks}
        self.is_over, self.is_waiting, self.step = False, False, 0

    def run(self) -> None:
        for desk in self.desks:
            for act in (*[self.save] * SAVES, self.send, self.save, self.send, self.submit):
                while not self.is_over and not self._tried(act, desk):
                    time.sleep(PAUSE)
        self.is_waiting = True

    def _tried(self, act: Callable[[dict[str, Any]], None], desk: dict[str, Any]) -> bool:
        """Whether an answer came; without one, `is_waiting` until the next does."""
        try:
            act(desk)
        except Gone:
            self.count.unsure += 1
            self.is_waiting = True
            return False
        self.is_waiting = False
        return True

    def ask(self, desk: dict[str, Any], method: str, page: str, body: bytes = b"", kind: str = FORM) -> tuple[int, str]:
        """(status, where it leads) of an answer. Raises Gone without one."""
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        told = {"Cookie": f"sessionid={desk['session']}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Content-Type": kind}
        try:
            line.request(method, f"/candidatures/{desk['submission']}/{page}", body, told | {"Connection": "close"})
            answer = line.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error
        finally:
            line.close()

    def save(self, desk: dict[str, Any]) -> None:
        told, value = self.told[desk["submission"]], self._next("Text")
        told.texts.add(value)
        status, _to = self.ask(desk, "POST", "champ/", urlencode({"field": desk["text"], desk["text"]: value}).encode())
        if self._is_well(status, 200, "save"):
            told.texts = {value}
            self.count.saved += 1

    def send(self, desk: dict[str, Any]) -> None:
        told, name, field_name = self.told[desk["submission"]], f"{self._next('plan')}.pdf", desk["file"]
        told.files.add(name)
        parts = f'--{EDGE}\r\nContent-Disposition: form-data; name="field"\r\n\r\n{field_name}\r\n--{EDGE}\r\n'
        parts += f'Content-Disposition: form-data; name="{field_name}"; filename="{name}"\r\n\r\n'
        body = parts.encode() + PDF + f"\r\n--{EDGE}--\r\n".encode()
        status, _to = self.ask(desk, "POST", "champ/", body, f"multipart/form-data; boundary={EDGE}")
        if self._is_well(status, 200, "send"):
            told.files = {name}
            self.count.sent += 1

    def submit(self, desk: dict[str, Any]) -> None:
        told = self.told[desk["submission"]]
        if told.is_in is None and self.ask(desk, "GET", "recepisse/")[0] == 200:
            told.is_in = True
            return
        told.is_in = None
        status, to = self.ask(desk, "POST", "deposer/", urlencode(DECLARED).encode())
        if self._is_well(status, 302, f"submit {to}") and to.endswith("/recepisse/"):
            told.is_in = True
            self.count.submitted += 1

    def _is_well(self, status: int, wanted: int, act: str) -> bool:
        if status != wanted:
            self.count.refused.append(f"{act}: {status}")
        return status == wanted

    def _next(self, word: str) -> str:
        self.step += 1
        return f"{word}-{self.step}"


class Siege:
    """A server, its applicants, and the kills, drawn from `seed`. `act` reads what is there (tests.journeys.portal)."""

    def __init__(self, folder: Path, act: Callable[[str], Any], *, people: int, drafts: int, torn: bool) -> None:
        self.server, self.act, self.count = Server(folder, torn=torn), act, Count()
        desks = act(f"desks:{people * drafts}")
        parts = act("written")["parts"]
        desks = [desk | {"was": parts[desk["submission"]]} for desk in desks]
        self.applicants = [Applicant(self.server, desks[n::people], self.count) for n in range(people)]

    @contextmanager
    def begun(self) -> Iterator[None]:
        try:
            self.server.start()
            for applicant in self.applicants:
                applicant.start()
            yield
        finally:
            for applicant in self.applicants:
                applicant.is_over = True
            self.server.kill()

    def round(self, chance: random.Random, most: float) -> list[str]:
        """Let them work for a while, kill a worker in between, then all of it. Returns what is wrong, in words.

        `most` is how long they work (seconds); the server is started again.
        """
        time.sleep(chance.uniform(0.1, most / 2))
        if chance.random() < 0.5:
            self.server.kill_one(chance)
        time.sleep(chance.uniform(0.05, most / 2))
        self.server.kill()
        found = self.faults()
        self.server.start()
        return found

    def faults(self) -> list[str]:
        """What is not as it was told, or half done, while the server is down."""
        limit = time.monotonic() + PATIENCE
        while not all(one.is_waiting for one in self.applicants):
            assert time.monotonic() < limit, "an applicant does not notice that the server is gone"
            time.sleep(PAUSE)
        there, found = self.act("written"), []
        if there["numbers"] != list(range(1, there["last"] + 1)):
            found.append(f"numbers {there['numbers']} were given, the last is {there['last']}")
        for applicant in self.applicants:
            for key, told in applicant.told.items():
                found += [f"{key}: {fault}" for fault in against(told, there["parts"][key])]
        return found


def against(told: Told, parts: dict[str, Any]) -> Iterator[str]:
    """What of the `parts` that are there is not what was `told`."""
    if parts["text"] not in told.texts:
        yield f"the text is {parts['text']!r}, not one of {told.texts}"
    if parts["file"] not in told.files:
        yield f"the document is {parts['file']!r}, not one of {told.files}"
    if len(set(parts["in"])) > 1:
        yield f"half of it is submitted: {parts['in']}"
    if told.is_in is not None and told.is_in != all(parts["in"]):
        yield f"told in: {told.is_in}, and there: {parts['in']}"
