"""`make rush`: everyone submits within the last ten seconds before the close.

Each application is sent at its own instant, whatever the others wait for, to gunicorn with two workers; some come
after the grace. What was sent in time must be in, once, with its version and its receipt; what was not, refused.

Variables: RUSH_PEOPLE (500), RUSH_LATE (20), RUSH_SECONDS (10), TEST_DATABASE_URL (a PostgreSQL server to measure on
instead of SQLite; the databases `rush_portal` and `rush_floor` are made there and dropped).
"""

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .__main__ import databases, environment, say
from .servers import run, serving

PEOPLE, LATE = (int(os.environ.get(name, usual)) for name, usual in (("RUSH_PEOPLE", "500"), ("RUSH_LATE", "20")))
SECONDS = float(os.environ.get("RUSH_SECONDS", "10"))
# What the making of the drafts and the start of the server may take, and the longest anyone waits (seconds).
LEAD, PATIENCE = int(os.environ.get("RUSH_LEAD", "90")), 120
TOKEN = "a" * 32


@dataclass(frozen=True)
class Sent:
    """One application as its sender saw it: when it left, how long the answer took, and its status (0: none)."""

    path: str
    at: float
    took: float
    status: int
    to: str


def request(path: str, session: str) -> bytes:
    body = urlencode({"mandate": "on", "truth": "on", "rules": "on", "csrfmiddlewaretoken": TOKEN})
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept-Language: fr\r\n"
        f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def send(port: int, person: dict[str, str], at: float) -> Sent:
    """Send one application at the instant `at` (Unix time), and read the answer to its end."""
    await asyncio.sleep(max(at - time.time(), 0))
    left = time.time()
    try:
        status, to = await asyncio.wait_for(exchange(port, request(person["path"], person["session"])), PATIENCE)
    except (TimeoutError, OSError, ValueError):
        status, to = 0, ""
    return Sent(person["path"], left, time.time() - left, status, to)


async def exchange(port: int, asked: bytes) -> tuple[int, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    answer = (await reader.read()).partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    writer.close()
    to = next((line.partition(": ")[2] for line in answer if line.lower().startswith("location:")), "")
    return int(answer[0].split()[1]), to


def early_instants(close: float, people: int, seconds: float) -> list[float]:
    """When each of so many leaves (Unix time), within the last `seconds` before `close`; the same at each run."""
    chance = random.Random(2017)
    return [close - chance.uniform(0.05, seconds) for _ in range(people)]


def late_instants(over: float, people: int) -> list[float]:
    """When each of so many leaves, within the two seconds from `over`."""
    chance = random.Random(2018)
    return [over + chance.uniform(0, 2) for _ in range(people)]


async def rush(port: int, people: list[dict[str, str]], instants: list[float]) -> list[Sent]:
    """Let each of `people` send at their instant."""
    return list(await asyncio.gather(*map(send, [port] * len(instants), people, instants)))


def faults(sent: list[Sent], told: dict[str, Any], close: float) -> list[str]:
    """What must not be, in words: in time and not in, in twice, late and in."""
    found = list(told["broken"])
    numbers = Counter(one["number"] for one in told["became"].values() if one["number"])
    found += [f"number {number} was given {n} times" for number, n in numbers.items() if n > 1]
    for one in sent:
        kept = told["became"][one.path]
        expected = (True, 1, 1) if one.at < close else (False, 0, 0)
        if (bool(kept["number"]), kept["versions"], kept["receipts"]) != expected:
            found.append(f"{one.path} left {close - one.at:.2f} s before the close and is {kept}")
        if (one.at < close) != one.to.endswith("/recepisse/"):
            found.append(f"{one.path} left {close - one.at:.2f} s before the close and was answered {one.status}")
    if told["last_number"] != len(numbers):
        found.append(f"{told['last_number']} numbers were given to {len(numbers)} applications")
    return found


def figures(sent: list[Sent], close: float) -> str:
    early = [one for one in sent if one.at < close]
    waits = sorted(one.took for one in early)
    spread = max(one.at + one.took for one in early) - min(one.at for one in early)
    statuses = dict(Counter(one.status for one in sent))
    return (
        f"{len(early)} sent in the last {SECONDS:g} s, {len(sent) - len(early)} after the grace; answers {statuses}; "
        f"{len(early) / spread:.0f} a second; waited median {statistics.median(waits):.2f} s, "
        f"95 % {waits[int(len(waits) * 0.95)]:.2f} s, most {waits[-1]:.2f} s"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="rush-") as name:
        env = environment(Path(name)) | {"DEMO": "0"}
        with databases(env, ("rush_portal", "rush_floor")):
            run("manage.py", "migrate", "-v0", env=env)
            made = run("-m", "tests.bench.crowd", "make", str(PEOPLE + LATE), str(LEAD), env=env)
            scene = json.loads(made.splitlines()[-1])
            with serving("bethune_smartcity.wsgi:application", env) as port:
                if time.time() > scene["closes_at"] - SECONDS:
                    raise SystemExit("the drafts took too long to make: give a longer RUSH_LEAD")
                close = scene["closes_at"]
                instants = early_instants(close, PEOPLE, SECONDS) + late_instants(close + scene["grace"] + 1, LATE)
                sent = asyncio.run(rush(port, scene["people"], instants))
            told = json.loads(run("-m", "tests.bench.crowd", "tell", env=env).splitlines()[-1])
    found = faults(sent, told, scene["closes_at"])
    say(figures(sent, scene["closes_at"]))
    for sentence in found:
        say(sentence)
    say("Everyone in time is in, once; nobody late is." if not found else f"{len(found)} fault(s).")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
