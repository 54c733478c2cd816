"""What the tests of writing share: one portal for a module, and its writers."""

import pytest

from .demo import browser, demo_server
from .desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory, shared):
    folder = tmp_path_factory.mktemp("portal")
    with demo_server(folder, shared) as address, browser() as chromium:
        yield Desk(folder, address, chromium)


@pytest.fixture(autouse=True)
def _pages_closed(request):
    """A page left open goes on telling the portal where its person is."""
    yield
    if "desk" in request.fixturenames:
        for context in request.getfixturevalue("desk").chromium.contexts:
            context.close()
