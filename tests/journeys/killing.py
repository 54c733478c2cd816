"""Workers killed at the worst instants, in front of a mail server that cuts: what arrived, and how often."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import Any

from bethune_smartcity.notifications.delivery import key_in
from tests.once import copy_portal
from tests.sink import Sink, listening

from .portal import Portal, end

# A worker that does nothing for so many seconds is taken for dead, and the test for failed.
PATIENCE = 60
# A dead worker's claim is taken up by another after ten minutes.
AFTER_CLAIMS = 11


class Run:
    """`number` reminders, in a copy of the `empty` portal; the worker is killed each time the server has taken so
    many mails as `kills` says.

    It is killed after the server took a mail and before it told so: that mail is the worker's last.
    """

    def __init__(self, folder: Path, redis_url: str, empty: Path, *, number: int, kills: tuple[int, ...]) -> None:
        copy_portal(empty, folder)
        self.folder, self.redis_url, self.number, self.kills = folder, redis_url, number, list(kills)
        self.worker: Popen[bytes] | None = None
        self.sink = Sink(cut_each=7, upon_taken=self._taken, keeps_text=False)
        # The messages in hand when a worker died.
        self.in_hand: set[int] = set()
        self.faults: list[str] = []

    def _taken(self, count: int) -> None:
        if self.kills and count >= self.kills[0] and self.worker is not None:
            self.kills.pop(0)
            with suppress(ProcessLookupError):
                os.killpg(self.worker.pid, signal.SIGKILL)

    def arrived(self) -> Counter[int]:
        """How often each message arrived, by its key, which its Message-ID tells."""
        return Counter(key for mail in self.sink.taken if (key := key_in(mail.name)))

    def boxes(self) -> Counter[str]:
        return Counter(mail.to for mail in self.sink.taken if mail.to.startswith("p"))

    def go(self, *, sweeps_on: bool = True) -> None:
        """Let it run to its end; without `sweeps_on`, only the first round runs, whatever the workers left."""
        with listening(self.sink):
            url = f"smtp://127.0.0.1:{self.sink.port}"
            portal = Portal(self.folder, self.redis_url, email_url=url, is_demo=True)
            with portal.conductor() as act:
                act("flush")
                act(f"drafts:{self.number}")
                try:
                    self._rounds(portal, act, sweeps_on=sweeps_on)
                    self.faults = act("faults")
                finally:
                    if self.worker is not None:
                        end(self.worker)
                    act("flush")

    def _rounds(self, portal: Portal, act: Callable[[str], Any], *, sweeps_on: bool) -> None:
        self.worker = portal.start_worker()
        act("sweep")
        while self.kills:
            self._until(lambda worker=self.worker: worker.poll() is not None)
            self.in_hand |= set(act("claimed"))
            act("flush")
            act(f"forward:{AFTER_CLAIMS}")
            self.worker = portal.start_worker()
            if sweeps_on:
                act("sweep")
                act("sweep")
        if sweeps_on:
            self._until(lambda: self._is_quiet(act), each=lambda: act("sweep"))
        act("code:late@town.example")
        self._until(lambda: any(mail.to == "late@town.example" for mail in self.sink.taken))

    def _is_quiet(self, act: Callable[[str], Any]) -> bool:
        """Whether every reminder arrived, and none is to be sent again; what was put off is let come due.

        The copy of one that arrived, whose worker died, may be cut by the server and wait for its turn.
        """
        act("forward:2")
        return len(self.boxes()) >= self.number and set(act("outcome")["states"]) == {"sent"}

    def _until(self, holds: Callable[[], bool], *, each: Callable[[], Any] = lambda: None) -> None:
        """Wait until it `holds`, as long as mails arrive."""
        seen, limit = -1, time.monotonic() + PATIENCE
        while not holds():
            if len(self.sink.taken) != seen:
                seen, limit = len(self.sink.taken), time.monotonic() + PATIENCE
            assert time.monotonic() < limit, (self.folder / "worker.log").read_text()[-3000:]
            each()
            time.sleep(0.3)
