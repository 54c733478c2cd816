"""The worker for real: it sends each reminder once, and its absence changes nothing about the deadline."""

import os
import time

from .portal import Portal

PATIENCE = 30
# The embedded broker, or the Redis lent to this run: `make test` makes one run of each.
REDIS_URL = os.environ.get("TEST_REDIS_URL", "")


def mails_to(portal, address):
    """The mails to an address, once one has arrived or the time is up."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = [mail for mail in portal.mails() if f"To: {address}" in mail]
        if found:
            return found
        time.sleep(0.2)
    return []


def test_each_reminder_arrives_once_and_a_stopped_worker_lets_nobody_in(tmp_path):
    portal = Portal(tmp_path, REDIS_URL)
    _created, first = portal.acts("create", "draft:1")
    with portal.worker():
        portal.acts("sweep")
        assert len(mails_to(portal, first["address"])) == 1, (tmp_path / "worker.log").read_text()
        second, _asked = portal.acts("draft:2", "sweep")
        assert len(mails_to(portal, second["address"])) == 1

    assert len(portal.mails()) == 2
    messages, late = portal.acts("outcome", f"submit_late:{first['submission']}")
    assert messages == {"states": ["sent", "sent"], "count": 2}
    assert late == {"status": 409, "tells": True, "state": "draft", "number": None}
