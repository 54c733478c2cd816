"""Every address × persona has one expected answer; odd input gets a refusal, never a fault; no state is forged.

The answers stand in answers.txt: an address, then what GET and what an empty POST answer to each persona of
tests.scene.PERSONAS. One word stands for all, two for the anonymous visitor and everyone else. "in" leads to the
sign-in page; "200/404" is either of them (the back office, whose pages have their own tests).
"""

import uuid
from fnmatch import fnmatchcase
from functools import cache as kept
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import Stateful
from calls.models import Call
from tests.scene import PERSONAS, build, routes

pytestmark = [pytest.mark.django_db]
# Two lots of about the same length, each in one process: the scene is built once in each.
answers = pytest.mark.xdist_group("answers")
odd_input = pytest.mark.xdist_group("odd-input")

ROUTES = sorted(set(routes()))
METHODS = ("get", "post")
# Where everyone gets the same answer, these speak for all.
FEW = ("anonymous", "owner", "agent")
# The back office's pages, one for each table and act, have their own tests.
BACK_OFFICE = "admin/*"
HUGE = str(10**30)
FORGED = {
    "state": "laureate",
    "former_state": "laureate",
    "number": "SC17-0001",
    "submitted_at": "2017-01-01",
    "closes_at": "2099-01-01",
    "results_at": "2017-01-01",
    "announced_at": "2017-01-01",
    "is_agent": "on",
    "is_administrator": "on",
    "is_staff": "on",
    "email": "forged@demo.example",
    "role": "owner",
    "structure": "1",
    "verdict": "keep",
    "version": HUGE,
}


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The scene, built once; what a request changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_limits_reached():
    cache.clear()


@kept
def table():
    """Each address, or pattern of addresses, with the answers to GET and to POST."""
    lines = (Path(__file__).parent / "answers.txt").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if line.strip() and not line.startswith("#")]
    return {route.strip(): dict(zip(METHODS, map(spread, answers), strict=True)) for route, *answers in rows}


def spread(words):
    """The answer to each persona."""
    cells = words.split()
    if len(cells) < 3:
        cells = [cells[0], *[cells[-1]] * (len(PERSONAS) - 1)]
    assert len(cells) == len(PERSONAS), words
    return dict(zip(PERSONAS, cells, strict=True))


def expected(route):
    """The row of an address, or of the pattern of the back office it follows; None when there is none."""
    found = [row for pattern, row in table().items() if route == pattern]
    patterns = [row for pattern, row in table().items() if "*" in pattern and fnmatchcase(route, pattern)]
    return next(iter(found + patterns), None)


def ask(scene, persona, method, path, data=None, look=None):
    """The answer to one request at the scene's own instant, and what `look()` sees after it; its effects are undone."""
    with transaction.atomic(), clock.at(scene.moment):
        answer = getattr(scene.client(persona), method)(path, data or {})
        if answer.streaming:
            b"".join(answer.streaming_content)
        seen = look() if look else None
        transaction.set_rollback(True)
    return answer, seen


def told(answer):
    """The answer as the table writes it."""
    if answer.status_code == 302 and answer["Location"].startswith(("/connexion/?", "/admin/login/")):
        return "in"
    return str(answer.status_code)


def askers(route):
    """Which method to ask with, as whom: each persona, unless everyone gets the same answer."""
    row = expected(route)
    if row is None or row is not table()[BACK_OFFICE]:
        alike = {method: row is not None and len(set(row[method].values())) == 1 for method in METHODS}
        return [(method, who) for method in METHODS for who in (FEW if alike[method] else PERSONAS)]
    return [("get", who) for who in (("agent", "admin") if route.endswith(("/change/", ">/")) else ("agent",))]


@answers
@pytest.mark.parametrize("route", ROUTES)
def test_every_address_answers_each_persona_as_expected(scene, route):
    path, row = scene.path(route), expected(route)
    found = {(method, who): told(ask(scene, who, method, path)[0]) for method, who in askers(route)}
    cells = [" ".join(found[asked] for asked in found if asked[0] == method) for method in METHODS]
    shown = " | ".join([route, *cells])
    assert row, f"This address has no row in answers.txt. It answers: {shown}"
    wrong = {asked: answer for asked, answer in found.items() if answer not in row[asked[0]][asked[1]].split("/")}
    assert not wrong, f"Expected otherwise: {row}"


@answers
def test_no_row_of_the_table_is_about_an_address_that_is_gone():
    assert not [p for p in table() if p not in ROUTES and not any(fnmatchcase(route, p) for route in ROUTES)]


def odd_paths(scene, route):
    """The address with things that do not exist, or cannot."""
    things = {"pk": str(uuid.uuid4()), "submission": str(uuid.uuid4()), "slug": "unknown", "token": "x" * 300}
    if "<int:" in route or "[0-9]+" in route:
        things |= dict.fromkeys(("pk", "order", "question", "juror", "recusal"), HUGE)
    if "<uuid:pk>" in route:
        things["pk"] = str(uuid.uuid4())
    if "<" in route:
        yield scene.path(route, **things)
        yield scene.path(route) + "%00"
    yield (
        scene.path(route) + f"?page={HUGE}&sort=%27&q=%F0%9F%9A%B2%25%27--&state=x&pillar=x&stage=x&next=//evil.example"
    )
    yield scene.path(route) + "?q=a%00b"


