"""The cache of the tests keeps to itself, and the portal's own has room for a crowd."""

from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.test import override_settings
from kombu import Connection

from bethune_smartcity.settings.base import broker
from bethune_smartcity.settings.base import caches as portal_caches
from tests.caches import OwnKeys
from tests.lent import REDIS_URL, forget_keys


@pytest.mark.skipif(not REDIS_URL, reason="no TEST_REDIS_URL: nothing is shared")
def test_a_cleared_cache_leaves_what_others_keep():
    mine, theirs = (OwnKeys(REDIS_URL, {"KEY_PREFIX": prefix}) for prefix in ("mine", "theirs"))
    mine.set("count", 1)
    theirs.set("count", 2)
    assert mine.clear()
    assert (mine.get("count"), theirs.get("count")) == (None, 2)
    theirs.clear()


@pytest.mark.skipif(not REDIS_URL, reason="no TEST_REDIS_URL: nothing is shared")
def test_portals_that_share_a_server_neither_read_nor_wake_one_another(tmp_path):
    """Each has its own prefix: what one keeps or queues the other does not find."""
    names = ("mine", "theirs")

    @contextmanager
    def queue_of(name):
        address, options = broker(REDIS_URL, tmp_path, name)
        with Connection(address, transport_options=options) as connection, connection.SimpleQueue("wake") as queue:
            yield queue

    for name in names:
        with override_settings(CACHES=portal_caches(REDIS_URL, name)):
            assert caches["default"].add("count", name)
        with queue_of(name) as queue:
            queue.put(name)
    for name in names:
        with queue_of(name) as queue:
            assert queue.get(block=False).payload == name
            with pytest.raises(queue.Empty):
                queue.get(block=False)
        forget_keys(f"{name}:")


def test_without_a_server_a_crowd_does_not_drop_a_count():
    with override_settings(CACHES=portal_caches(None)):
        counts = caches["default"]
        counts.add("limit", 3)
        for n in range(2000):
            counts.add(f"crowd:{n}", 0)
        assert counts.get("limit") == 3
