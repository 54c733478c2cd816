"""`make quality`: look at every public page of a fresh demonstration, as search engines, checkers and people do.

Prints what is wrong and ends with an error if anything is. QUALITY_ONLY (`crawl,w3c,home,axe,lighthouse`) chooses
parts, QUALITY_PATHS (`/,/projets/`) what Lighthouse looks at. The portal is served as it would be beside real data,
without the demonstration's clock and mails; the pages that bear a note of the demonstration are looked at with it too.
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
from .crawl import Answer, Fetch, Found, crawl, one_of_each, seeds_of, with_notes

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
def served() -> Iterator[tuple[str, str]]:
    """A portal with the demonstration's calls and projects. Yields its address, and where it is served with notes."""
    with tempfile.TemporaryDirectory(prefix="quality-") as folder:
        env = {"DJANGO_SETTINGS_MODULE": "tests.quality.settings", "DATA_DIR": folder, "DEBUG": "0"}
        run("manage.py", "migrate", "-v0", env=env | {"DEMO": "1"})
        run("manage.py", "load_demo", env=env | {"DEMO": "1"})
        run("manage.py", "collectstatic", "--no-input", "-v0", env=env)
        application = "bethune_smartcity.wsgi:application"
        with serving(application, env | {"DEMO": "0"}) as bare, serving(application, env | {"DEMO": "1"}) as noted:
            yield f"http://127.0.0.1:{bare}", f"http://127.0.0.1:{noted}"


def fetching(address: str) -> Fetch:
    """What asks the portal served there, over one connection."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def fetch(path: str) -> Answer:
        connection.request("GET", path)
        response = connection.getresponse()
        body, kind = response.read(), response.headers.get("Content-Type", "")
        is_text = kind.startswith(("text/", "application/xml"))
        return Answer(response.status, kind, body.decode() if is_text else "", response.headers.get("Location", ""))

    return fetch


def looked_at(address: str, with_notes_at: str, found: Found, noted: Found) -> Iterator[tuple[str, list[str]]]:
    """(what was looked at, what is wrong) for each part chosen; `noted` are pages as they are at `with_notes_at`."""
    pages = list(found.pages.values())
    if "w3c" in CHOSEN:
        yield (
            f"W3C's checker, {len(pages)} pages, {len(noted.pages)} with notes",
            validator.errors_of([*pages, *noted.pages.values()]) if validator.is_here() else [validator.LACKING],
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
            paths = list(one_of_each(noted))
            wrong = browsing.axe_faults(chromium, with_notes_at, paths)
            yield f"axe, {len(paths)} pages with notes at {browsing.WIDTHS}", wrong
    if "lighthouse" in CHOSEN:
        for path in os.environ.get("QUALITY_PATHS", ",".join(LOOKED_AT)).split(","):
            marks = browsing.lighthouse(address + path)
            yield f"Lighthouse {path}: {marks.words}", marks.faults(path)


def main() -> int:
    wrong = 0
    with served() as (address, with_notes_at):
        hosts = {*(urlsplit(each).netloc for each in (address, with_notes_at)), "127.0.0.1:8000"}
        fetch = fetching(address)
        found = crawl(fetch, seeds_of(fetch), hosts)
        noted = with_notes(fetching(with_notes_at), found, hosts)
        walked = ((f"crawl, {len(found.pages)} pages", found), (f"crawl, {len(noted.pages)} pages with notes", noted))
        parts = [(what, faults.faults(pages, hosts)) for what, pages in walked if "crawl" in CHOSEN]
        for part in (parts, looked_at(address, with_notes_at, found, noted)):
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
