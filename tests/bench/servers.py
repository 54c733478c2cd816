"""Servers of the bench: the portal and the floor, both under gunicorn with two workers, on loopback."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*command: str, env: dict[str, str], quiet: bool = True) -> str:
    """Run a Python module or script of this repository and return what it printed. Raises on failure."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=os.environ | env, capture_output=quiet, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout or ""


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(200):
        if process.poll() is not None:
            return False
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


@contextmanager
def serving(application: str, env: dict[str, str]) -> Iterator[int]:
    """gunicorn serving a WSGI application on a free port, stopped at the end. Yields the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "2", "--worker-class", "gthread"]
    command += ["--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "error", "--keep-alive", "30"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL)
    try:
        if not _answers(port, process):
            raise SystemExit(f"{application} does not start")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
