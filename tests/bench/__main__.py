"""`make bench`: print the table. Measures at 67 and 6,700 submissions with five sheets each.

Variables: BENCH_SIZES (`67,6700`), BENCH_PAIRS (40 pairs a job), BENCH_ONLY (a pattern of
jobs' names), PAGES_KEPT_FOR (0: public pages are drawn whole), TEST_DATABASE_URL (a PostgreSQL server to measure on
instead of SQLite; the databases `bench_portal` and `bench_floor` are made there and dropped).
"""

import json
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@dataclass(frozen=True)
class Figures:
    """What one job took: milliseconds, the median of paired ratios, statements, rows, bytes."""

    ratio: float
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
        with databases(env):
            loading = env | {"DEMO": "1"}
            run("manage.py", "migrate", "-v0", env=loading)
            run("manage.py", "load_demo", env=loading)
            run("manage.py", "load_volume", str(size), env=loading)
            run("-m", "tests.bench.floor.fill", str(size), env=env)
            env["DEMO"] = "0"
            yield env, json.loads(run("-m", "tests.bench.describe", env=env).splitlines()[-1])


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


def measure(job: dict[str, Any], portal: Visitor, floor: Visitor) -> Figures:
    """One job and its floor in interleaved pairs."""
    ours, theirs, ratios, size = [], [], [], 0
    if job["fields"] is not None:
        portal.learn_token(job["form"])
    pairs = PAIRS if job["name"] != "CSV" else max(5, PAIRS // 8)
    for step in range(-3, pairs):
        fields = at_step(job["fields"], step + 3 + WARMING)
        took, size = portal.visit(job["path"], fields)
        base, _size = floor.visit(job["floor"], {"value": str(step)} if fields is not None else None)
        if step >= 0:
            ours.append(took)
            theirs.append(base)
            ratios.append(took / base)
    return Figures(
        ratio=statistics.median(ratios),
        median=statistics.median(ours),
        p95=statistics.quantiles(ours, n=20)[-1],
        floor=statistics.median(theirs),
        statements=job["statements"],
        rows=job["rows"],
        size=size,
    )


def measured(size: int) -> dict[str, tuple[dict[str, Any], Figures]]:
    with (
        filled(size) as (env, scene),
        serving("bethune_smartcity.wsgi:application", env) as portal,
        serving("tests.bench.floor.wsgi:application", env) as floor,
    ):
        found = {}
        for job in filter(lambda job: ONLY.match(job["name"]), scene["jobs"]):
            visitors = Visitor(portal, scene["sessions"].get(job["who"])), Visitor(floor)
            found[job["name"]] = job, measure(job, *visitors)
        return found


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
        if figures.median > GROWTH * smallest.median:
            missed.append(f"time grows {figures.median / smallest.median:.2f}×")
        if figures.rows > 4 * job["rows_shown"]:
            missed.append(f"a statement reads {figures.rows} rows")
    return ", ".join(missed)


HEAD = ("job", "N", "ratio", "median ms", "p95 ms", "floor ms", "stmts", "rows", "bytes")
WIDTHS = (24, 6, 8, 11, 9, 10, 7, 7, 9)


def line(*cells: str) -> str:
    """One line of the table: names to the left, figures to the right."""
    figures = "".join(f"{cell:>{width}}" for cell, width in zip(cells[1:], WIDTHS[1:], strict=True))
    return f"{cells[0]:<{WIDTHS[0]}}{figures}"


def row(name: str, size: int, found: Figures) -> str:
    times = (f"{value:.2f}" for value in (found.ratio, found.median, found.p95, found.floor))
    return line(name, str(size), *times, str(found.statements), str(found.rows), str(found.size))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    say(line(*HEAD))
    smallest: dict[str, Figures] = {}
    misses = 0
    for size in SIZES:
        for name, (job, found) in measured(size).items():
            note = verdict(job, found, smallest.setdefault(name, found))
            misses += bool(note)
            say(f"{row(name, size, found)}  {note}".rstrip())
    for name, spent, most in arithmetic.lines() if ONLY.match("arithmetic") else ():
        misses += spent > most
        say(f"{name:<32}{spent:9.1f} ms{f'  over {most} ms' if spent > most else ''}")
    say("Every bound holds." if not misses else f"{misses} line(s) miss a bound.")


if __name__ == "__main__":
    main()
