"""What the tests of the portal's own pages share."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture(autouse=True)
def _no_figures_kept():
    """Figures of a call are kept for an hour; each test counts its own."""
    cache.clear()


@pytest.fixture(autouse=True)
def _in_french():
    """A request leaves its language behind, and what is written next would be written in it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def address():
    """The address of a page in a language: `address("portal:home", "de")`."""

    def find(name, language="fr", **kwargs):
        with translation.override(language):
            return reverse(name, kwargs=kwargs)

    return find
