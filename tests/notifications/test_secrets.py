"""A message with a secret: the request writes it down and answers, a worker sends it, and nothing of it stays."""

import socket
import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.urls import reverse

from bethune_smartcity.celery import WakeUpTask
from bethune_smartcity.core import clock
from bethune_smartcity.notifications import kinds, outbox
from bethune_smartcity.notifications.invariants import nothing_due_waits
from bethune_smartcity.notifications.kinds import Kind, kind_named, register_kind
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.seals import BrokenSeal, Letter, seal, unseal
from bethune_smartcity.notifications.secrets import call_off, send_secret
from bethune_smartcity.notifications.tasks import deliver, sweep
from tests.factories.accounts import AgentFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "482913"
QUARTER = timedelta(minutes=15)
LATE = "Mails are leaving late"


class Hanging:
    """A mail server that takes calls and never says a word."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.calls = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                self.calls.append(self.listener.accept()[0])
            except OSError:
                return

    def close(self):
        self.listener.close()
        for call in self.calls:
            call.close()


@pytest.fixture
def hanging(settings):
    server = Hanging()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 0.3
    yield server
    server.close()


@pytest.fixture
def woken(monkeypatch):
    """The messages that workers were woken for, none of them sent."""
    found = []
    monkeypatch.setattr(WakeUpTask, "delay", lambda _task, *keys: found.extend(keys))
    return found


@pytest.fixture
def person():
    cache.clear()
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def written(key="k", address="ada@demo.example", good_for=QUARTER, kind="account"):
    letter = {"address": address, "subject": f"Your code: {SECRET}", "body": f"The code is {SECRET}.\n"}
    return send_secret(kind_named(kind), key=key, **letter, good_until=clock.now() + good_for)


def kept():
    """All that the rows of messages say."""
    return str(list(Message.objects.values()))


def test_a_mail_server_that_hangs_holds_no_request_up(
    client, person, hanging, woken, django_capture_on_commit_callbacks
):
    pages = {
        "account_request_login_code": {"email": person.email},
        "account_reset_password": {"email": person.email},
        "account_signup": {"email": "grace@demo.example", "password1": "un-mot-de-passe-assez-long"},
    }
    for page, fields in pages.items():
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse(page), fields)
        assert answer.status_code == 302
        client.cookies.clear()
    assert not hanging.calls, "a request called the mail server"
    rows = list(Message.objects.filter(kind="account", state="pending").values_list("pk", flat=True))
    assert sorted(woken) == sorted(rows)
    assert len(rows) == 3
    # The control: whoever sends does call it, and waits for it.
    assert deliver.run(rows[0])
    assert len(hanging.calls) == 1
    assert Message.objects.get(pk=rows[0]).state == "pending"


def test_nothing_of_it_can_be_read_before_and_nothing_is_left_after(mailoutbox):
    row = written()
    assert not [told for told in (SECRET, "Your code") if told in kept()]
    assert unseal(row.sealed) == Letter("ada@demo.example", f"Your code: {SECRET}", f"The code is {SECRET}.\n")
    assert sweep() == 1
    assert SECRET in mailoutbox[0].body
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("sent", "")
    assert sweep() == 0


def test_a_kind_that_keeps_no_address_shows_it_to_nobody(mailoutbox):
    register_kind(Kind("tests.ballot", "Ballot", sensitive=True, keeps_address=False))
    try:
        written(address="voter@town.example", kind="tests.ballot")
        assert "voter" not in kept()
        assert sweep() == 1
        assert mailoutbox[0].to == ["voter@town.example"]
        assert "voter" not in kept()
    finally:
        kinds._kinds.pop("tests.ballot")


def refuse(_mail):
    raise OSError("no mail server")


def test_a_server_away_for_a_while_is_asked_again_with_the_same_name(monkeypatch, mailoutbox):
    now = clock.now()
    names = []
    with clock.at(now), monkeypatch.context() as broken:
        row = written()

        def note(mail):
            names.append(mail.extra_headers["Message-ID"])
            refuse(mail)

        broken.setattr(EmailMessage, "send", note)
        assert sweep() == 1
    with clock.at(now + timedelta(minutes=2)):
        assert sweep() == 1
    assert names == [mailoutbox[0].extra_headers["Message-ID"]]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.sealed) == ("sent", 1, "")


def test_a_code_that_opens_nothing_any_more_is_not_sent_and_not_kept(monkeypatch, mailoutbox):
    now = clock.now()
    with clock.at(now), monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        row = written()
        sweep()
    with clock.at(now + QUARTER):
        assert not deliver.run(row.pk)
        assert sweep() == 0
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("expired", "")
    assert not mailoutbox
    with clock.at(now + timedelta(days=1)):
        assert not list(nothing_due_waits())


def test_one_sealed_with_another_key_says_so_and_is_given_up(settings, mailoutbox):
    row = written()
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-" + "y" * 50
    with pytest.raises(BrokenSeal):
        unseal(row.sealed)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert unseal(row.sealed).to == "ada@demo.example"
    settings.SECRET_KEY_FALLBACKS = []
    assert sweep() == 1
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("failed", "")
    assert not mailoutbox


def test_the_same_letter_is_sealed_otherwise_each_time():
    letter = Letter("ada@demo.example", "Code", SECRET)
    assert seal(letter) != seal(letter)


def test_agents_send_again_what_is_still_sealed_and_cancel_for_good(mailoutbox):
    agent = AgentFactory(is_administrator=True)
    for key in ("again", "never"):
        written(key=key)
    Message.objects.update(state="failed")
    outbox.resend(Message.objects.get(key="again"), by=agent)
    outbox.cancel(Message.objects.get(key="never"), by=agent)
    assert sweep() == 1
    assert len(mailoutbox) == 1
    assert not Message.objects.exclude(sealed="").exists()


def test_what_is_called_off_never_leaves(mailoutbox):
    written()
    call_off("k")
    call_off("unknown")
    assert sweep() == 0
    row = Message.objects.get()
    assert (row.state, row.sealed) == ("cancelled", "")


def test_pages_that_announce_a_mail_say_when_mails_leave_late(client, person):
    now = clock.now()
    with clock.at(now):
        client.post(reverse("account_request_login_code"), {"email": person.email})
        page = reverse("account_confirm_login_code")
        assert LATE not in client.get(page, headers={"accept-language": "en"}).text
    with clock.at(now + timedelta(minutes=3)):
        assert "partent en retard" in client.get(page).text
        sweep()
        assert "partent en retard" not in client.get(page).text
