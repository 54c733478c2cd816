"""A message is a row first: written once, sent once, whatever happens to the mail server."""

import sys
from datetime import timedelta
from itertools import count
from smtplib import SMTPDataError, SMTPServerDisconnected
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends import base
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import override

from bethune_smartcity.celery import WakeUpTask
from bethune_smartcity.core import clock
from bethune_smartcity.notifications import delivery, outbox, planners
from bethune_smartcity.notifications.delivery import headers_of
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.invariants import nothing_due_waits
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import FEW, notify, release, replaying
from bethune_smartcity.notifications.paths import path_of
from bethune_smartcity.notifications.secrets import send_secret
from bethune_smartcity.notifications.tasks import deliver, sweep
from tests.factories.accounts import AgentFactory, UserFactory, belong
from tests.factories.calls import CallFactory, agent_of, draft

pytestmark = pytest.mark.django_db
CONTEXT = {"lacks": [], "closes": "Tuesday"}


def write(person, subject=None, step="", **options):
    # A close that no reminder of its own is near to.
    subject = subject or draft(CallFactory(closes_at=clock.now() + timedelta(days=20)))
    belong(subject.structure, person)
    options["context"] = CONTEXT | {"call": subject.call}
    return notify(
        "calls.closing",
        subject=subject,
        recipients=[person],
        page="calls:check",
        keys={"pk": subject.pk},
        step=step,
        **options,
    )


def test_a_message_is_written_once_for_its_kind_subject_step_and_reader():
    person, subject = UserFactory(), draft()
    for step in ("one", "one", "two"):
        write(person, subject, step)
    assert Message.objects.filter(recipient=person).count() == 2


def test_nothing_is_sent_before_the_event_is_certain(mailoutbox, django_capture_on_commit_callbacks):
    @transaction.atomic
    def fail():
        write(UserFactory())
        raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        fail()
    assert not Message.objects.exists()
    assert not mailoutbox
    with django_capture_on_commit_callbacks(execute=True):
        write(UserFactory())
    assert len(mailoutbox) == 1


def test_only_one_worker_claims_a_message():
    write(UserFactory())
    message = Message.objects.get()
    assert delivery.claim(message.pk) == message
    assert delivery.claim(message.pk) is None
    with clock.at(clock.now() + delivery.STUCK_AFTER + timedelta(seconds=1)):
        assert delivery.claim(message.pk).attempts == 2
    assert delivery.message_id(message) == delivery.message_id(Message.objects.get())


def test_a_sweep_sends_what_was_left_and_a_second_one_nothing(mailoutbox):
    write(UserFactory())
    assert sweep() == 1
    assert sweep() == 0
    assert [m.state for m in Message.objects.all()] == ["sent"]
    assert len(mailoutbox) == 1


def refuse(self):
    raise SMTPDataError(450, b"4.2.1 mailbox busy")


def test_what_the_server_refuses_for_now_is_offered_again_later_and_at_last_given_up(monkeypatch, mailoutbox):
    monkeypatch.setattr(EmailMessage, "send", refuse)
    write(UserFactory())
    now = clock.now()
    for attempt in range(delivery.MAX_ATTEMPTS):
        with clock.at(now):
            assert sweep() == 1
            assert sweep() == 0
        now += timedelta(minutes=2 ** (attempt + 1))
    message = Message.objects.get()
    assert (message.state, message.error) == ("failed", "(450, b'4.2.1 mailbox busy')")


def unsent():
    """The one message the invariant names; False for none."""
    found = list(nothing_due_waits())
    assert len(found) <= 1
    return bool(found)


def test_a_message_that_could_not_be_sent_stays_on_its_reader_s_page_and_is_reported(mailoutbox, monkeypatch):
    person, fixed = UserFactory(), clock.now()
    with clock.at(fixed):
        write(person)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        for attempt in range(delivery.MAX_ATTEMPTS):
            with clock.at(fixed + timedelta(minutes=2 ** (attempt + 1))):
                assert sweep() == 1
                assert [message.due_at for message in inbox(person)] == [fixed]
                assert unsent() == (2 ** (attempt + 1) > 60)
    failed = Message.objects.get()
    assert failed.state == "failed"
    with clock.at(fixed + timedelta(days=1)):
        assert unsent()
        outbox.resend(failed, by=AgentFactory(is_administrator=True))
        assert sweep() == 1
        assert not unsent()
    assert len(mailoutbox) == 1
    assert [message.due_at for message in inbox(person)] == [fixed]


