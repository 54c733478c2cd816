"""`make bench`: print the table. Measures at 67 and 6,700 submissions with five sheets each.

Variables: BENCH_SIZES (`67,6700`), BENCH_PAIRS (40 pairs a job), BENCH_ONLY (a pattern of
jobs' names), PAGES_KEPT_FOR (0: public pages are drawn whole), TEST_DATABASE_URL (a PostgreSQL server to measure on
instead of SQLite; the databases `bench_portal_…` and `bench_floor_…` are made there and dropped).
Every size is measured in turn with the others: how time grows is not how the machine's pace changed meanwhile.
"""

import json
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import arithmetic
from .jobs import WARMING, at_step
from .servers import run, serving
from .visitor import Visitor

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "67,6700").split(",")]
ONLY = re.compile(os.environ.get("BENCH_ONLY", ""))
PAIRS = int(os.environ.get("BENCH_PAIRS", "40"))
GROWTH = 1.3
# Milliseconds to read the sheets of a call and compute its standing.
STANDING = 1000


@dataclass(frozen=True)
class Figures:
    """What one job took: the medians of its paired ratios to the floor and to the smallest size, milliseconds,
    statements, rows, bytes.
    """

    ratio: float
    growth: float
    median: float
    p95: float
    floor: float
    statements: int
    rows: int
    size: int


def environment(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "bethune_smartcity.settings.dev",
        "DATA_DIR": str(folder / "portal"),
        "FLOOR_DATABASE_URL": f"sqlite:///{folder / 'floor.sqlite3'}",
        "DEBUG": "0",
    }


@contextmanager
def filled(size: int) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """The portal and the floor filled with `size` submissions. Yields their environment and the jobs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        env = environment(Path(name))
        with databases(env, (f"bench_portal_{size}", f"bench_floor_{size}")):
            loading = env | {"DEMO": "1"}
            run("manage.py", "migrate", "-v0", env=loading)
            run("manage.py", "load_demo", env=loading)
            run("manage.py", "load_volume", str(size), env=loading)
            run("-m", "tests.bench.floor.fill", str(size), env=env)
            env["DEMO"] = "0"
            scene = json.loads(run("-m", "tests.bench.describe", env=env).splitlines()[-1])
            if ONLY.match("standing"):
                scene["standing"] = json.loads(run("-m", "tests.bench.freezing", env=env).splitlines()[-1])
            yield env, scene


@contextmanager
def databases(env: dict[str, str], names: tuple[str, str] = ("bench_portal", "bench_floor")) -> Iterator[None]:
    """Two fresh databases of those names on a PostgreSQL server, when one is lent."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield
        return
    import psycopg2

    base = server.rsplit("/", 1)[0]
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
        env["DATABASE_URL"], env["FLOOR_DATABASE_URL"] = (f"{base}/{name}" for name in names)
        try:
            yield
        finally:
            for name in names:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    connection.close()


@dataclass(frozen=True)
class Stand:
    """The portal and the floor of one size, served: their ports, and the portal's jobs with their sessions."""

    size: int
    portal: int
    floor: int
    jobs: dict[str, dict[str, Any]]
    sessions: dict[str, str]
    standing: dict[str, tuple[float, int]]


@contextmanager
def stand(size: int) -> Iterator[Stand]:
    with (
        filled(size) as (env, scene),
        serving("bethune_smartcity.wsgi:application", env) as portal,
        serving("tests.bench.floor.wsgi:application", env) as floor,
    ):
        jobs = {job["name"]: job for job in scene["jobs"]}
        yield Stand(size, portal, floor, jobs, scene["sessions"], scene.get("standing", {}))


