"""A demonstration of its own to look at: data folder, server and browser, all gone afterwards."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests import lent
from tests.once import ROOT, copy_portal, demonstration, environment

PASSWORD = "demo-bethune-2017"
# What a browser started for a test needs not do.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def chromium_path() -> str | None:
    """Return the Chromium of this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def free_port() -> int:
    """Return a port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, process: subprocess.Popen, limit: float = 90) -> None:
    """Wait until a server answers.

    Args:
        address: what it is asked.
        process: the server, which must not end meanwhile.
        limit: seconds it is given.

    Raises:
        RuntimeError: it ended, or did not answer in time.
    """
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"No answer from {address}")


@contextmanager
def demo_server(folder: Path, shared: Path) -> Iterator[str]:
    """Serve a demonstration of one's own; gives its address.

    Args:
        folder: what becomes the portal's data folder.
        shared: where the processes of a run keep the demonstration that they copy.
    """
    port = free_port()
    surroundings = {**environment(folder), "PORT": str(port)}
    copy_portal(demonstration(shared), folder)
    gunicorn = [sys.executable, "-m", "gunicorn", "bethune_smartcity.wsgi", "--no-control-socket"]
    server = subprocess.Popen(
        [*gunicorn, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"],
        cwd=ROOT,
        env=surroundings,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)
        lent.forget(folder)


@contextmanager
def browser() -> Iterator[Any]:
    """Open this machine's Chromium.

    Raises:
        RuntimeError: there is none.
    """
    from playwright.sync_api import sync_playwright

    path = chromium_path()
    if path is None:
        raise RuntimeError("No chromium on this machine (on Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield chromium
        finally:
            chromium.close()


def sign_in(page: Any, address: str, email: str) -> None:
    """Sign a person of the demonstration in, as a person would.

    Args:
        page: the browser's page.
        address: the portal's.
        email: the person's account.
    """
    page.goto(f"{address}/connexion/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/connexion" not in url)


def press(page: Any, control: Any) -> None:
    """Click what leads to another page, and wait until that one is there whole.

    A page asked for while a form is still on its way would take its place, and the form be lost.

    Args:
        page: the browser's page.
        control: the button or link.
    """
    with page.expect_navigation(wait_until="load"):
        control.click()
