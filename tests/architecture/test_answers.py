"""Every address × persona has one expected answer."""

from fnmatch import fnmatchcase

import pytest
from django.core.cache import cache

from tests.scene import PERSONAS

from .asking import FEW, METHODS, ROUTES, ask, built_once, expected, is_back_office, params, table, told

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    with built_once(django_db_blocker) as built:
        yield built


@pytest.fixture(autouse=True)
def _no_limits_reached():
    cache.clear()


def askers(route):
    """Which method to ask with, as whom: each persona, unless everyone gets the same answer."""
    row = expected(route)
    if not is_back_office(route):
        alike = {method: row is not None and len(set(row[method].values())) == 1 for method in METHODS}
        return [(method, who) for method in METHODS for who in (FEW if alike[method] else PERSONAS)]
    return [("get", who) for who in (("agent", "admin") if route.endswith(("/change/", ">/")) else ("agent",))]


@pytest.mark.parametrize("route", params(ROUTES))
def test_every_address_answers_each_persona_as_expected(scene, route):
    path, row = scene.path(route), expected(route)
    found = {(method, who): told(ask(scene, who, method, path)[0]) for method, who in askers(route)}
    cells = [" ".join(found[asked] for asked in found if asked[0] == method) for method in METHODS]
    shown = " | ".join([route, *cells])
    assert row, f"This address has no row in answers.txt. It answers: {shown}"
    wrong = {asked: answer for asked, answer in found.items() if answer not in row[asked[0]][asked[1]].split("/")}
    assert not wrong, f"Expected otherwise: {row}"


def test_no_row_of_the_table_is_about_an_address_that_is_gone():
    assert not [p for p in table() if p not in ROUTES and not any(fnmatchcase(route, p) for route in ROUTES)]
