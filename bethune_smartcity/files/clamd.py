"""The antivirus, by the INSTREAM command of clamd: a document goes over the line in pieces, a word comes back."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings

# Seconds for each step on the line.
PATIENCE = 60


class Away(Exception):
    """Nobody answers at `CLAMD_URL`."""


def called() -> socket.socket:
    """A line to the antivirus: `tcp://host:3310` or `unix:///run/clamd.sock`. Raises Away."""
    address = urlsplit(settings.CLAMD_URL)
    try:
        if address.scheme == "unix":
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(PATIENCE)
            line.connect(address.path)
            return line
        return socket.create_connection((address.hostname, address.port or 3310), PATIENCE)
    except OSError as fault:
        raise Away(str(fault)) from fault


def asked(content: Iterable[bytes]) -> str:
    """What the antivirus says of `content`: `stream: OK`, `stream: … FOUND`, or anything else when it cannot tell.

    Raises Away.
    """
    with called() as line:
        # It hangs up on what is too large for it, once it has said so.
        with suppress(OSError):
            line.sendall(b"zINSTREAM\0")
            for piece in content:
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
        answer = b""
        with suppress(OSError):
            while b"\0" not in answer and len(answer) < 4096 and (more := line.recv(4096)):
                answer += more
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()
