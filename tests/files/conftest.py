"""Each document is looked at anew: that is what these tests are about."""

import pytest


@pytest.fixture(autouse=True)
def inspector():
    """In the place of the one that remembers."""
