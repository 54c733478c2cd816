"""The showcase's list, read by statements made once, is what the queries say it is."""

import pytest

from bethune_smartcity.core import clock
from pillars.models import Pillar
from pillars.queries import all_chips
from projects import queries
from projects.showcase import Found, project_to_read
from tests.factories.accounts import UserFactory
from tests.factories.projects import project

pytestmark = pytest.mark.django_db

CULTURE = "loisir-culture"
FILTERS = [
    {},
    {"pillar": CULTURE},
    {"stage": "trial"},
    {"pillar": CULTURE, "stage": "trial"},
    {"pillar": "no-such"},
]


@pytest.fixture
def some():
    """Six projects under two pillars, in two stages, some of them on the map, and one that the city does not show."""
    culture, other = Pillar.objects.get(slug=CULTURE), Pillar.objects.exclude(slug=CULTURE).first()
    made = [
        project(
            state="trial" if n % 3 else "framing",
            name=f"Essai {n} {'quai' if n % 2 else 'place'}",
            slug=f"essai-{n}",
            pillar=culture if n % 2 else other,
            latitude=50.53 if n % 3 else None,
            longitude=2.64 if n % 3 else None,
        )
        for n in range(6)
    ]
    return [*made, project(name="Tu", slug="tu", is_public=False, pillar=culture)]


def expected(filters, words):
    shown = queries.search(queries.public_projects(), words)
    if "pillar" in filters:
        shown = shown.filter(pillar__slug=filters["pillar"])
    return shown.filter(state=filters["stage"]) if "stage" in filters else shown


@pytest.mark.parametrize("words", ["", "quai"])
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_each_set_of_filters_finds_what_the_query_finds(some, filters, words, django_assert_max_num_queries):
    every = list(expected(filters, words))
    standing = list(queries.placed(expected(filters, words)))
    found = Found(all_chips(), words, filters)
    with django_assert_max_num_queries(4):
        assert found.count() == len(every)
        assert found[0:4] == every[:4]
        assert found[4:12] == every[4:12]
        assert found.marks() == standing
    with django_assert_max_num_queries(1):
        assert [one.pillar.slug for one in found[0:12]] == [one.pillar.slug for one in every]


def test_the_page_of_a_project_opens_to_those_who_may_see_it(some):
    hidden, shown = some[-1], some[0]
    agent = UserFactory(is_agent=True)
    for user in (UserFactory(), agent):
        visible = queries.visible_projects(user, clock.now())
        assert project_to_read(user, shown.slug) == shown
        assert project_to_read(user, hidden.slug) == visible.filter(slug=hidden.slug).first()
    assert project_to_read(UserFactory(), "no-such") is None
