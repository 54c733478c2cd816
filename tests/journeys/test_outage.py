"""Everything stops at once, in processes of their own: the scheduler for two days, then the mail server for an hour and
the memory of the broker, before two schedulers and two workers go on. Each is reminded once, nobody past the date.
"""

import time
from collections import Counter

import pytest

from tests import lent
from tests.once import copy_portal, empty_portal
from tests.sink import Sink, listening

from .portal import Portal, end
from .test_worker import brokers

pytestmark = pytest.mark.long
DRAFTS, LATE = 40, 10
TWO_DAYS, AN_HOUR, A_WHILE = 2 * 24 * 60, 60, 5
# Seconds to wait for what workers do.
PATIENCE = 90


@pytest.fixture
def empty(shared, tmp_path):
    """An empty portal, to be copied into the test's folder."""
    yield empty_portal(shared)
    lent.forget(tmp_path)


def until(holds, act, sink):
    """Let two schedulers go round, two minutes apart, until it `holds`."""
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, f"{len(sink.taken)} mails"
        rounds(act, 2)
        time.sleep(0.5)


def rounds(act, minutes):
    """So many minutes go by, and two schedulers ask for a round each.

    None goes by while a worker has a message in hand: after ten of them it counts as dead, and another takes it.
    """
    limit = time.monotonic() + PATIENCE
    while act("claimed"):
        assert time.monotonic() < limit, "a worker keeps a message"
        time.sleep(0.1)
    act(f"forward:{minutes}")
    act("sweep")
    act("sweep")


def an_hour_away(act, sink):
    """The mail server hangs up for an hour, in which the broker forgets what it was asked."""
    sink.is_away = True
    for passed in range(0, AN_HOUR, A_WHILE):
        rounds(act, A_WHILE)
        if passed == AN_HOUR // 2:
            act("flush")
        time.sleep(0.5)
    limit = time.monotonic() + PATIENCE
    while not sink.calls and time.monotonic() < limit:
        rounds(act, 1)
        time.sleep(0.5)
    sink.is_away = False


@pytest.mark.parametrize("redis_url", brokers())
def test_after_everything_stopped_each_is_reminded_once_and_nobody_late(tmp_path, redis_url, empty):
    copy_portal(empty, tmp_path)
    with listening(Sink(keeps_text=False)) as sink:
        portal = Portal(tmp_path, redis_url, email_url=f"smtp://127.0.0.1:{sink.port}", is_demo=True)
        with portal.conductor() as act:
            act("flush")
            act(f"drafts:{DRAFTS}")
            # Due four hours ago, and closed before anyone goes round again.
            act(f"drafts:{LATE}:20:late")
            act(f"forward:{TWO_DAYS}")
            workers = [portal.start_worker(), portal.start_worker()]
            try:
                an_hour_away(act, sink)
                assert not sink.taken
                assert sink.calls
                until(lambda: len(sink.taken) >= DRAFTS, act, sink)
                for _n in range(3):
                    rounds(act, A_WHILE)
                    time.sleep(1)
                faults, outcome = act("faults"), act("outcome")
            finally:
                for worker in workers:
                    end(worker)
                act("flush")
    times = Counter(mail.to for mail in sink.taken)
    assert set(times) == {f"p{n}@town.example" for n in range(DRAFTS)}
    assert set(times.values()) == {1}
    assert faults == []
    assert outcome == {"states": ["sent"] * DRAFTS, "count": DRAFTS}
