"""A message is a row first: written once, sent once, whatever happens to the mail server."""

import sys
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import delivery, outbox, planners
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.invariants import nothing_due_waits
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import notify, release, replaying
from bethune_smartcity.notifications.tasks import sweep
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of, draft

pytestmark = pytest.mark.django_db
CONTEXT = {"lacks": [], "closes": "Tuesday"}


def write(person, subject=None, step="", **options):
    # A close that no reminder of its own is near to.
    subject = subject or draft(CallFactory(closes_at=clock.now() + timedelta(days=20)))
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
    raise OSError("no mail server")


def test_a_mail_server_at_fault_is_asked_again_later_and_at_last_given_up(monkeypatch, mailoutbox):
    monkeypatch.setattr(EmailMessage, "send", refuse)
    write(UserFactory())
    now = clock.now()
    for attempt in range(delivery.MAX_ATTEMPTS):
        with clock.at(now):
            assert sweep() == 1
            assert sweep() == 0
        now += timedelta(minutes=2 ** (attempt + 1))
    message = Message.objects.get()
    assert (message.state, message.error) == ("failed", "no mail server")


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
