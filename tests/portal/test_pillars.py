"""The pillars, and what goes on under each."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.portal.queries.pillars import READINGS_SHOWN
from pillars.models import Indicator, Pillar, Reading
from tests.factories import projects
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pillar():
    return Pillar.objects.get(slug="mobilite-transport")


def context(client, address, pillar):
    return client.get(address("portal:pillar", slug=pillar.slug)).context


def test_the_seven_come_in_their_official_order(client, address):
    shown = client.get(address("portal:pillars")).context["pillars"]
    assert [pillar.name for pillar in shown] == [
        "Mobilité-Transport",
        "Habitat-Environnement",
        "Education-Emploi",
        "Alimentation-consommation",
        "Loisir-culture",
        "Santé-Bien-être",
        "Entraide-Solidarité",
    ]


def test_projects_are_counted_where_the_showcase_shows_them(client, address, pillar):
    projects.project(pillar=pillar)
    projects.project(pillar=pillar, is_public=False)
    projects.project(projects.award(publish_at=clock.now() + timedelta(days=1)), pillar=pillar)
    counts = {p.slug: p.project_count for p in client.get(address("portal:home")).context["pillars"]}
    assert counts.pop(pillar.slug) == 1
    assert set(counts.values()) == {0}


def test_a_pillar_shows_its_own_public_calls_and_projects(client, address, pillar):
    other = Pillar.objects.get(slug="loisir-culture")
    mine = CallFactory(pillars=[pillar, other])
    CallFactory(pillars=[other])
    CallFactory(pillars=[pillar], draft=True)
    ours = projects.project(pillar=pillar)
    projects.project(pillar=other)
    shown = context(client, address, pillar)
    assert shown["calls"] == [mine]
    assert [card.project for card in shown["projects"]] == [ours]


def test_an_indicator_shows_its_last_readings_oldest_first(client, address, pillar):
    indicator = Indicator.objects.create(pillar=pillar, name="Trajets", unit="trajets")
    for days in range(READINGS_SHOWN + 3):
        Reading.objects.create(indicator=indicator, day=clock.today() - timedelta(days=days), value=1000 - days)
    Indicator.objects.create(pillar=pillar, name="Rien", unit="rien")
    shown, empty = context(client, address, pillar)["indicators"]
    assert [int(reading.value) for reading in shown.latest] == list(range(1000 - READINGS_SHOWN + 1, 1001))
    assert len(shown.points) == READINGS_SHOWN
    assert (empty.latest, empty.points) == ([], [])


def test_a_vision_is_prose_and_never_markup(client, address, pillar):
    pillar.vision = "Relier **la ville** <script>x</script>"
    pillar.save()
    page = client.get(address("portal:pillar", slug=pillar.slug)).text
    assert "<strong>la ville</strong>" in page
    assert "<script>x" not in page
