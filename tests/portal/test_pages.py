"""Every public page answers in the four languages, on a full portal and on an empty one."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.portal.legal import SLUGS

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
FIXED = [
    ("portal:home", {}),
    ("portal:pillars", {}),
    ("portal:pillar", {"slug": "mobilite-transport"}),
    ("calls:list", {}),
    *(("portal:legal", {"slug": slug}) for slug in SLUGS),
]


@pytest.fixture(autouse=True)
def _no_figures_kept():
    cache.clear()


def address(name, language, **kwargs):
    with translation.override(language):
        return reverse(name, kwargs=kwargs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "kwargs"), FIXED)
def test_every_page_answers_on_an_empty_portal(client, name, kwargs, language):
    answer = client.get(address(name, language, **kwargs))
    assert answer.status_code == 200
    assert f'lang="{"en-GB" if language == "en" else language}"' in answer.text
    assert answer.text.count("<h1") == 1
