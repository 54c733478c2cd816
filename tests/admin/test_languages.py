"""Whoever writes texts sees in which languages they are still missing."""

import pytest

from bethune_smartcity.core.language import missing_languages
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pillar():
    pillar = Pillar.objects.get(slug="mobilite-transport")
    Pillar.objects.filter(pk=pillar.pk).update(
        vision_fr="Bouger autrement.", vision_en="Move otherwise.", vision_de="", vision_nl=None
    )
    pillar.refresh_from_db()
    return pillar


def test_a_text_is_missed_where_it_is_written_in_another_language(pillar):
    assert missing_languages(pillar) == ["de", "nl"]
    pillar.vision_fr = ""
    assert missing_languages(pillar) == ["fr", "de", "nl"]
    pillar.vision_en = ""
    assert missing_languages(pillar) == []


def test_the_list_and_the_page_say_it(client, pillar):
    client.force_login(AgentFactory(language="fr"))
    assert "Deutsch, Nederlands" in client.get("/admin/pillars/pillar/").text
    assert "Pas encore rédigé en" in client.get(f"/admin/pillars/pillar/{pillar.pk}/change/").text
