"""Whoever watches the portal is told whether messages leave: by a machine's page and by the outbox."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from tests.factories.accounts import AgentFactory, UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def waiting(due):
    return Message.objects.create(
        key=f"test:{due}", kind="calls.moved", recipient=UserFactory(), address="a@demo.example", body="x", due_at=due
    )


def ages(client):
    told = client.get("/readyz")
    assert told.status_code == 200
    return told.json()["last_sweep_seconds"], told.json()["oldest_due_seconds"]


def test_before_the_first_round_there_is_no_age(client):
    assert ages(client) == (None, None)


def test_the_ages_grow_until_the_next_round(client):
    start = clock.now()
    with clock.at(start):
        sweep()
        waiting(start + MINUTE)
        waiting(start + 2 * MINUTE)
        assert ages(client) == (0, None)
    with clock.at(start + 3 * MINUTE):
        assert ages(client) == (180, 120)
        sweep()
        assert ages(client) == (0, None)


def test_a_clock_put_back_makes_no_age_negative(client):
    with clock.at(clock.now() + timedelta(days=1)):
        sweep()
    assert ages(client) == (0, None)


@pytest.mark.parametrize(
    ("minutes", "due", "words", "is_late"),
    [
        (None, None, "Aucune tournée", True),
        (1, None, "Aucun message dû n’attend", False),
        (6, None, "Aucun message dû n’attend", True),
        (1, 10, "Le plus ancien message qui attend", True),
    ],
)
def test_the_outbox_says_how_messages_leave(client, minutes, due, words, is_late):
    now = clock.now()
    if minutes is not None:
        with clock.at(now - minutes * MINUTE):
            sweep()
    if due is not None:
        waiting(now - due * MINUTE)
    client.force_login(AgentFactory(language="fr"))
    page = client.get("/admin/notifications/message/").text
    assert words in page
    assert ("alert--warn" in page) is is_late
