"""The mail server away for a day, or taking nothing: no message is lost by it, and whoever watches is told."""

from datetime import timedelta
from smtplib import (
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from django.core.mail.backends import base
from django.test import Client

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications import delivery
from bethune_smartcity.notifications.faults import ENOUGH, refusal_of, strikes_of
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import notify
from bethune_smartcity.notifications.pulse import leave_late, oldest_due
from bethune_smartcity.notifications.secrets import call_off, send_secret
from bethune_smartcity.notifications.tasks import deliver, sweep
from calls.workflow import SubmissionState
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, belong
from tests.factories.calls import CallFactory, draft
from tests.sink import Sink, listening

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Server(base.BaseEmailBackend):
    """A mail server of tests: `is_away` lets nobody in, `fault` answers the mails of `of` (all for None)."""

    is_away, fault, of, calls, taken = False, None, None, 0, []

    def open(self):
        if not getattr(self, "is_open", False):
            Server.calls += 1
            if Server.is_away:
                raise ConnectionRefusedError("nobody there")
        self.is_open = True

    def close(self):
        self.is_open = False

    def send_messages(self, mails):
        if Server.fault and (Server.of is None or mails[0].to[0] in Server.of):
            raise Server.fault
        Server.taken += mails
        return len(mails)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    for name, value in {"is_away": False, "fault": None, "of": None, "calls": 0, "taken": []}.items():
        monkeypatch.setattr(Server, name, value)
    return Server


@pytest.fixture
def sink(settings):
    """A mail server that speaks, on a port of this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with listening(Sink()) as found:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        yield found


def write(subject, **options):
    """A reminder to someone of their draft, who belonged there before any was written."""
    person = UserFactory()
    belong(subject.structure, person)
    Membership.objects.update(since=clock.now() - 365 * DAY)
    told = {"context": {"lacks": [], "closes": "Tuesday", "call": subject.call}, "step": str(Message.objects.count())}
    notify(
        "calls.closing",
        subject=subject,
        recipients=[person],
        page="calls:check",
        keys={"pk": subject.pk},
        **told,
        **options,
    )


@pytest.fixture
def subject():
    return draft(CallFactory(closes_at=clock.now() + 20 * DAY))


def states():
    return sorted(set(Message.objects.values_list("state", flat=True)))


def rounds(start, until, each=10 * MINUTE):
    """Go round from the aware instant `start` to `until`, so often."""
    moment = start
    while moment < until:
        with clock.at(moment):
            sweep()
        moment += each


def test_a_day_away_loses_nothing_and_is_told_meanwhile(server, subject, client):
    start, agent, closes = clock.now(), AgentFactory(language="fr"), subject.call.closes_at
    gone = draft(subject.call, StructureFactory())
    with clock.at(start):
        for _n in range(20):
            write(subject, expires_at=closes)
        write(subject, expires_at=start + 5 * HOUR)
        write(gone, expires_at=closes)
    type(gone).objects.filter(pk=gone.pk).update(state=SubmissionState.WITHDRAWN)
    server.is_away = True
    rounds(start, start + DAY)
    assert server.calls <= 6 * 24
    assert Message.objects.filter(state="pending", attempts=0).count() == 20
    with clock.at(start + DAY):
        calls = server.calls
        assert client.get("/readyz").json()["oldest_due_seconds"] == DAY.total_seconds()
        client.force_login(agent)
        page = client.get("/admin/notifications/message/").text
        assert "Le plus ancien message qui attend" in page
        assert "alert--warn" in page
        assert leave_late()
        assert server.calls == calls, "no page waits for the mail server"
    server.is_away = False
    rounds(start + DAY, start + DAY + 4 * MINUTE, MINUTE)
    assert len({mail.extra_headers["Message-ID"] for mail in server.taken}) == len(server.taken) == 20
    assert states() == ["expired", "sent"]
    assert oldest_due() is None
    over = Message.objects.get(about_id=str(gone.pk))
    [line] = JournalEntry.objects.filter(verb="drop_reminder", subject_id=str(over.pk))
    assert line.data == {"why": "over"}


def test_while_it_is_away_what_is_written_waits_for_the_round(server, subject):
    server.is_away, start = True, clock.now()
    with clock.at(start):
        for calls in (1, 1):
            write(subject)
            deliver.run(Message.objects.latest("pk").pk)
            assert server.calls == calls
        assert oldest_due() == start
    server.is_away = False
    with clock.at(start + 2 * MINUTE):
        assert sweep() == 2
        assert server.calls == 2


def test_one_in_a_worker_s_hands_waits_still(subject):
    write_at = clock.now()
    with clock.at(write_at):
        Message.objects.create(key="a", kind="calls.moved", body="x", address="a@town.example", recipient=UserFactory())
        assert delivery.claim(Message.objects.get().pk)
        assert oldest_due() == write_at


MAILBOX = "reader@town.example"
OF_THE_SERVER = [
    SMTPServerDisconnected("Connection unexpectedly closed"),
    TimeoutError("timed out"),
    ConnectionResetError("reset by peer"),
    SMTPHeloError(554, b"go away"),
    SMTPSenderRefused(451, b"4.3.0 local error", "from@town.example"),
    SMTPSenderRefused(530, b"5.7.0 Must issue a STARTTLS command first", "from@town.example"),
    SMTPRecipientsRefused({MAILBOX: (421, b"4.3.2 closing")}),
    SMTPRecipientsRefused({MAILBOX: (451, b"4.3.0 Temporary lookup failure")}),
    SMTPRecipientsRefused({MAILBOX: (450, b"4.7.1 Client host rejected: cannot find your hostname")}),
    SMTPRecipientsRefused({MAILBOX: (530, b"5.7.0 Authentication required")}),
    SMTPDataError(451, b"Requested action aborted: local error in processing"),
    SMTPDataError(452, b"4.3.1 Insufficient system storage"),
]
OF_THE_MAIL = [
    SMTPRecipientsRefused({MAILBOX: (450, b"mailbox unavailable")}),
    SMTPRecipientsRefused({MAILBOX: (452, b"4.2.2 over quota")}),
    SMTPRecipientsRefused({MAILBOX: (550, b"5.1.1 user unknown")}),
    SMTPSenderRefused(552, b"5.3.4 message size exceeds fixed limit", "from@town.example"),
    SMTPDataError(554, b"5.6.0 content rejected"),
    SMTPNotSupportedError("SMTPUTF8 not supported by server"),
    ValueError("odd header"),
]


@pytest.mark.parametrize("fault", OF_THE_SERVER, ids=repr)
def test_what_the_server_says_of_itself_never_fails_a_message(server, subject, fault):
    server.fault, start = fault, clock.now()
    with clock.at(start):
        write(subject)
    rounds(start, start + DAY, HOUR)
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("pending", 0)
    assert not refusal_of(fault)
    server.fault = None
    with clock.at(start + DAY + 2 * MINUTE):
        assert sweep() == 1
    assert states() == ["sent"]


@pytest.mark.parametrize("fault", OF_THE_MAIL, ids=repr)
def test_what_it_says_of_the_mail_is_an_attempt(server, subject, fault):
    assert strikes_of(fault) == 0
    server.fault, start = fault, clock.now()
    with clock.at(start):
        write(subject)
    rounds(start, start + DAY, HOUR)
    assert states() == ["failed"]


@pytest.mark.parametrize(("fault", "most"), [(OF_THE_SERVER[0], 2), (OF_THE_SERVER[6], ENOUGH)], ids=["cut", "busy"])
def test_a_server_that_takes_nothing_is_asked_a_few_times_a_round(server, subject, fault, most):
    server.fault, start = fault, clock.now()
    with clock.at(start - HOUR):
        for _n in range(2 * ENOUGH):
            write(subject, due_at=start)
    with clock.at(start):
        assert sweep() == most


def test_those_it_takes_nothing_from_keep_nobody_waiting(server, subject):
    """Neither the others that were due as long, nor those who come after."""
    start = clock.now()
    with clock.at(start - HOUR):
        for _n in range(3 * ENOUGH):
            write(subject, due_at=start)
    server.fault = SMTPDataError(451, b"4.3.0 try again")
    server.of = set(Message.objects.values_list("address", flat=True))
    rounds(start, start + 20 * MINUTE, MINUTE)
    later = start + 20 * MINUTE
    with clock.at(later):
        for _n in range(5):
            Message.objects.create(
                key=f"n{_n}", kind="calls.moved", body="x", address=f"n{_n}@town.example", recipient=UserFactory()
            )
        sweep()
        assert len(server.taken) == 5
    server.of = server.of - {Message.objects.filter(state="pending").earliest("pk").address}
    rounds(later + MINUTE, later + 8 * MINUTE, MINUTE)
    assert len(server.taken) == 6


def test_a_connection_that_breaks_under_the_text_may_leave_copies_so_they_are_few_and_it_never_fails(sink, subject):
    sink.cut_each, start = 1, clock.now()
    with clock.at(start):
        write(subject)
    rounds(start, start + DAY)
    assert states() == ["pending"]
    assert 24 <= sink.offered <= 24 * 2 + delivery.MOST_CUTS
    sink.cut_each = 0
    rounds(start + DAY, start + DAY + 40 * MINUTE)
    assert len(sink.taken) == 1
    assert states() == ["sent"]


def test_one_that_hangs_up_lets_all_leave_within_minutes_once_it_is_back(sink, subject):
    sink.is_away, start = True, clock.now()
    with clock.at(start):
        for _n in range(5):
            write(subject)
    rounds(start, start + 3 * HOUR)
    sink.is_away = False
    rounds(start + 3 * HOUR, start + 3 * HOUR + 4 * MINUTE, MINUTE)
    assert len(sink.taken) == 5
    assert states() == ["sent"]


def test_what_is_called_off_in_a_worker_s_hands_does_not_leave_once_it_is_given_back(server):
    letter = {"address": "ada@town.example", "subject": "Code", "body": "Code"}
    row = send_secret(kind_named("account"), key="k", **letter, good_until=clock.now() + HOUR)
    held = delivery.claim(row.pk)
    call_off("k")
    delivery._give_back(held, SMTPServerDisconnected("cut"))
    with clock.at(clock.now() + 5 * MINUTE):
        assert sweep() == 0
    assert states() == ["cancelled"]
    assert not server.taken


def test_a_page_is_answered_while_it_is_away(server, subject):
    server.is_away = True
    write(subject)
    calls = server.calls
    assert Client().get("/").status_code == 200
    assert server.calls == calls
