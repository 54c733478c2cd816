"""Whoever watches the portal is told whether messages leave: by a machine's page and by the outbox."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import delivery, digests
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.pulse import leave_late, oldest_due
from bethune_smartcity.notifications.tasks import sweep
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, draft

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


def plan_of(act):
    """How the database carries out each statement of `act` about messages, when it need not read the whole table."""
    with CaptureQueriesContext(connection) as asked:
        act()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for statement in asked.captured_queries:
            if "notifications_message" in statement["sql"]:
                cursor.execute(f"{explain} {statement['sql']}")
                found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = on")
    return "\n".join(found)


@pytest.mark.parametrize(
    ("act", "index", "column"),
    [
        (delivery.due_ids, "message_unsent", "due_at"),
        (oldest_due, "message_unsent", "due_at"),
        (leave_late, "message_unsent", "due_at"),
        (delivery.is_away, "message_unsent", "due_at"),
        (delivery.let_expire, "message_expiring", "expires_at"),
    ],
)
def test_no_round_reads_what_was_sent_or_is_shown_alone(act, index, column):
    """Both grow without end; messages shown alone are stamped no more than those that wait."""
    if connection.vendor == "postgresql":
        # Of an empty table PostgreSQL reads any index: many wait, and few of them only until a date.
        reader, later = UserFactory(), clock.now() + timedelta(days=5)
        facts = {"kind": "calls.moved", "body": "x", "recipient": reader, "due_at": later}
        Message.objects.bulk_create(Message(key=f"later:{n}", **facts) for n in range(2000))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notifications_message")
    plan = plan_of(act)
    assert index in plan
    assert [line for line in plan.splitlines() if "state" in line and column in line]
    assert "SCAN notifications_message" not in plan


def test_the_day_s_mail_is_looked_for_among_what_waits_for_it_alone():
    plan = plan_of(lambda: digests.plan(clock.now()))
    assert "message_unsent" in plan or "message_gathered" in plan
    assert "accounts_user" not in plan


def test_nor_among_what_was_shown_once_the_database_has_counted_it():
    people, yesterday = UserFactory.create_batch(5), clock.now() - timedelta(days=1)
    facts = {"kind": "calls.moved", "body": "x", "state": "shown", "due_at": yesterday}
    rows = [Message(key=f"{one.pk}:{n}", recipient=one, **facts) for n in range(600) for one in people]
    Message.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_message")
    plan = plan_of(lambda: digests.plan(clock.now() + timedelta(days=1)))
    assert "message_unsent" in plan or "message_gathered" in plan
    assert "message_of_recipient" not in plan


@pytest.mark.parametrize(("day", "most"), [("Wednesday", 20), ("Monday", 21)])
def test_a_round_with_nothing_due_writes_nothing_but_that_it_went_round_and_asks_no_more_when_there_is_more(day, most):
    """What was told is left out by the database; what is to be forgotten is looked for before a lock is taken. On the
    day of the week's letter its readers are looked for as well.
    """
    noon = datetime(2031, 6, 2 if day == "Monday" else 4, 12, tzinfo=clock.PARIS)
    opening = noon - timedelta(days=5)

    def asked():
        with clock.at(noon), CaptureQueriesContext(connection) as taken:
            sweep()
        return [statement["sql"] for statement in taken.captured_queries]

    def grow(n):
        with clock.at(opening):
            for _n in range(n):
                draft(CallFactory(opens_at=opening, closes_at=opening + timedelta(days=65)))
        with clock.at(opening + MINUTE):
            sweep()

    grow(1)
    asked()
    one = asked()
    assert [sql for sql in one if not sql.startswith("SELECT")] == [one[-1]]
    assert one[-1].startswith('UPDATE "notifications_sweep"')
    assert not [sql for sql in one if '"notifications_broadcast"."key" IN' in sql]
    grow(3)
    assert len(asked()) == len(one) <= most