def test_a_failed_message_that_is_cancelled_is_settled(monkeypatch):
    write(UserFactory())
    Message.objects.update(state="failed", due_at=clock.now() - timedelta(days=1))
    assert unsent()
    outbox.cancel(Message.objects.get(), by=AgentFactory(is_administrator=True))
    assert not unsent()


def test_a_message_due_later_waits(mailoutbox):
    later = clock.now() + timedelta(days=1)
    write(UserFactory(), due_at=later)
    assert sweep() == 0
    with clock.at(later):
        assert sweep() == 1


def test_a_replayed_message_is_history(mailoutbox):
    with replaying():
        write(UserFactory())
    message = Message.objects.get()
    assert (message.state, message.replayed) == ("sent", True)
    assert sweep() == 0
    assert not mailoutbox


def test_text_written_by_people_stays_plain_in_mails():
    call = CallFactory(title="<b>Mobility</b> & more")
    write(agent_of(call), draft(call))
    assert "<b>Mobility</b> & more" in Message.objects.get().body


def test_a_planner_at_fault_is_logged_and_stops_neither_the_others_nor_the_deliveries(monkeypatch, mailoutbox):
    logged = []
    monkeypatch.setattr(planners.log, "exception", lambda text, *args: logged.append((text % args, sys.exception())))

    def fail(until):
        raise RuntimeError("no such column")

    asked = []
    monkeypatch.setitem(planners._planners, "a", fail)
    monkeypatch.setitem(planners._planners, "z", lambda until: asked.append(until) or 1)
    write(UserFactory())
    assert sweep() == 1
    assert len(asked) == len(mailoutbox) == 1
    assert [(text, str(fault)) for text, fault in logged] == [("the planner a failed", "no such column")]


def test_messages_whose_text_is_not_kept_leave_the_queue_to_the_others(mailoutbox):
    write(UserFactory())
    long_ago = clock.now() - timedelta(days=1)
    stuck = {"kind": "account", "state": "claimed", "due_at": long_ago, "claimed_at": long_ago}
    Message.objects.bulk_create(Message(key=f"secret {n}", **stuck) for n in range(3))
    assert delivery.due_ids(limit=2) == [Message.objects.exclude(body="").get().pk]
    assert sweep() == 1


def test_only_what_waits_about_these_subjects_is_let_go(mailoutbox, django_capture_on_commit_callbacks):
    person, later = UserFactory(), clock.now() + timedelta(days=5)
    subject, other = draft(), draft()
    for about in (subject, other):
        for step in ("one", "two"):
            write(person, about, step, due_at=later)
    with django_capture_on_commit_callbacks(execute=True):
        assert release("calls.closing", subjects=[subject], step="two") == 1
        assert release("calls.moved", subjects=[subject]) == 0
    assert len(mailoutbox) == 1
    assert release("calls.closing", subjects=[subject]) == 1
    assert release("calls.closing", subjects=[subject]) == 0
    assert Message.objects.filter(due_at=later).count() == 2


# --- The mail server at fault, the minute's limit, what is of no use any more ---


class Server(base.BaseEmailBackend):
    """A mail server of tests: `is_away` when it lets nobody in, `cuts` the mails it does not take, by their place."""

    is_away, cuts, openings, tried, taken = False, frozenset(), 0, 0, []

    def open(self):
        if Server.is_away:
            raise ConnectionRefusedError("nobody there")
        if not getattr(self, "is_open", False):
            self.is_open = True
            Server.openings += 1

    def close(self):
        self.is_open = False

    def send_messages(self, mails):
        Server.tried += 1
        if Server.tried in Server.cuts:
            raise SMTPServerDisconnected("cut")
        Server.taken += mails
        return len(mails)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    for name, value in {"is_away": False, "cuts": frozenset(), "openings": 0, "tried": 0, "taken": []}.items():
        monkeypatch.setattr(Server, name, value)
    return Server


def write_many(number, **options):
    subject = draft(CallFactory(closes_at=clock.now() + timedelta(days=20)))
    for _n in range(number):
        write(UserFactory(), subject, **options)


def names(mails):
    return sorted(mail.extra_headers["Message-ID"] for mail in mails)


