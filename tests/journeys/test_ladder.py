"""A ladder from its choice to the mail, page by page: the agent chooses, the plan follows, the founder reads German."""

import html
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.html import strip_tags

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.notifications.tasks import sweep
from calls.models import Call
from tests.demo.loading import demonstration

from .person import Person

pytestmark = pytest.mark.django_db
LADDER, PLAN, BOARD = "/gestion/appels/mobilite/rappels/", "/gestion/envois/", "/gestion/appels/mobilite/"


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker) as loaded:
        yield loaded


def read(page):
    """The words of a page, as one reads them."""
    return " ".join(html.unescape(strip_tags(page)).replace("\u00a0", " ").split())


def test_the_agent_changes_the_ladder_and_the_mail_arrives_in_german():
    call = Call.objects.get(slug="mobilite")
    founder, agent = Person("fondatrice"), Person("agent")
    founder.opens("/espace/profil/")
    founder.sends(language="de")
    assert User.objects.get(email="fondatrice@demo.example").language == "de"

    # The agent wants five days rather than seven, and sees the plan change at once.
    agent.opens(BOARD)
    assert LADDER in agent.text
    agent.opens(LADDER)
    assert "7 jours avant la clôture : le" in read(agent.text)
    agent.sends(press="add", amount="5", unit="-d")
    assert "5 jours avant la clôture : le" in read(agent.text)
    for code in ("30d", "7d"):
        agent.sends(press="remove", rung=code)
    assert "7 jours avant la clôture" not in read(agent.text)
    assert "5 jours avant la clôture" in read(agent.opens(PLAN))
    assert "7 jours avant la clôture" not in read(agent.text)
    assert [founder.answer(page) for page in (LADDER, PLAN)] == [403, 403]

    # The close moves by ten days: nothing is planned again by hand.
    moved = (call.closes_at + timedelta(days=10)).astimezone(clock.PARIS)
    asked = {"field": "closes_at", "to": f"{moved:%Y-%m-%dT%H:%M}", "reason": "Dix jours de plus (démo)."}
    assert agent.client.post(f"{BOARD}dates/", asked).status_code == 302
    call.refresh_from_db()
    assert call.closes_at == moved

    # Time passes, a minute before then a minute after.
    due = call.closes_at - timedelta(days=5)
    mail.outbox.clear()
    with clock.at(due - timedelta(minutes=1)):
        sweep()
        assert not [sent for sent in mail.outbox if "Entwurf" in sent.body]
    with clock.at(due + timedelta(minutes=1)):
        sweep()
        sweep()
    told = [sent for sent in mail.outbox if sent.to == ["fondatrice@demo.example"] and "Entwurf" in sent.body]
    assert len(told) == 1
    assert "/de/candidatures/" in told[0].body
    assert "fehlt" in told[0].body
    with clock.at(due + timedelta(minutes=2)):
        assert "parti, messages écrits" in read(agent.opens(LADDER))
