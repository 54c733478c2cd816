"""All that was written to one person: for administrators, what became of each message and never what it says."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.secrets import send_secret
from bethune_smartcity.notifications.tasks import sweep
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of
from tests.factories.juries import opened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def page(person):
    return reverse("notifications:person-messages", kwargs={"pk": person.pk})


def wrote(person, kind="calls.receipt", **columns):
    n = Message.objects.count()
    facts = {"key": f"{kind}-{n}", "kind": kind, "recipient": person, "address": person.email, "subject": "Words"}
    return Message.objects.create(**facts | {"body": "What it says."} | columns)


@pytest.fixture
def person():
    return UserFactory(email="juror@demo.example")


@pytest.fixture
def watcher(client):
    administrator = AgentFactory(is_administrator=True)
    client.force_login(administrator)
    return administrator


def test_it_holds_what_went_to_the_account_and_to_its_address_before_and_of_nobody_else(client, watcher, person):
    before = wrote(person, recipient=None, address="Juror@demo.example", kind="juries.seat", body="")
    after, failed = wrote(person), wrote(person, state="failed", error="550 No such user")
    wrote(UserFactory())
    answer = client.get(page(person))
    told = {line.message for line in answer.context["lines"]}
    assert told == {before, after, failed}
    assert "550 No such user" in answer.content.decode()


def test_no_text_no_subject_and_nothing_before_its_hour(client, watcher, person):
    wrote(person)
    wrote(person, kind="juries.decision", due_at=clock.now() + HOUR)
    send_secret(
        kind_named("juries.seat"),
        key="seat:1",
        good_until=clock.now() + HOUR,
        address=person.email,
        subject="Your seat",
        body="https://portail.example/secret/",
        user=person,
        language="en",
    )
    answer = client.get(page(person))
    content = answer.content.decode()
    assert {line.message.kind for line in answer.context["lines"]} == {"calls.receipt", "juries.seat"}
    for hidden in ("What it says.", "Words", "secret", "Your seat"):
        assert hidden not in content
    assert sum(line.is_secret for line in answer.context["lines"]) == 1


def test_a_failed_one_is_sent_again_from_there_and_one_of_someone_else_is_unknown(client, watcher, person, monkeypatch):
    message, other = wrote(person), wrote(UserFactory())

    def refuse(self, messages):
        raise SMTPRecipientsRefused({person.email: (550, b"No such user")})

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        sweep()
    message.refresh_from_db()
    assert message.is_refused
    assert client.post(page(person), {"message": message.pk}).status_code == 302
    sweep()
    message.refresh_from_db()
    assert message.state == "sent"
    assert client.post(page(person), {"message": other.pk}).status_code == 404


def test_to_everyone_else_no_person_has_such_a_page(client, person):
    agent = agent_of(CallFactory())
    for someone in (agent, AgentFactory(), person):
        client.force_login(someone)
        assert client.get(page(person)).status_code == client.get("/gestion/personnes/999999/messages/").status_code
        assert client.get(page(person)).status_code == 404


def test_it_is_found_from_the_person_s_page_and_from_a_juror_s(client, person):
    jury = opened(jurors=1, applications=1, readings=1)
    juror = jury.jurors[0]
    wrote(juror.user, kind="juries.panel_opened", about_type=None)
    history = reverse("juries:juror-messages", kwargs={"pk": jury.panel.pk, "juror": juror.pk})
    client.force_login(jury.agent)
    assert page(juror.user) not in client.get(history).content.decode()
    type(jury.agent).objects.filter(pk=jury.agent.pk).update(is_administrator=True)
    assert page(juror.user) in client.get(history).content.decode()
    record = reverse("admin:accounts_user_change", args=[juror.user.pk])
    assert page(juror.user) in client.get(record).content.decode()


def test_it_asks_no_more_with_more_messages(client, watcher, person):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page(person)).status_code == 200
        return len(asked)

    wrote(person)
    once = statements()
    for _n in range(40):
        wrote(person)
    assert statements() == once <= 8