class Lane:
    """One job of one size, beside its floor, one pair of visits after the other."""

    def __init__(self, stand: Stand, name: str) -> None:
        self.job, self.size = stand.jobs[name], 0
        self.portal = Visitor(stand.portal, stand.sessions.get(self.job["who"]))
        self.floor = Visitor(stand.floor)
        self.ours: list[float] = []
        self.theirs: list[float] = []
        if self.job["fields"] is not None:
            self.portal.learn_token(self.job["form"])

    def visit(self, step: int) -> None:
        fields = at_step(self.job["fields"], step + 3 + WARMING)
        took, self.size = self.portal.visit(self.job["path"], fields)
        base, _size = self.floor.visit(self.job["floor"], {"value": str(step)} if fields is not None else None)
        if step >= 0:
            self.ours.append(took)
            self.theirs.append(base)

    def figures(self, smallest: "Lane") -> Figures:
        return Figures(
            ratio=_median_ratio(self.ours, self.theirs),
            growth=_median_ratio(self.ours, smallest.ours),
            median=statistics.median(self.ours),
            p95=statistics.quantiles(self.ours, n=20)[-1],
            floor=statistics.median(self.theirs),
            statements=self.job["statements"],
            rows=self.job["rows"],
            size=self.size,
        )


def _median_ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def measure(name: str, stands: list[Stand]) -> list[Figures]:
    """One job at every size and its floors, in turn: what slows the machine down for a while slows all of them."""
    lanes = [Lane(each, name) for each in stands]
    for step in range(-3, PAIRS if name != "CSV" else max(5, PAIRS // 8)):
        for lane in lanes:
            lane.visit(step)
    return [lane.figures(lanes[0]) for lane in lanes]


def verdict(job: dict[str, Any], figures: Figures, smallest: Figures) -> str:
    """What this job misses, in words; empty when it holds all its bounds."""
    missed = []
    if job["limit"] and figures.ratio > job["limit"]:
        missed.append(f"ratio over {job['limit']:g}")
    if figures.statements > job["most"]:
        missed.append(f"over {job['most']} statements")
    if job["name"] != "CSV":
        if figures.statements != smallest.statements:
            missed.append("statements grow")
        if figures.growth > GROWTH:
            missed.append(f"time grows {figures.growth:.2f}×")
        if figures.rows > 4 * job["rows_shown"]:
            missed.append(f"a statement reads {figures.rows} rows")
    return ", ".join(missed)


HEAD = ("job", "N", "ratio", "growth", "median ms", "p95 ms", "floor ms", "stmts", "rows", "bytes")
WIDTHS = (24, 6, 8, 8, 11, 9, 10, 7, 7, 9)


def line(*cells: str) -> str:
    """One line of the table: names to the left, figures to the right."""
    figures = "".join(f"{cell:>{width}}" for cell, width in zip(cells[1:], WIDTHS[1:], strict=True))
    return f"{cells[0]:<{WIDTHS[0]}}{figures}"


def row(name: str, size: int, found: Figures) -> str:
    times = (f"{value:.2f}" for value in (found.ratio, found.growth, found.median, found.p95, found.floor))
    return line(name, str(size), *times, str(found.statements), str(found.rows), str(found.size))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def told_standing(stand: Stand) -> bool:
    """Say what the standing of a call of that size takes. Returns whether it takes more than it may."""
    for what, (spent, statements) in stand.standing.items():
        words = {"read": "standing, sheets read", "locked": "standing, locked and frozen"}[what]
        over = f"  over {STANDING} ms" if what == "read" and spent > STANDING else ""
        say(f"{words:<32}{stand.size:>6}{spent:9.1f} ms{statements:6} statements{over}")
    return stand.standing["read"][0] > STANDING


def main() -> None:
    say(line(*HEAD))
    misses = 0
    with ExitStack() as served:
        stands = [served.enter_context(stand(size)) for size in SIZES]
        for name in filter(ONLY.match, stands[0].jobs):
            found = measure(name, stands)
            for each, figures in zip(stands, found, strict=True):
                note = verdict(each.jobs[name], figures, found[0])
                misses += bool(note)
                say(f"{row(name, each.size, figures)}  {note}".rstrip())
    for each in stands if ONLY.match("standing") else ():
        misses += told_standing(each)
    for name, spent, most in arithmetic.lines() if ONLY.match("arithmetic") else ():
        misses += spent > most
        say(f"{name:<32}{spent:9.1f} ms{f'  over {most} ms' if spent > most else ''}")
    say("Every bound holds." if not misses else f"{misses} line(s) miss a bound.")


if __name__ == "__main__":
    main()
