"""`make mails`: a ladder written to many, drained by one worker, then rounds with nothing due among many rows.

Variables: MAILS_DRAFTS (10000), MAILS_ROWS (1000000 sent, and as many shown in the portal alone), TEST_DATABASE_URL (a
PostgreSQL server to measure on instead of SQLite; the databases `mails_portal` and `mails_floor` are made there and
dropped). It fails when a bound is missed.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.sink import Sink, listening

from .__main__ import databases, environment, say
from .servers import run

DRAFTS, ROWS = (
    int(os.environ.get(name, usual)) for name, usual in (("MAILS_DRAFTS", "10000"), ("MAILS_ROWS", "1000000"))
)
# Seconds: a ladder for 10,000 drafts, as many messages drained, a round with nothing due.
LADDER, DRAIN, IDLE = 5.0, 300.0, 0.020


def act(env: dict[str, str], *words: str) -> Any:
    return json.loads(run("-m", "tests.bench.mailroom", *words, env=env).splitlines()[-1])


def told(name: str, found: dict[str, Any], bound: float) -> bool:
    """Print what an act took. Whether it held its bound, in seconds of the clock."""
    holds = bool(found["seconds"] <= bound)
    figures = f"{found['seconds']:.3f} s, {found['cpu']:.3f} s of processor, {found['statements']} statements"
    say(f"{name}: {figures}{'' if holds else f'  over {bound:g} s'}")
    return holds


def measured(env: dict[str, str]) -> list[bool]:
    ladder = act(env, "ladder", str(DRAFTS))
    held = [told(f"a step written to {ladder['messages']} drafts", ladder, LADDER * max(1, DRAFTS / 10000))]
    with listening(Sink(keeps_text=False)) as sink:
        drained = act(env, "drain", str(sink.port))
    names = {one.name for one in sink.taken}
    held.append(told(f"{len(names)} mails drained by one worker", drained, DRAIN * max(1, DRAFTS / 10000)))
    if not len(sink.taken) == len(names) == ladder["messages"]:
        say(f"{ladder['messages']} messages written, {len(sink.taken)} mails taken, {len(names)} different ones")
        held.append(False)
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
