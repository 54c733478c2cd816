"""`make mails`: a ladder written to many, drained by one worker, then rounds with nothing due among many rows.

Variables: MAILS_DRAFTS (10000), MAILS_ROWS (1000000 sent, and as many shown in the portal alone), TEST_DATABASE_URL (a
PostgreSQL server to measure on instead of SQLite; the databases `mails_portal` and `mails_floor` are made there and
dropped). It fails when a bound is missed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.sink import Sink, listening

from .__main__ import databases, environment, say
from .servers import ROOT, run

DRAFTS, ROWS = (
    int(os.environ.get(name, usual)) for name, usual in (("MAILS_DRAFTS", "10000"), ("MAILS_ROWS", "1000000"))
)
# Seconds: a ladder for 10,000 drafts, as many messages drained, a round with nothing due.
LADDER, DRAIN, IDLE = 5.0, 300.0, 0.020
WORKER = ("--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "error")


def act(env: dict[str, str], *words: str) -> Any:
    return json.loads(run("-m", "tests.bench.mailroom", *words, env=env).splitlines()[-1])


def told(name: str, found: dict[str, Any], bound: float, more: str = "") -> bool:
    """Print what an act took. Whether it held its bound, in seconds of the clock."""
    holds = bool(found["seconds"] <= bound)
    more = more or f"{found['statements']} statements"
    figures = f"{found['seconds']:.3f} s, {found['cpu']:.3f} s of processor, {more}"
    say(f"{name}: {figures}{'' if holds else f'  over {bound:g} s'}")
    return holds


@contextmanager
def working(env: dict[str, str]) -> Iterator[dict[str, float]]:
    """One worker until the end of the block, as `serve` starts it. At the end tells the processor's seconds it took."""
    found: dict[str, float] = {}
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "bethune_smartcity", "worker", *WORKER]
    env = os.environ | env | {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        yield found
    finally:
        before = os.times()
        process.terminate()
        process.wait(timeout=60)
        after = os.times()
        found["cpu"] = sum(after[2:4]) - sum(before[2:4])


def drained(env: dict[str, str], messages: int) -> bool:
    """Let a worker send what waits to a mail server of ours. Whether each left, once and in time."""
    bound = DRAIN * max(1, DRAFTS / 10000)
    with listening(Sink(keeps_text=False)) as sink:
        with working(env | {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}) as worker:
            found = act(env, "drain", str(2 * bound))
        names = {one.name for one in sink.taken}
    rounds = f"{found['rounds']} rounds asked for"
    in_time = told(f"{len(names)} mails drained by one worker", found | worker, bound, rounds)
    if len(sink.taken) == len(names) == messages:
        return in_time
    say(f"{messages} messages written, {len(sink.taken)} mails taken, {len(names)} different ones")
    return False


def measured(env: dict[str, str]) -> list[bool]:
    ladder = act(env, "ladder", str(DRAFTS))
    held = [told(f"a step written to {ladder['messages']} drafts", ladder, LADDER * max(1, DRAFTS / 10000))]
    held.append(drained(env, ladder["messages"]))
    idle = act(env, "idle", str(ROWS))
    say(f"/readyz looks in {idle['pulse'] * 1000:.1f} ms")
    return [*held, told(f"a round with nothing due among {idle['rows']} messages", idle, IDLE)]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mails-") as name:
        env = environment(Path(name)) | {"DEMO": "0"}
        with databases(env, ("mails_portal", "mails_floor")):
            run("manage.py", "migrate", "-v0", env=env)
            held = measured(env)
    say("Every bound holds." if all(held) else "A bound is missed.")
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
