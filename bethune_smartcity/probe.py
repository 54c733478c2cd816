"""Tell whether one of the portal's processes is alive: what container health checks run.

`python bethune_smartcity/probe.py web|worker|beat` exits 0 when it is, 1 with a sentence when it is not.
"""

import os
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

WORKER_SIGN = Path(tempfile.gettempdir()) / "portal-worker-alive"
WORKER_SILENCE = 60
# The scheduler writes its calendar down every three minutes.
BEAT_SILENCE = 600


def web_fault(port: int = 8000, timeout: float = 4) -> str | None:
    """Return why the web process does not answer on this machine, or None.

    Args:
        port: where it listens.
        timeout: seconds it is given.
    """
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip() or "localhost"
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except OSError as error:
        return f"no answer: {error}"
    finally:
        connection.close()
    return None if status == 200 else f"/healthz answered {status}"


def silence_fault(sign: Path, limit: float) -> str | None:
    """Return why a process that leaves a sign regularly seems dead, or None.

    Args:
        sign: file it touches.
        limit: seconds after which its silence is a fault.
    """
    try:
        silence = time.time() - sign.stat().st_mtime
    except OSError:
        return f"no sign at {sign}"
    return None if silence < limit else f"silent for {silence:.0f} s"


def beat_calendar() -> Path:
    """Return the file in which the scheduler keeps its calendar."""
    return Path(os.environ.get("DATA_DIR", "var")) / "beat-schedule"


def main(process: str) -> int:
    """Print what is wrong with a process and return its exit status."""
    faults = {
        "web": web_fault,
        "worker": lambda: silence_fault(WORKER_SIGN, WORKER_SILENCE),
        "beat": lambda: silence_fault(beat_calendar(), BEAT_SILENCE),
    }
    fault = faults[process]()
    if fault:
        sys.stderr.write(f"{process}: {fault}\n")
    return int(bool(fault))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "web"))