def test_a_round_uses_one_connection_and_a_new_one_after_a_fault(server, monkeypatch):
    write_many(7)
    server.cuts = frozenset({3})
    now = clock.now()
    with clock.at(now):
        assert sweep() == 7
    assert (server.openings, len(server.taken)) == (2, 6)
    with clock.at(now + timedelta(minutes=2)):
        assert sweep() == 1
    assert len(set(names(server.taken))) == 7


def test_a_server_that_is_away_is_asked_once_a_round_and_everything_leaves_when_it_is_back(server):
    write_many(5)
    server.is_away, start = True, clock.now()
    for minute in range(60):
        with clock.at(start + timedelta(minutes=minute)):
            assert sweep() <= 1
    assert Message.objects.filter(state="pending").count() == 5
    assert Message.objects.aggregate(most=Max("attempts"))["most"] < delivery.MAX_ATTEMPTS
    server.is_away = False
    for minutes in (61, 62, 200):
        with clock.at(start + timedelta(minutes=minutes)):
            sweep()
    assert len(server.taken) == len(set(names(server.taken))) == 5


@pytest.mark.parametrize("is_dated", [True, False], ids=["guarded", "control"])
def test_a_reminder_of_a_date_that_is_past_is_not_sent(server, is_dated):
    closes = clock.now() + timedelta(hours=1)
    write(UserFactory(), expires_at=closes if is_dated else None)
    server.is_away = True
    sweep()
    server.is_away = False
    with clock.at(closes):
        assert sweep() == (0 if is_dated else 1)
        assert not unsent()
    assert len(server.taken) == (0 if is_dated else 1)
    assert Message.objects.get().state == ("expired" if is_dated else "sent")


def test_no_more_leave_in_a_minute_than_the_setting_says_and_secrets_go_first(server, settings):
    settings.MAILS_PER_MINUTE = 3
    start = clock.now()
    with clock.at(start):
        write_many(4)
        letter = {"address": "ada@demo.example", "subject": "Code", "body": "Code"}
        late = send_secret(kind_named("account"), key="k", **letter, good_until=start + timedelta(minutes=15))
        assert sweep() == 3
        late.refresh_from_db()
        assert late.state == "sent"
        waiting = Message.objects.filter(state="pending").values_list("pk", flat=True)
        assert not deliver.run(waiting[0])
        urgent = send_secret(kind_named("account"), key="l", **letter, good_until=start + timedelta(minutes=15))
        assert deliver.run(urgent.pk), "whoever waits for a code does not wait for the others"
        assert sweep() == 0
    with clock.at(start + timedelta(minutes=1, seconds=1)):
        assert sweep() == 2
    assert len(server.taken) == 6


def test_a_round_ends_in_time_for_the_next(server, monkeypatch):
    ticks = count(step=20)
    monkeypatch.setattr(delivery, "monotonic", lambda: next(ticks))
    write_many(5)
    assert [sweep(), sweep(), sweep()] == [3, 2, 0]


def test_many_at_once_wake_one_worker(monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(WakeUpTask, "delay", lambda task, *keys: woken.append((task.name.rpartition(".")[2], *keys)))
    subject, people = draft(CallFactory()), UserFactory.create_batch(FEW + 1)
    for recipients in (people, people[:1]):
        Message.objects.all().delete()
        woken.clear()
        with django_capture_on_commit_callbacks(execute=True):
            context = CONTEXT | {"call": subject.call}
            page = {"page": "calls:check", "keys": {"pk": subject.pk}}
            notify("calls.closing", subject=subject, recipients=recipients, **page, context=context)
        assert [name for name, *_keys in woken] == (["drain"] if len(recipients) > 1 else ["deliver"])


@pytest.mark.parametrize("language", ["fr", "en", "de", "nl"])
def test_the_address_of_a_row_is_that_of_its_page_in_each_language(language):
    keys = [uuid4(), uuid4()]
    with override(language):
        pages = [reverse("calls:check", kwargs={"pk": key}) for key in keys]
    assert [path_of("calls:check", {"pk": key}, language) for key in keys] == pages


def test_no_programme_answers_a_mail_for_the_absent():
    headers = headers_of(Message(pk=1, kind="calls.receipt", language="fr"))
    assert headers["Auto-Submitted"] == "auto-generated"  # RFC 3834
    assert headers["X-Auto-Response-Suppress"] == "OOF, AutoReply"
