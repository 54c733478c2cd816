"""`make quality`: look at every public page of a fresh demonstration, as search engines, checkers and people do.

Prints what is wrong and ends with an error if anything is. QUALITY_ONLY (`crawl,w3c,home,axe,lighthouse`) chooses
parts, QUALITY_PATHS (`/,/projets/`) what Lighthouse looks at. The portal is served as it would be beside real data,
without the demonstration's clock and mails.
"""

import http.client
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.bench.servers import run, serving
from tests.browser.demo import browser, chromium_path

from . import browsing, faults, validator
from .crawl import Answer, Found, crawl, seeds_of

PARTS = ("crawl", "w3c", "home", "axe", "lighthouse")
CHOSEN = os.environ.get("QUALITY_ONLY", ",".join(PARTS)).split(",")
LOOKED_AT = (
    "/",
    "/piliers/",
    "/piliers/mobilite-transport/",
    "/appels/",
    "/appels/mobilite/",
    "/appels/mobilite/questions/",
    "/appels/smart-city-2017/resultats/",
    "/projets/",
    "/projets/get-it-done/",
    "/en/",
)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def served() -> Iterator[str]:
    """A portal with the demonstration's calls and projects. Yields its address."""
    with tempfile.TemporaryDirectory(prefix="quality-") as folder:
        env = {"DJANGO_SETTINGS_MODULE": "tests.quality.settings", "DATA_DIR": folder, "DEBUG": "0"}
        run("manage.py", "migrate", "-v0", env=env | {"DEMO": "1"})
        run("manage.py", "load_demo", env=env | {"DEMO": "1"})
        run("manage.py", "collectstatic", "--no-input", "-v0", env=env)
        with serving("bethune_smartcity.wsgi:application", env | {"DEMO": "0"}) as port:
            yield f"http://127.0.0.1:{port}"


def walk(address: str) -> tuple[Found, set[str]]:
    """Every public page, over one connection; and the hosts that are the portal."""
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=60)

    def fetch(path: str) -> Answer:
        connection.request("GET", path)
        response = connection.getresponse()
        body, kind = response.read(), response.headers.get("Content-Type", "")
        is_text = kind.startswith(("text/", "application/xml"))
        return Answer(response.status, kind, body.decode() if is_text else "", response.headers.get("Location", ""))

    hosts = {host, "127.0.0.1:8000"}
    return crawl(fetch, seeds_of(fetch), hosts), hosts


def looked_at(address: str, found: Found) -> Iterator[tuple[str, list[str]]]:
    """(what was looked at, what is wrong) for each part chosen."""
    pages = list(found.pages.values())
    if "w3c" in CHOSEN:
        yield (
            f"W3C's checker, {len(pages)} pages",
            validator.errors_of(pages) if validator.is_here() else [validator.LACKING],
        )
    if chromium_path() is None:
        yield "browser", ["no chromium on this machine (on Debian: apt-get install chromium)"]
        return
    with browser() as chromium:
        if "home" in CHOSEN:
            words, wrong = browsing.home_faults(chromium, address)
            yield f"home: {words}", wrong
        if "axe" in CHOSEN:
            paths = sorted({page.path for page in pages})
            yield f"axe, {len(paths)} pages at {browsing.WIDTHS}", browsing.axe_faults(chromium, address, paths)
    if "lighthouse" in CHOSEN:
        for path in os.environ.get("QUALITY_PATHS", ",".join(LOOKED_AT)).split(","):
            marks = browsing.lighthouse(address + path)
            yield f"Lighthouse {path}: {marks.words}", marks.faults(path)


def main() -> int:
    wrong = 0
    with served() as address:
        found, hosts = walk(address)
        parts = [(f"crawl, {len(found.pages)} pages", faults.faults(found, hosts))] if "crawl" in CHOSEN else []
        for part in (parts, looked_at(address, found)):
            for what, sentences in part:
                say(f"== {what}: {len(sentences) or 'nothing'} wrong")
                for sentence in sentences:
                    say(f"   {sentence}")
                wrong += len(sentences)
    say("All is well." if not wrong else f"{wrong} things are wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
