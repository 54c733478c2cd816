"""Every test begins, and leaves, in the portal's own language: a page in English would stay in force after it."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _own_language():
    with translation.override("fr"):
        yield
