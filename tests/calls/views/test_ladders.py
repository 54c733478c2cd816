"""The page of a call's reminders: a clear list, a plan that changes at once, a sentence at the field for bad input."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.tasks import sweep
from calls.models import CallAgent, Reminder
from calls.operations.reminders import DRAFTS
from calls.queries.ladders import chosen_rungs
from juries.models import Panel
from tests.factories.accounts import StructureFactory
from tests.factories.calls import CallFactory, agent_of, draft
from tests.personas import PERSONAS, cast

pytestmark = pytest.mark.django_db
CLOSE = clock.paris(2027, 1, 13)


@pytest.fixture
def call():
    made = CallFactory(opens_at=clock.paris(2026, 9, 1), closes_at=CLOSE)
    with clock.at(clock.paris(2026, 10, 1)):
        for _n in range(3):
            draft(made, StructureFactory())
    return made


@pytest.fixture(autouse=True)
def _in_november():
    with clock.at(clock.paris(2026, 11, 20, 9)):
        yield


def browser(user):
    client = Client()
    if user.is_authenticated:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(call):
    return f"/gestion/appels/{call.slug}/rappels/"


def words(answer):
    return " ".join(answer.text.replace("\u00a0", " ").replace("<strong>", "").replace("</strong>", "").split())


def post(client, call, **data):
    return client.post(page_of(call), {"ladder": "calls.drafts", **data})


def codes(call):
    return [one.rung.code for one in chosen_rungs(DRAFTS, [call.pk])[call.pk]]


def test_each_rung_says_when_and_to_how_many(call):
    shown = words(browser(agent_of(call)).get(page_of(call)))
    assert "7 jours avant la clôture : le mercredi 6 janvier 2027 à 0 h 00, à 3 brouillons" in shown
    assert "3 heures avant la clôture : le mardi 12 janvier 2027 à 21 h 00, à 3 brouillons" in shown


def test_the_plan_changes_at_once(call):
    client = browser(agent_of(call))
    assert post(client, call, act="add", amount="10", unit="-d").status_code == 302
    shown = words(client.get(page_of(call)))
    assert "10 jours avant la clôture : le dimanche 3 janvier 2027 à 0 h 00, à 3 brouillons" in shown
    assert "10 jours avant la clôture" in words(client.get("/gestion/envois/"))
    post(client, call, act="remove", rung="10d")
    assert "10 jours avant la clôture" not in words(client.get("/gestion/envois/"))
    post(client, call, act="remove", rung="7d")
    post(client, call, act="reset")
    assert codes(call) == ["30d", "7d", "2d", "24h", "3h"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"amount": "", "unit": "-d"}, 422),
        ({"amount": "sept", "unit": "-d"}, 422),
        ({"amount": "-3", "unit": "-d"}, 422),
        ({"amount": "3", "unit": "+d"}, 422),
        ({"amount": "3", "unit": "d-"}, 422),
        ({"amount": "10000000000000000000000", "unit": "-d"}, 422),
        ({"amount": "400", "unit": "-d"}, 400),
        ({"amount": "0", "unit": "-d"}, 400),
        ({"amount": "7", "unit": "-d"}, 409),
    ],
)
def test_bad_input_is_told_at_the_field(call, data, status):
    answer = post(browser(agent_of(call)), call, act="add", **data)
    assert answer.status_code == status
    assert "field--error" in answer.text
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("data", [{"act": "remove", "rung": "x"}, {"act": "remove"}, {"ladder": "x"}])
def test_what_is_unknown_is_unknown(call, data):
    assert post(browser(agent_of(call)), call, **data).status_code == 404


def test_what_left_what_is_held_and_what_is_past_are_told(call):
    agent = agent_of(call)
    client = browser(agent)
    with clock.at(CLOSE - timedelta(days=29)):
        sweep()
        post(client, call, act="add", amount="40", unit="-d")
        step = next(line for line in client.get(page_of(call)).context["boards"][0].lines if line.code == "7d")
        back = {"next": page_of(call)}
        shown = words(client.post(f"/gestion/envois/{step.ref}/hold/", back, follow=True))
    assert "parti, messages écrits : 3" in shown
    assert "passé : n’envoie rien" in shown
    assert "retenu" in shown


def test_the_ladder_of_a_jury_is_there_for_who_organises_it(call):
    Panel.objects.create(call=call, stage="reading", due_at=clock.paris(2027, 2, 10))
    shown = words(browser(agent_of(call, CallAgent.Right.JURY)).get(page_of(call)))
    assert "3 jours avant la date de rendu des fiches : le dimanche 7 février 2027 à 0 h 00" in shown
    assert "Ajouter le rappel" in shown
    screens = words(browser(agent_of(call, CallAgent.Right.SCREEN)).get(page_of(call)))
    assert "rendu des fiches" not in screens
    assert "Ajouter le rappel" not in screens


def test_who_may_open_and_change_it():
    everyone = cast()
    asked = {"ladder": "calls.drafts", "act": "add", "amount": "11", "unit": "-d"}
    for persona in PERSONAS:
        client = browser(everyone.people[persona])
        seen, done = client.get(page_of(everyone.call)), client.post(page_of(everyone.call), asked)
        if persona == "anonymous":
            assert (seen.status_code, done.status_code) == (302, 302)
        elif persona in {"agent", "member_agent", "rival_agent"}:
            assert seen.status_code == 200
            assert done.status_code in {302, 409}
        else:
            assert (seen.status_code, done.status_code) == (403, 403), persona
    reader = browser(agent_of(everyone.call, CallAgent.Right.FOLLOW))
    assert reader.get(page_of(everyone.call)).status_code == 200
    assert reader.post(page_of(everyone.call), asked).status_code == 403


def test_statements_do_not_grow_with_drafts_nor_rungs(call):
    client = browser(agent_of(call))

    def statements():
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page_of(call)).status_code == 200
        return len(asked)

    few = statements()
    for _n in range(5):
        draft(call, StructureFactory())
    for days in (40, 20, 10):
        post(client, call, act="add", amount=str(days), unit="-d")
    # What these acts say is read once.
    client.get(page_of(call))
    assert statements() == few <= 28
