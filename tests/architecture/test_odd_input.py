"""Odd input gets a refusal, never a fault, and no state is forged."""

import uuid
from fnmatch import fnmatchcase

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from bethune_smartcity.accounts.models import User
from bethune_smartcity.lifecycle.models import Stateful
from calls.models import Call
from tests.scene import PERSONAS

from .asking import FEW, ROUTES, ask, built_once, expected, is_back_office, params

pytestmark = pytest.mark.django_db

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
    with built_once(django_db_blocker) as built:
        yield built


@pytest.fixture(autouse=True)
def _no_limits_reached():
    cache.clear()


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


@pytest.mark.parametrize("route", [route for route in ROUTES if not fnmatchcase(route, "admin/*/*/*")])
def test_odd_addresses_are_refused_without_a_fault(scene, route):
    for path in odd_paths(scene, route):
        for persona in ("owner", "agent"):
            answer, _seen = ask(scene, persona, "get", path)
            assert answer.status_code < 500, (persona, path)
            assert "evil.example" not in answer.get("Location", "").split("next=")[0]
            assert "?q=a%00b" not in path or answer.status_code == 400, (persona, path)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16"])
@pytest.mark.parametrize("path", ["/suivre/", "/nl/connexion/"])
def test_a_form_in_another_encoding_is_refused_without_a_fault(scene, path, charset):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "x" * 32
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client.post(path, "a=1", content_type=kind)
    assert answer.status_code == 400
    assert "<h1" in answer.text


def standing():
    """Every state in the order of its rows, every stamp and every power there is.

    Rows count by their place: what an act adds has another key each time it is tried, where keys are not given back.
    """
    states = {
        model._meta.label: list(model._base_manager.order_by("pk").values_list("state", flat=True))
        for model in apps.get_models()
        if issubclass(model, Stateful)
    }
    people = list(User.objects.order_by("pk").values_list("email", "is_agent", "is_administrator", "is_active"))
    dates = list(Call.objects.order_by("pk").values_list("announced_at", "closes_at", "results_at", "archived_at"))
    return states, people, dates


def actors(route):
    """Those whose POST is read there: whoever is neither refused nor told that the address is unknown."""
    if is_back_office(route):
        return ("agent", "admin") if route.endswith("/change/") else ()
    refused = {"in", "403", "404", "405"}
    read = [who for who, answer in (expected(route) or {"post": {}})["post"].items() if answer not in refused]
    return [who for who in read if who in FEW] if len(read) == len(PERSONAS) else read


@pytest.mark.parametrize("route", params(route for route in ROUTES if actors(route)))
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
        ("projets/<slug:slug>/suivi/photo/", "owner"),
        ("projets/<slug:slug>/repliquer/", "anonymous"),
        ("repliquer/", "anonymous"),
        ("gestion/repliquer/<int:pk>/", "agent"),
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
