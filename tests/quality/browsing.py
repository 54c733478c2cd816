"""What a browser finds on the served pages: axe's violations, what the home weighs, Lighthouse's figures."""

import json
import os
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.demo import chromium_path

LIGHTHOUSE = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"
WIDTHS = (320, 1280)
RUNS = 3
MOST_REQUESTS, HEAVIEST_HOME = 15, 200_000
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 95}
# Milliseconds as this machine saw them; what Lighthouse reckons for a slow telephone network is shown beside.
SLOWEST_PAINT, MOST_SHIFT = 1000, 0
FLAGS = "--headless=new --no-sandbox --disable-gpu"


def axe_faults(browser: Any, address: str, paths: list[str]) -> list[str]:
    """What axe finds wrong on pages, narrow and wide; and what is wider than a narrow screen."""
    found = []
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 900})
        for path in paths:
            page.goto(address + path)
            violations = Axe().run(page).response["violations"]
            found += [f"{path} at {width} px: {one['help']} ({one['nodes'][0]['html'][:120]})" for one in violations]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path} at {width} px scrolls sideways")
        page.close()
    return found


def home_faults(browser: Any, address: str) -> tuple[str, list[str]]:
    """What the home asks for, in words, and what is too much of it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, sizes, strangers = context.new_page(), [], []

    def note(answer: Any) -> None:
        if not answer.url.startswith(address):
            strangers.append(answer.url)
        sizes.append(answer.request.sizes()["responseBodySize"])

    page.on("requestfinished", lambda request: note(request.response()))
    page.goto(address + "/", wait_until="networkidle")
    context.close()
    found = [f"the home asks {stranger} of another site" for stranger in strangers]
    if len(sizes) > MOST_REQUESTS:
        found.append(f"the home asks {len(sizes)} requests, {MOST_REQUESTS} at most")
    if sum(sizes) > HEAVIEST_HOME:
        found.append(f"the home weighs {sum(sizes)} octets, {HEAVIEST_HOME} at most")
    return f"{len(sizes)} requests, {sum(sizes) / 1000:.0f} kB, {len(strangers)} to other sites", found


@dataclass(frozen=True)
class Marks:
    """Lighthouse's marks of a page on a telephone, medians of its runs, and what it finds wrong."""

    marks: dict[str, int]
    paint: float
    slow_paint: float
    shift: float

    @property
    def words(self) -> str:
        shown = ", ".join(f"{name} {mark}" for name, mark in self.marks.items())
        return f"{shown}, paint {self.paint:.0f} ms ({self.slow_paint:.0f} on a slow network), shift {self.shift}"

    def faults(self, path: str) -> list[str]:
        low = [(name, mark) for name, mark in self.marks.items() if mark < LEAST[name]]
        found = [f"{path}: {name} {mark}, {LEAST[name]} at least" for name, mark in low]
        if self.paint >= SLOWEST_PAINT:
            found.append(f"{path}: largest paint after {self.paint:.0f} ms, under {SLOWEST_PAINT} asked")
        if self.shift > MOST_SHIFT:
            found.append(f"{path}: shifts by {self.shift}")
        return found


def lighthouse(address: str) -> Marks:
    """Lighthouse's figures of one page."""
    runs = [_run(address) for _run_number in range(RUNS)]
    marks = {
        name: round(100 * statistics.median(run["categories"][name]["score"] or 0 for run in runs)) for name in LEAST
    }
    return Marks(
        marks=marks,
        paint=statistics.median(_seen(run, "observedLargestContentfulPaint") for run in runs),
        slow_paint=statistics.median(_seen(run, "largestContentfulPaint") for run in runs),
        shift=round(statistics.median(_seen(run, "observedCumulativeLayoutShift") for run in runs), 3),
    )


def _seen(run: dict[str, Any], name: str) -> float:
    return float(run["audits"]["metrics"]["details"]["items"][0][name])


def _run(address: str) -> dict[str, Any]:
    """One run; on a busy machine the browser may fail to trace the page, which is then opened again."""
    for _attempt in range(RUNS):
        found = _attempted(address)
        if "details" in found["audits"]["metrics"]:
            return found
    raise SystemExit(f"Lighthouse could not measure {address}: {found['audits']['metrics'].get('errorMessage')}")


def _attempted(address: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        path = Path(folder) / "run.json"
        command = [str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={path}"]
        command += [f"--only-categories={','.join(LEAST)}", f"--chrome-flags={FLAGS}"]
        # Elsewhere than in France, deadlines get a line with one's own time: nothing may move for it.
        surroundings = os.environ | {"CHROME_PATH": chromium_path() or "", "TZ": "America/New_York"}
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
        if not path.exists():
            raise SystemExit(f"Lighthouse failed on {address}:\n{done.stderr[-2000:]}")
        return json.loads(path.read_text())
