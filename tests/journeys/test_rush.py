"""Everyone submits at the last moment, to a server of two workers: who sent in time is in, once; who did not is not."""

import asyncio
import json
import time
from dataclasses import replace

import pytest

from tests import lent
from tests.bench.rush import Sent, early_instants, faults, late_instants, rush
from tests.bench.servers import run, serving
from tests.once import copy_portal, empty_portal, environment

from .portal import Portal

# The last leaves a second before the close: a machine that has much to do lets none leave after it.
PEOPLE, LATE, SECONDS = 150, 8, 8


@pytest.fixture
def empty(shared, tmp_path):
    """A folder with an empty portal of its own."""
    copy_portal(empty_portal(shared), tmp_path)
    yield tmp_path
    lent.forget(tmp_path)


def crowd(env, *command):
    return json.loads(run("-m", "tests.bench.crowd", *command, env=env).splitlines()[-1])


@pytest.mark.long
def test_of_those_who_send_in_the_last_seconds_none_is_lost_nor_in_twice_and_after_the_grace_nobody_is(empty):
    env = environment(empty)
    scene = crowd(env, "make", str(PEOPLE + LATE), "3600")
    early, late = scene["people"][:PEOPLE], scene["people"][PEOPLE:]
    with serving("bethune_smartcity.wsgi:application", env) as port:
        close = crowd(env, "close", str(SECONDS + 3))["closes_at"]
        sent = asyncio.run(rush(port, early, early_instants(close - 1, PEOPLE, SECONDS)))
        Portal(empty, lent.REDIS_URL, is_demo=True).acts(f"forward:{scene['grace'] // 60 + 1}")
        sent += asyncio.run(rush(port, late, late_instants(max(close, time.time()), LATE)))
    assert sum(one.at < close for one in sent) == PEOPLE
    assert faults(sent, crowd(env, "tell"), close) == []


IN = Sent("/1/", 9.0, 0.1, 302, "/1/recepisse/")
OUT = Sent("/2/", 11.0, 0.1, 409, "")
KEPT = {"/1/": {"number": "A-1", "versions": 1, "receipts": 1}, "/2/": {"number": None, "versions": 0, "receipts": 0}}


@pytest.mark.parametrize(
    ("sent", "became", "last", "count"),
    [
        ([IN, OUT], {}, 1, 0),
        ([IN, OUT], {"/1/": KEPT["/2/"]}, 0, 1),
        ([IN, OUT], {"/1/": KEPT["/1/"] | {"versions": 2}}, 1, 1),
        ([IN, OUT], {"/1/": KEPT["/1/"] | {"receipts": 0}}, 1, 1),
        ([IN, OUT], {"/2/": KEPT["/1/"]}, 1, 2),
        ([IN, OUT], {"/2/": KEPT["/1/"] | {"number": "A-2"}}, 2, 1),
        ([IN, OUT], {}, 2, 1),
        ([replace(IN, status=0, to=""), OUT], {}, 1, 1),
        ([IN, replace(OUT, status=302, to="/2/recepisse/")], {}, 1, 1),
    ],
    ids=["well", "lost", "twice", "unsaid", "one number for two", "late", "a gap", "unanswered", "late and told in"],
)
def test_what_goes_wrong_in_a_rush_is_told(sent, became, last, count):
    told = {"became": KEPT | became, "broken": [], "last_number": last}
    assert len(faults(sent, told, 10.0)) == count
