"""What was written to the people of an application, or to a juror: for their agents, without secrets, to try again."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from bethune_smartcity.notifications.texts import Words
from calls.models import CallAgent, Submission
from calls.operations import letters
from juries.operations import panels
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, submitted
from tests.factories.juries import opened

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(submission):
    return reverse("calls:submission-messages", kwargs={"pk": submission.pk})


def seat_page(juror):
    return reverse("juries:juror-messages", kwargs={"pk": juror.panel_id, "juror": juror.pk})


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(client, call):
    person = agent_of(call)
    client.force_login(person)
    return person


def kinds_on(answer):
    return {line.message.kind for line in answer.context["lines"]}


def write_to_all(call, agent):
    letter = letters.write_letter(call, "calls.applicants", "handed_in", {"fr": Words("LETTRE", "Corps")}, by=agent)
    n = letters.people_of(letter, clock.now()).count()
    letters.confirm(letter, number=n, seen=letters.stamp_of(letter), by=agent)
    letters.write_due(clock.now())


def test_an_application_s_history_holds_what_its_people_got_and_nothing_of_others(client, call, agent):
    mine, other = submitted(call), submitted(call)
    elsewhere = submitted(CallFactory(), mine.structure)
    write_to_all(call, agent)
    answer = client.get(page(mine))
    assert kinds_on(answer) == {"calls.receipt", "calls.letter"}
    assert {line.message.recipient for line in answer.context["lines"]} == {owner_of(mine.structure)}
    assert "LETTRE" in answer.text
    for stranger in (owner_of(other.structure).email, other.number, elsewhere.number):
        assert stranger not in answer.text


def test_a_draft_s_history_says_nothing_of_what_it_says(client, call, agent):
    begun = draft(call, title="CANARY")
    with clock.at(call.closes_at - timedelta(hours=2)):
        sweep()
        answer = client.get(page(begun))
    assert kinds_on(answer) == {"calls.closing"}
    assert "CANARY" not in answer.text
    screen = client.get(reverse("calls:board-drafts", kwargs={"slug": call.slug}))
    assert page(begun) in screen.text


def test_secrets_are_masked_and_only_failures_are_tried_again(client, call, agent):
    mine = submitted(call)
    Message.objects.filter(about_id=str(mine.pk)).update(state="failed", error="down", sent_at=None, attempts=8)
    message = Message.objects.get(about_id=str(mine.pk))
    assert "down" in client.get(page(mine)).text
    assert client.post(page(mine), {"message": message.pk}).status_code == 302
    message.refresh_from_db()
    assert message.state in {"pending", "sent"}
    for odd in ("0", "", "x", "9" * 30, "²"):
        assert client.post(page(mine), {"message": odd}).status_code == 404
    stranger = Message.objects.filter(about_id=str(submitted(call).pk)).first()
    assert client.post(page(mine), {"message": stranger.pk}).status_code == 404
    Message.objects.filter(pk=message.pk).update(body="", subject="", state="failed", sent_at=None)
    masked = client.get(page(mine))
    assert "lien personnel (masqué)" in masked.text
    assert "Renvoyer" not in masked.text


def test_an_address_no_server_takes_fails_at_once_and_is_shown_as_such(client, call, agent, monkeypatch):
    mine = submitted(call)

    def refuses(self, mails):
        raise SMTPRecipientsRefused({mails[0].to[0]: (550, b"5.1.1 user unknown")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    Message.objects.filter(about_id=str(mine.pk)).update(state="pending", sent_at=None, attempts=0, retry_at=None)
    sweep()
    message = Message.objects.get(about_id=str(mine.pk))
    assert (message.state, message.attempts, message.is_refused) == ("failed", 1, True)
    assert message.error == "550 5.1.1 user unknown"
    assert "adresse refusée" in client.get(page(mine)).text
    outbox = client.get("/admin/notifications/message/?bad=1").text
    assert owner_of(mine.structure).email in outbox


def test_a_fault_that_may_pass_is_tried_again_later(call, agent, monkeypatch):
    mine = submitted(call)

    def defers(self, mails):
        raise SMTPRecipientsRefused({mails[0].to[0]: (450, b"later")})

    monkeypatch.setattr(EmailBackend, "send_messages", defers)
    Message.objects.filter(about_id=str(mine.pk)).update(state="pending", sent_at=None, attempts=0, retry_at=None)
    sweep()
    message = Message.objects.get(about_id=str(mine.pk))
    assert (message.state, message.is_refused) == ("pending", False)
    assert message.retry_at > clock.now()


def test_a_juror_s_history_is_theirs_on_this_panel_for_who_organises_it(client):
    jury = opened(jurors=2, applications=1)
    one, two = jury.jurors
    panels.nudge(two, by=jury.agent)
    client.force_login(jury.agent)
    mine, theirs = client.get(seat_page(one)), client.get(seat_page(two))
    assert "juries.nudge" not in kinds_on(mine)
    assert kinds_on(theirs) == {"juries.panel_opened", "juries.nudge"}
    assert {line.message.recipient for line in theirs.context["lines"]} == {two.user}
    assert seat_page(two) in client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).text
    for person in (one.user, UserFactory(), agent_of(CallFactory()), agent_of(jury.call, CallAgent.Right.SCREEN)):
        client.force_login(person)
        assert client.get(seat_page(two)).status_code == 404


def test_others_find_no_history_of_an_application(client, call):
    mine = submitted(call)
    member = agent_of(call)
    Membership.objects.create(user=member, structure=mine.structure, role=Membership.Role.READER)
    people = [UserFactory(), owner_of(mine.structure), agent_of(CallFactory()), member]
    for person in [*people, agent_of(call, CallAgent.Right.CONFIGURE)]:
        client.force_login(person)
        assert client.get(page(mine)).status_code == 404


def test_it_asks_as_much_whatever_its_length(client, call, agent):
    mine = submitted(call)
    counted = []
    for n in (1, 3, 40):
        first = Message.objects.filter(about_id=str(mine.pk)).first()
        for k in range(n):
            first.pk, first.key = None, f"copy-{n}-{k}"
            first.save()
        with CaptureQueriesContext(connection) as asked:
            client.get(page(mine))
        counted.append(len(asked))
    assert counted[0] == counted[1] == counted[2]
    assert Submission.objects.filter(pk=mine.pk).exists()
