"""After an outage nobody is reminded of what they did meanwhile: what waited is asked once more before it leaves."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications import delivery, outlived
from bethune_smartcity.notifications.invariants import nothing_due_waits
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import deliver, sweep
from calls.models import Submission
from calls.operations.reminders import plan_closing
from juries.models import Panel
from juries.operations import panels
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, draft
from tests.factories.juries import opened, write_all

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
State = Message.State


@pytest.fixture
def call():
    return CallFactory(closes_at=clock.now() + 3 * DAY)


def reminders(call, n):
    """`n` drafts reminded two days before the close, whose mails could not leave."""
    drafts = [draft(call) for _n in range(n)]
    with clock.at(call.closes_at - 2 * DAY):
        plan_closing(clock.now())
    assert Message.objects.filter(kind="calls.closing", state=State.PENDING).count() == n
    return drafts


def hand_in(*drafts):
    """Each was handed in meanwhile."""
    for n, one in enumerate(drafts):
        stamps = {"submitted_at": clock.now(), "number": f"OUT-{n:04}"}
        Submission.objects.filter(pk=one.pk).update(state="submitted", **stamps)


def about(subject):
    return Message.objects.get(kind="calls.closing", about_id=str(subject.pk))


def test_who_handed_in_during_an_outage_is_not_reminded_and_the_journal_says_so(call, mailoutbox):
    done, begun = reminders(call, 2)
    hand_in(done)
    with clock.at(call.closes_at - 2 * DAY + 3 * HOUR):
        sweep()
        assert not list(nothing_due_waits())
    assert [mail.to for mail in mailoutbox] == [[owner_of(begun.structure).email]]
    assert about(done).state == State.EXPIRED
    assert about(begun).state == State.SENT
    line = JournalEntry.objects.get(verb="drop_reminder")
    assert (line.subject_id, line.data) == (str(about(done).pk), {"why": "over"})


def test_a_close_that_moved_during_it_is_told_by_its_own_reminders(call, mailoutbox):
    [begun] = reminders(call, 1)
    type(call).objects.filter(pk=call.pk).update(closes_at=call.closes_at + 9 * DAY)
    with clock.at(call.closes_at - 2 * DAY + 3 * HOUR):
        deliver(about(begun).pk)
    assert not mailoutbox
    assert about(begun).state == State.EXPIRED


def test_a_worker_that_is_woken_late_asks_as_well(call, mailoutbox):
    done, begun = reminders(call, 2)
    hand_in(done)
    with clock.at(call.closes_at - 2 * DAY + 3 * HOUR):
        assert not deliver(about(done).pk)
        assert deliver(about(begun).pk)
    assert len(mailoutbox) == 1


def test_what_leaves_at_once_is_not_asked_and_what_nobody_asks_of_always_leaves(call, mailoutbox):
    [done] = reminders(call, 1)
    hand_in(done)
    Message.objects.create(key="receipt", kind="calls.receipt", address="a@demo.example", body="Received.")
    with clock.at(call.closes_at - 2 * DAY + outlived.WAITED):
        sweep()
    assert len(mailoutbox) == 2


def test_a_juror_who_handed_everything_in_is_not_reminded_by_hand_either(mailoutbox):
    jury = opened(jurors=1, applications=1, readings=1, due_at=clock.now() + 9 * DAY)
    panels.nudge(jury.jurors[0], by=jury.chair)
    write_all(jury)
    with clock.at(clock.now() + HOUR):
        assert not delivery.drop_outlived(Message.objects.filter(kind="juries.nudge").values_list("pk", flat=True))
    Panel.objects.filter(pk=jury.panel.pk).update(state="locked")
    assert not mailoutbox


@pytest.mark.parametrize("n", [1, 3, 100])
def test_a_batch_asks_so_many_statements_whatever_its_length(call, n):
    drafts = reminders(call, n)
    hand_in(*drafts)
    ContentType.objects.get_for_model(Message)
    keys = list(Message.objects.filter(kind="calls.closing").values_list("pk", flat=True))
    with clock.at(call.closes_at - DAY), CaptureQueriesContext(connection) as asked:
        assert not delivery.drop_outlived(keys)
    verbs = [one["sql"].split()[0] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert verbs[:4] == ["SELECT", "SELECT", "SELECT", "UPDATE"]
    assert verbs[4:] == ["INSERT"] * len(verbs[4:])
    assert len(verbs[4:]) <= 1 + n // 80
    assert JournalEntry.objects.filter(verb="drop_reminder").count() == n
