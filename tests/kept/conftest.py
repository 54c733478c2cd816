"""What the tests of the kept pages share."""

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import changes
from bethune_smartcity.core.framed import Middle
from bethune_smartcity.core.kept import KeptPages

from .scenery import planted


@pytest.fixture(autouse=True)
def kept(settings, db):
    """Pages are kept, and none is at the beginning."""
    settings.PAGES_KEPT_FOR = 60
    for cache in caches.all(initialized_only=False):
        cache.clear()
    changes.forget()
    with translation.override("fr"):
        yield


@pytest.fixture
def texts(monkeypatch):
    """Every text handed to the cache of pages, whole pages and middles, in the order it was kept."""
    found, keep = [], KeptPages.set

    def note(pages, key, kept, seconds):
        found.append("".join(kept.pieces) if isinstance(kept, Middle) else kept.body.decode())
        keep(pages, key, kept, seconds)

    monkeypatch.setattr(KeptPages, "set", note)
    return found


@pytest.fixture
def drawn(django_assert_max_num_queries):
    """Whether a request draws its page: `drawn(lambda: client.get("/"))`. What is kept asks the database nothing."""

    def ask(visit):
        with django_assert_max_num_queries(100) as counted:
            visit()
        return bool(len(counted))

    return ask


@pytest.fixture
def address():
    """The address of a page, in French."""

    def find(name, **kwargs):
        with translation.override("fr"):
            return reverse(name, kwargs=kwargs)

    return find


@pytest.fixture
def world():
    """A person, what only they are shown, and what stands in the addresses of the kept pages."""
    return planted()