@odd_input
@pytest.mark.parametrize("route", [route for route in ROUTES if not fnmatchcase(route, "admin/*/*/*")])
def test_odd_addresses_are_refused_without_a_fault(scene, route):
    for path in odd_paths(scene, route):
        for persona in ("owner", "agent"):
            answer, _seen = ask(scene, persona, "get", path)
            assert answer.status_code < 500, (persona, path)
            assert "evil.example" not in answer.get("Location", "").split("next=")[0]
            assert "?q=a%00b" not in path or answer.status_code == 400, (persona, path)


def standing():
    """Every state, every stamp and every power there is."""
    states = {
        model._meta.label: sorted(model._base_manager.values_list("pk", "state"))
        for model in apps.get_models()
        if issubclass(model, Stateful)
    }
    people = list(User.objects.order_by("pk").values_list("email", "is_agent", "is_administrator", "is_active"))
    dates = list(Call.objects.order_by("pk").values_list("announced_at", "closes_at", "results_at", "archived_at"))
    return states, people, dates


def actors(route):
    """Those whose POST is read there: whoever is neither refused nor told that the address is unknown."""
    row = expected(route)
    if row is table()[BACK_OFFICE]:
        return ("agent", "admin") if route.endswith("/change/") else ()
    refused = {"in", "403", "404", "405"}
    read = [who for who, answer in (row or {"post": {}})["post"].items() if answer not in refused]
    return [who for who in read if who in FEW] if len(read) == len(PERSONAS) else read


@odd_input
@pytest.mark.parametrize("route", [route for route in ROUTES if actors(route)])
def test_forged_fields_change_no_state(scene, route):
    path = scene.path(route)
    for persona in actors(route):
        _answer, honest = ask(scene, persona, "post", path, look=standing)
        answer, forged = ask(scene, persona, "post", path, FORGED, look=standing)
        assert answer.status_code < 500, persona
        assert forged == honest, persona


ODD_TEXTS = {"nul": "a\0b", "endless": "x" * 1_000_000, "override": "a\u202eb", "number": "NaN", "huge": HUGE}
FIELDS = (
    "title", "one_line", "name", "text", "reason", "request", "report", "body", "amount", "due_on", "until", "to",
    "comment", "private_note", "seed", "email", "address", "choice", "code", "field", "value", "label", "story",
)  # fmt: skip


@odd_input
@pytest.mark.parametrize("odd", ODD_TEXTS)
@pytest.mark.parametrize(
    ("route", "persona"),
    [
        ("candidatures/<uuid:pk>/0/", "owner"),
        ("candidatures/<uuid:pk>/<int:order>/", "owner"),
        ("candidatures/<uuid:pk>/champ/", "owner"),
        ("candidatures/<uuid:pk>/champ/<int:question>/", "owner"),
        ("espace/profil/", "owner"),
        ("espace/structures/nouvelle/", "owner"),
        ("appels/<slug:slug>/candidater/", "owner"),
        ("appels/<slug:slug>/questions/", "citizen"),
        ("gestion/appels/<slug:slug>/clore/", "agent"),
        ("gestion/appels/<slug:slug>/dates/", "agent"),
        ("gestion/candidatures/<uuid:pk>/refuser/", "agent"),
        ("gestion/candidatures/<uuid:pk>/correction/", "agent"),
        ("gestion/questions/<int:pk>/", "agent"),
        ("jury/<int:pk>/fiche/<uuid:submission>/", "juror"),
        ("jury/<int:pk>/fiche/<uuid:submission>/note/", "juror"),
        ("gestion/jury/<int:pk>/jures/", "agent"),
        ("gestion/jury/<int:pk>/plan/", "agent"),
        ("vote/<slug:slug>/", "anonymous"),
        ("vote/<slug:slug>/voter/", "anonymous"),
        ("gestion/projets/<slug:slug>/", "agent"),
        ("gestion/projets/<slug:slug>/etapes/", "agent"),
        ("gestion/projets/<slug:slug>/versements/", "agent"),
        ("projets/<slug:slug>/suivi/nouvelle/", "owner"),
        ("projets/<slug:slug>/suivi/etapes/<int:pk>/", "owner"),
        ("connexion/", "anonymous"),
        ("inscription/", "anonymous"),
    ],
)
def test_odd_texts_in_every_field_are_refused_without_a_fault(scene, route, persona, odd):
    path = scene.path(route)
    page, _seen = ask(scene, persona, "get", path)
    form = page.context and page.context.get("form") if page.status_code == 200 else None
    names = {form.add_prefix(name) for name in form.fields} if form is not None else set()
    answer, _seen = ask(scene, persona, "post", path, dict.fromkeys([*FIELDS, *names], ODD_TEXTS[odd]))
    assert answer.status_code < 500
