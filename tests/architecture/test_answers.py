"""Every address × persona has one expected answer."""

from collections import defaultdict
from fnmatch import fnmatchcase

import pytest
from django.core.cache import cache

from tests.scene import PERSONAS

from .asking import FEW, METHODS, ROUTES, ask, built_once, expected, is_back_office, table, told

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


def some_askers(route):
    """One persona for each answer the address is expected to give, another from one address to the next."""
    row, turn = expected(route), ROUTES.index(route)
    if row is None:
        return askers(route)
    alike = defaultdict(list)
    for method in METHODS:
        for who, answer in row[method].items():
            alike[method, answer].append(who)
    return [(method, group[turn % len(group)]) for (method, _answer), group in alike.items()]


def answers(scene, route, asked):
    path, row = scene.path(route), expected(route)
    found = {(method, who): told(ask(scene, who, method, path)[0]) for method, who in asked}
    cells = [" ".join(found[each] for each in found if each[0] == method) for method in METHODS]
    shown = " | ".join([route, *cells])
    assert row, f"This address has no row in answers.txt. It answers: {shown}"
    wrong = {each: answer for each, answer in found.items() if answer not in row[each[0]][each[1]].split("/")}
    assert not wrong, f"Expected otherwise: {row}"


@pytest.mark.parametrize("route", [route for route in ROUTES if not is_back_office(route)])
def test_every_address_answers_as_expected(scene, route):
    answers(scene, route, some_askers(route))


@pytest.mark.long
@pytest.mark.parametrize("route", ROUTES)
def test_every_address_answers_each_persona_as_expected(scene, route):
    answers(scene, route, askers(route))


def test_no_row_of_the_table_is_about_an_address_that_is_gone():
    assert not [p for p in table() if p not in ROUTES and not any(fnmatchcase(route, p) for route in ROUTES)]
