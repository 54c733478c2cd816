"""The worker for real: it sends each reminder once, and its absence changes nothing about the deadline."""

import time

import pytest

from tests import lent
from tests.lent import REDIS_URL
from tests.once import copy_portal, empty_portal

from .killing import Run
from .portal import Portal

PATIENCE = 90


def mails_to(portal, address):
    """The mails to an address, once one has arrived or the time is up."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = [mail for mail in portal.mails() if f"To: {address}" in mail]
        if found:
            return found
        time.sleep(0.2)
    return []


def test_each_reminder_arrives_once_and_a_stopped_worker_lets_nobody_in(tmp_path, empty):
    copy_portal(empty, tmp_path)
    portal = Portal(tmp_path, REDIS_URL)
    (first,) = portal.acts("draft:1")
    with portal.worker():
        portal.acts("sweep")
        assert len(mails_to(portal, first["address"])) == 1, (tmp_path / "worker.log").read_text()
        second, _asked = portal.acts("draft:2", "sweep")
        assert len(mails_to(portal, second["address"])) == 1

    assert len(portal.mails()) == 2
    messages, late = portal.acts("outcome", f"submit_late:{first['submission']}")
    assert messages == {"states": ["sent", "sent"], "count": 2}
    assert late == {"status": 409, "tells": True, "state": "draft", "number": None}


@pytest.fixture
def empty(shared, tmp_path):
    """An empty portal, to be copied into the test's folder."""
    yield empty_portal(shared)
    lent.forget(tmp_path)


def brokers():
    """Files always; Redis where one is lent, which says so when it is not."""
    missing = pytest.mark.skipif(not REDIS_URL, reason="no TEST_REDIS_URL: the same with Redis is not tried")
    return [pytest.param("", id="files"), pytest.param(REDIS_URL, id="redis", marks=missing)]


@pytest.mark.long
@pytest.mark.parametrize("redis_url", brokers())
def test_of_a_thousand_reminders_none_is_lost_and_only_what_a_dying_worker_held_comes_twice(tmp_path, redis_url, empty):
    run = Run(tmp_path, redis_url, empty, number=1000, kills=(100, 250, 400, 600, 800))
    run.go()
    assert len(run.boxes()) == 1000
    twice = {key for key, times in run.arrived().items() if times > 1}
    assert len(twice) >= 1
    assert twice <= run.in_hand, "a copy of what no dying worker held"
    assert len(run.in_hand) <= 2 * 5, "a worker holds one message for each of its two threads"
    # A copy carries the name of the first: as many names as readers, and one for the code that left last.
    assert len(run.arrived()) == 1000 + 1
    assert run.sink.offered // 7 > 100, "the server cut"
    assert run.faults == []


@pytest.mark.long
@pytest.mark.parametrize("redis_url", brokers())
def test_without_the_sweep_reminders_are_lost(tmp_path, redis_url, empty):
    """The control of the one before: with the rounds switched off, what dead workers held and left never leaves."""
    run = Run(tmp_path, redis_url, empty, number=60, kills=(20,))
    run.go(sweeps_on=False)
    assert len(run.boxes()) < 60
    assert run.in_hand
