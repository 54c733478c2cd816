"""The pillars, and what goes on under each."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.queries.pillars import READINGS_SHOWN
from pillars.models import Indicator, Objective, Pillar, Reading
from pillars.queries import place_pillars, with_pillar_keys
from tests.factories import projects
from tests.factories.calls import CallFactory
from tests.factories.news import article

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
    assert int(shown.baseline.value) == 1000 - READINGS_SHOWN - 2
    assert (shown.trend.change, shown.trend.is_better) == (READINGS_SHOWN + 2, True)
    assert (empty.latest, empty.baseline, empty.trend) == ([], None, None)


@pytest.mark.parametrize(
    ("values", "rising", "told"),
    [
        ((10, 4), False, "mieux qu’au départ"),
        ((10, 4), True, "moins bien qu’au départ"),
        ((4, 4), True, "comme au départ"),
        ((4,), True, "Premier relevé"),
    ],
)
def test_an_indicator_says_in_words_which_way_it_went(client, address, pillar, values, rising, told):
    indicator = Indicator.objects.create(pillar=pillar, name="Trajets", unit="trajets", rising_is_better=rising)
    for rank, value in enumerate(values):
        Reading.objects.create(indicator=indicator, day=clock.today() - timedelta(days=9 - rank), value=value)
    assert told in client.get(address("portal:pillar", slug=pillar.slug)).text


def test_a_pillar_asks_as_much_whatever_it_holds(client, address, pillar, django_assert_max_num_queries):
    counts = []
    other = Pillar.objects.get(slug="loisir-culture")
    for wanted in (1, 3, 30):
        Objective.objects.create(pillar=pillar, text="Relier les quartiers")
        CallFactory(pillars=[pillar, other])
        article(pillar.hook, other.hook)
        projects.project(pillar=pillar)
        for n in range(pillar.indicators.count(), wanted):
            indicator = Indicator.objects.create(pillar=pillar, name=f"Indicateur {n}", unit="%")
            Reading.objects.bulk_create(
                Reading(indicator=indicator, day=clock.today() - timedelta(days=days), value=days) for days in range(9)
            )
        with django_assert_max_num_queries(8) as asked:
            client.get(address("portal:pillar", slug=pillar.slug))
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_what_is_under_a_pillar_says_which_others_it_bears_on(client, address, pillar):
    other = Pillar.objects.get(slug="loisir-culture")
    CallFactory(pillars=[other, pillar])
    article(other.hook, pillar.hook)
    article(pillar.hook)
    shown = context(client, address, pillar)
    assert [list(call.pillars.all()) for call in shown["calls"]] == [[pillar, other]]
    assert [list(one.pillars.all()) for one in shown["news"]] == [[pillar], [pillar, other]]
    first = client.get(address("portal:home")).context["news"]
    assert [list(one.pillars.all()) for one in first] == [[pillar], [pillar, other]]


def test_what_bears_on_no_pillar_has_none():
    article()
    (alone,) = rows = list(with_pillar_keys(Article.objects.all()))
    place_pillars(rows, Pillar.objects.all())
    assert list(alone.pillars.all()) == []


def test_a_vision_is_prose_and_never_markup(client, address, pillar):
    pillar.vision = "Relier **la ville** <script>x</script>"
    pillar.save()
    page = client.get(address("portal:pillar", slug=pillar.slug)).text
    assert "<strong>la ville</strong>" in page
    assert "<script>x" not in page
