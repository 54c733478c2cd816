"""The cache of the tests keeps to itself, and the portal's own has room for a crowd."""

import os

import pytest
from django.core.cache import caches
from django.test import override_settings

from bethune_smartcity.settings.base import caches as portal_caches
from tests.caches import OwnKeys

REDIS_URL = os.environ.get("TEST_REDIS_URL", "")


@pytest.mark.skipif(not REDIS_URL, reason="no TEST_REDIS_URL: nothing is shared")
def test_a_cleared_cache_leaves_what_others_keep():
    mine, theirs = (OwnKeys(REDIS_URL, {"KEY_PREFIX": prefix}) for prefix in ("mine", "theirs"))
    mine.set("count", 1)
    theirs.set("count", 2)
    assert mine.clear()
    assert (mine.get("count"), theirs.get("count")) == (None, 2)
    theirs.clear()


def test_without_a_server_a_crowd_does_not_drop_a_count():
    with override_settings(CACHES=portal_caches(None)):
        counts = caches["default"]
        counts.add("limit", 3)
        for n in range(2000):
            counts.add(f"crowd:{n}", 0)
        assert counts.get("limit") == 3
