"""A mail server of tests on a port of this machine: keeps what it takes, cuts what it is told to, and can call someone
at the very instant it has taken a mail.
"""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy


@dataclass(frozen=True)
class Taken:
    """A mail the server took."""

    name: str
    to: str
    text: str


@dataclass
class Sink:
    """What the server is told, and what it took. `upon_taken(n)` is called before the sender hears of the n-th. One
    that `is_silent` takes calls and never says a word, one that `is_away` hangs up.
    """

    port: int = 0
    cut_each: int = 0
    upon_taken: Callable[[int], None] = lambda _count: None
    keeps_text: bool = True
    is_silent: bool = False
    is_away: bool = False
    taken: list[Taken] = field(default_factory=list)
    calls: int = 0
    offered: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, to: str, raw: bytes) -> bool:
        """Whether a mail is taken; the connection is cut otherwise."""
        with self._lock:
            self.offered += 1
            if self.cut_each and self.offered % self.cut_each == 0:
                return False
            self.taken.append(self._read(to, raw))
            count = len(self.taken)
        self.upon_taken(count)
        return True

    def _read(self, to: str, raw: bytes) -> Taken:
        mail = message_from_bytes(raw, policy=policy.default)
        body = mail.get_body(("plain",)) if self.keeps_text else None
        return Taken(str(mail["message-id"]), to, body.get_content() if body else "")


class Session(socketserver.StreamRequestHandler):
    """As much of SMTP as Django's sender speaks."""

    server: "Server"

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        self.server.sink.calls += 1
        to = ""
        if self.server.sink.is_away:
            return
        if self.server.sink.is_silent:
            # Until who calls gives up.
            self.rfile.readline()
            return
        self.say("220 sink")
        while line := self.rfile.readline(2000):
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            if verb == b"DATA":
                self.say("354 go on")
                if not self.server.sink.offer(to, self.data()):
                    return
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads, block_on_close = True, True, False

    def __init__(self, sink: Sink) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.sink = sink

    def handle_error(self, request: object, client_address: object) -> None:
        """Senders that are killed leave without a word."""


@contextmanager
def listening(sink: Sink | None = None) -> Iterator[Sink]:
    """A server that listens until the end of the block, on `sink.port`."""
    found = sink or Sink()
    with Server(found) as server:
        found.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield found
        server.shutdown()
