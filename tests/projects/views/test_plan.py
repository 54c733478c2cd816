"""The map: true distances, nothing hidden behind anything, nothing beyond its edges."""

from dataclasses import dataclass
from decimal import Decimal
from math import hypot

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from projects.views.plan import NEAR, SCALES, from_centre, plan_of
from tests.factories import projects as make

from .test_pages import SHOWCASE, read, statements

CENTRE = settings.MAP_CENTRE


@dataclass(frozen=True)
class Place:
    pk: int
    latitude: Decimal | None
    longitude: Decimal | None


def places(*offsets):
    """Places at (degrees north, degrees east) of the centre."""
    return [
        Place(n, Decimal(str(round(CENTRE[0] + north, 5))), Decimal(str(round(CENTRE[1] + east, 5))))
        for n, (north, east) in enumerate(offsets)
    ]


def test_a_degree_north_is_a_hundred_and_eleven_kilometres():
    east, north = from_centre(CENTRE[0] + 0.01, CENTRE[1] + 0.01)
    assert north == pytest.approx(1.112, abs=0.001)
    assert east == pytest.approx(0.707, abs=0.001)


def test_no_place_makes_no_map_and_the_other_end_of_the_world_is_left_out():
    assert plan_of([Place(1, None, None)]) is None
    assert plan_of(places((80, -100))) is None
    assert plan_of(places((0, 0), (80, -100))).left_out == 1


def test_the_smallest_scale_that_holds_all_is_taken():
    near, far = plan_of(places((0, 0))), plan_of(places((0, 0), (0.05, 0)))
    assert near.ground.bar[1] == SCALES[0] / 4
    assert far.ground.bar[1] > near.ground.bar[1]


@given(st.lists(st.tuples(st.floats(-0.09, 0.09), st.floats(-0.09, 0.09)), min_size=1, max_size=30))
def test_marks_stand_inside_and_those_that_moved_say_from_where(offsets):
    plan = plan_of(places(*offsets))
    if plan is None:
        return
    for mark in plan.marks:
        assert 0 <= mark.true_x <= 100
        assert 0 <= mark.true_y <= 100
        assert 0 <= mark.x <= 100
        assert 0 <= mark.y <= 100
    assert len(plan.marks) + plan.left_out == len(offsets)


def test_the_town_lies_under_the_projects_at_its_scale_and_another_city_may_leave_it_empty(settings):
    near, far = plan_of(places((0, 0))), plan_of(places((0, 0), (0.05, 0)))
    assert {"water", "basin", "ring", "rail"} <= {trait.kind for trait in near.ground.town}
    assert near.ground.town[0].points != far.ground.town[0].points
    assert all(8 <= trait.name.x <= 92 for trait in near.ground.town if trait.name)
    settings.MAP_DRAWING = ()
    assert plan_of(places((0, 0))).ground.town == []


def test_two_projects_at_one_place_are_both_seen():
    first, second, third = plan_of(places((0, 0), (0, 0), (0, 0))).marks
    assert not first.is_aside
    for one, other in ((first, second), (first, third), (second, third)):
        assert hypot(one.x - other.x, one.y - other.y) >= NEAR - 0.2


@pytest.mark.django_db
def test_the_map_and_the_list_beside_it_say_the_same(client):
    for n in range(3):
        make.project(name=f"Projet placé {n}", latitude=Decimal("50.53"), longitude=Decimal("2.64"), state="trial")
    make.project(name="Sans lieu")
    text = read(client, SHOWCASE)
    assert text.count("plan__mark") == 3
    for n in range(3):
        assert f'aria-label="Projet placé {n} – ' in text
    listed = text.split('class="map-list"')[1].split("</ol>")[0]
    assert listed.count("Projet placé") == 3
    assert "Sans lieu" not in listed
    assert "plan__mark" not in read(client, SHOWCASE + "?stage=deployed")
    assert "style=" not in text


@pytest.mark.django_db
def test_numbers_of_the_drawing_are_those_of_machines_in_every_language(client):
    make.project(latitude=Decimal("50.53611"), longitude=Decimal("2.64123"))
    for prefix in ("", "/de", "/nl", "/en"):
        drawn = read(client, prefix + SHOWCASE).split('class="plan"')[1].split("</svg>\n  <figcaption")[0]
        for attribute in drawn.split('="')[1:]:
            value = attribute.split('"')[0]
            if value.endswith("%"):
                assert float(value[:-1]) >= 0


@pytest.mark.django_db
def test_the_showcase_asks_as_much_for_a_hundred_projects_as_for_one(client):
    def grow(n):
        for _n in range(n):
            made = make.project(latitude=Decimal("50.53"), longitude=Decimal("2.64"))
            make.milestone(made)

    grow(1)
    make.photo(make.project())
    counts = [statements(client, SHOWCASE)]
    for more in (2, 97):
        grow(more)
        counts.append(statements(client, SHOWCASE))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


@pytest.mark.django_db
def test_a_page_asks_as_much_for_many_photographs_as_for_one(client):
    project = make.project()
    make.dossier(project)
    counts = set()
    # What a process asks once for its life, when it runs alone.
    client.get(project.get_absolute_url())
    for _n in range(3):
        make.photo(project)
        counts.add(tuple(statements(client, project.get_absolute_url() + page) for page in ("", "dossier/")))
    assert len(counts) == 1
