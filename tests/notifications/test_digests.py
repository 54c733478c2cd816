"""The mail of the day: one for each person and day, at its hour in Paris, with what still serves."""

from datetime import date, timedelta

import pytest
from django.test import override_settings

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import channels, digests
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import replaying
from bethune_smartcity.notifications.tasks import sweep
from calls import notices
from calls.models import Submission
from calls.operations import deadlines
from juries.notices import REMINDER, REMINDERS
from juries.operations.reminders import sheets_still_due
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory, agent_of, draft
from tests.factories.juries import opened

from .test_channels import choose, remind, state_of

pytestmark = pytest.mark.django_db
EVENING = clock.paris(2026, 3, 10, 20, 0)
MORNING = clock.paris(2026, 3, 11, 7, 0)


@pytest.fixture
def reader():
    person = UserFactory()
    choose(person, "daily")
    return person


def gather(person, count=1, *, at=EVENING, **options):
    """So many reminders, put by for the mail of the day at that instant."""
    with clock.at(at - timedelta(days=1)):
        subjects = [draft(CallFactory(closes_at=at + timedelta(days=20))) for _n in range(count)]
    with clock.at(at):
        found = [remind(person, subject=subject, **options) for subject in subjects]
        sweep()
    assert {state_of(one) for one in found} == {"gathered"}
    return found


def at_seven(mails, at=MORNING):
    """Sweep at that instant, and a minute later; the mails of the day that left."""
    before = len(mails)
    for minute in range(2):
        with clock.at(at + timedelta(minutes=minute)):
            sweep()
    return mails[before:]


def test_what_waits_leaves_in_one_mail_at_the_hour_and_never_before(mailoutbox, reader):
    messages = gather(reader, 3)
    with clock.at(MORNING - timedelta(seconds=1)):
        sweep()
    assert mailoutbox == []
    (mail,) = at_seven(mailoutbox)
    assert mail.to == [reader.email]
    for message in messages:
        assert f"https://portail.example{message.path}" in mail.body
        assert (state_of(message), message.digest.kind) == ("shown", digests.DIGEST)
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_is_sent_to_whom_nothing_waits_for(mailoutbox, reader):
    assert at_seven(mailoutbox) == []
    assert digests.plan(MORNING) == 0


def test_the_sweep_costs_one_statement_when_nothing_waits(django_assert_num_queries, reader):
    with django_assert_num_queries(1):
        digests.plan(MORNING)


def test_planning_twice_or_by_two_schedulers_makes_one_mail(mailoutbox, reader):
    gather(reader, 2)
    with clock.at(MORNING):
        assert [digests.plan(MORNING) for _n in range(3)] == [1, 0, 0]
        day, hour = channels.last_hour(MORNING)
        # The other scheduler read the same list of readers before the first wrote.
        assert digests._write(reader.pk, day, hour) == 0
    assert Message.objects.filter(kind=digests.DIGEST).count() == 1
    assert len(at_seven(mailoutbox)) == 1


def test_what_is_put_by_after_the_mail_waits_for_the_next(mailoutbox, reader):
    gather(reader)
    at_seven(mailoutbox)
    (late,) = gather(reader, at=MORNING + timedelta(hours=1), step="late")
    assert at_seven(mailoutbox, MORNING + timedelta(hours=2)) == []
    assert len(at_seven(mailoutbox, MORNING + timedelta(days=1))) == 1
    assert state_of(late) == "shown"


def test_what_came_due_before_the_hour_and_was_put_by_after_the_mail_is_not_lost(mailoutbox, reader):
    gather(reader)
    at_seven(mailoutbox)
    (late,) = gather(reader, at=MORNING - timedelta(minutes=1), step="late")
    assert at_seven(mailoutbox, MORNING + timedelta(minutes=10)) == []
    assert len(at_seven(mailoutbox, MORNING + timedelta(days=1))) == 1
    assert state_of(late) == "shown"


def test_after_two_days_without_a_scheduler_there_is_one_mail(mailoutbox, reader):
    gather(reader, 2)
    late = MORNING + timedelta(days=2, hours=5)
    with clock.at(late):
        assert list(digests.none_waits_too_long()) != []
    assert len(at_seven(mailoutbox, late)) == 1
    with clock.at(late):
        assert list(digests.none_waits_too_long()) == []


@override_settings(DAY_MAIL_HOUR=2)
@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 3, 29), "2026-03-29T01:00"),  # 2 h is missing: 3 h of summer
        (date(2026, 10, 25), "2026-10-25T00:00"),  # 2 h comes twice: the first
        (date(2026, 7, 1), "2026-07-01T00:00"),
        (date(2026, 12, 1), "2026-12-01T01:00"),
    ],
)
def test_the_hour_is_exact_over_both_clock_changes(day, instant, mailoutbox, reader):
    hour = channels.hour_of(day)
    assert f"{hour:%Y-%m-%dT%H:%M}" == instant
    gather(reader, at=hour - timedelta(hours=6))
    with clock.at(hour - timedelta(seconds=1)):
        sweep()
    assert mailoutbox == []
    assert len(at_seven(mailoutbox, hour)) == 1
    # The second two o'clock of autumn brings nothing, nor does any hour of that day.
    gather(reader, at=hour + timedelta(minutes=10), step="more")
    for hours in range(1, 20):
        assert at_seven(mailoutbox, hour + timedelta(hours=hours)) == []
    assert len(at_seven(mailoutbox, channels.hour_of(day + timedelta(days=1)))) == 1


@pytest.mark.parametrize("hour", range(24))
def test_days_follow_each_other_without_a_gap_or_a_double(hour):
    with override_settings(DAY_MAIL_HOUR=hour):
        for start in (date(2026, 3, 27), date(2026, 10, 23)):
            days = [start + timedelta(days=n) for n in range(5)]
            hours = [channels.hour_of(day) for day in days]
            assert hours == sorted(set(hours))
            for day, at, following in zip(days, hours, hours[1:], strict=False):
                for moment in (at, following - timedelta(seconds=1)):
                    assert channels.last_hour(moment) == (day, at)
                    assert channels.next_hour(moment) == following


def test_it_is_in_its_readers_language(mailoutbox):
    person = UserFactory(language="de")
    choose(person, "daily")
    gather(person, 2)
    (mail,) = at_seven(mailoutbox)
    assert mail.subject == "2 Nachrichten für Sie am 11.\xa0März 2026"
    assert "Guten Tag" in mail.body
    assert "https://portail.example/de/" in mail.body


def test_a_draft_handed_in_or_given_another_date_falls_out(mailoutbox, reader):
    kept, moved, gone, handed = gather(reader, 4)
    drafts = {m.pk: Submission.objects.select_related("call").get(pk=m.about_id) for m in (moved, gone, handed)}
    with clock.at(EVENING + timedelta(hours=1)):
        call = drafts[moved.pk].call
        deadlines.move_deadline(
            call, "closes_at", call.closes_at + timedelta(days=7), reason="More time", by=agent_of(call)
        )
        Submission.objects.filter(pk=drafts[gone.pk].pk).update(state="withdrawn", submitted_at=None)
        handed_in = {"state": "submitted", "submitted_at": clock.now(), "number": "X1"}
        Submission.objects.filter(pk=drafts[handed.pk].pk).update(**handed_in)
    # That a date moved is told at once, in a mail of its own.
    (mail,) = [one for one in at_seven(mailoutbox) if one.to == [reader.email] and kept.path in one.body]
    for message in (moved, gone, handed):
        assert message.path not in mail.body
        assert (state_of(message), message.digest) == ("shown", None)
        assert message in inbox(reader)


def test_a_date_that_passed_falls_out_and_leaves_no_empty_mail(mailoutbox, reader):
    (message,) = gather(reader)
    assert at_seven(mailoutbox, message.expires_at + timedelta(days=1)) == []
    assert state_of(message) == "shown"


def test_sheets_handed_in_fall_out(mailoutbox):
    jury = opened()
    panel, person = jury.panel, jury.jurors[1].user
    panel.refresh_from_db()
    message = Message(kind=REMINDER, about_id=str(panel.pk), recipient=person, pk=1, expires_at=panel.due_at)
    other = Message(kind=REMINDER, about_id=str(panel.pk), recipient=UserFactory(), pk=2, expires_at=panel.due_at)
    moved = Message(
        kind=REMINDER, about_id=str(panel.pk), recipient=person, pk=3, expires_at=clock.now() + timedelta(days=99)
    )
    assert panel.state == "open"
    assert sheets_still_due([message, other, moved]) == {1}
    type(panel).objects.filter(pk=panel.pk).update(state="locked")
    assert sheets_still_due([message]) == set()


def test_messages_of_a_closed_account_are_told_to_nobody(mailoutbox, reader):
    gather(reader)
    type(reader).objects.filter(pk=reader.pk).update(is_active=False)
    assert at_seven(mailoutbox) == []


def test_what_asks_for_something_comes_first_and_the_nearest_date_at_its_top(mailoutbox, reader):
    choose(reader, "daily", notices.ANSWERS)
    far, near = gather(reader, 2)
    news = gather(reader, 1, step="news")[0]
    Message.objects.filter(pk=far.pk).update(expires_at=far.expires_at + timedelta(days=1))
    Message.objects.filter(pk=news.pk).update(kind=notices.ANSWERED)
    rows = list(Message.objects.filter(recipient=reader).select_related("recipient"))
    told = [words for section in digests.sections(rows) for words in section.lines]
    assert [address.split("example")[1] for _words, address in told] == [near.path, far.path, news.path]


def test_a_choice_to_stop_the_mail_of_the_day_stops_all_of_it(client, mailoutbox, reader):
    choose(reader, "daily", notices.ANSWERS)
    choose(reader, "now", REMINDERS)
    gather(reader)
    (mail,) = at_seven(mailoutbox)
    stop = mail.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://portail.example")
    assert client.post(stop).status_code == 200
    assert channels.choices_of(reader) == {
        notices.REMINDERS: "portal",
        notices.ANSWERS: "portal",
        REMINDERS: "now",
    }


def test_it_is_not_listed_beside_what_it_tells(mailoutbox, reader):
    messages = gather(reader, 2)
    at_seven(mailoutbox)
    with clock.at(MORNING + timedelta(hours=1)):
        assert set(inbox(reader)) == set(messages)


def test_a_mail_server_at_fault_delays_it_and_loses_nothing(monkeypatch, mailoutbox, reader):
    gather(reader, 2)
    with monkeypatch.context() as patch:
        patch.setattr("bethune_smartcity.notifications.delivery.mail_for", lambda _message: 1 / 0)
        assert at_seven(mailoutbox) == []
    assert len(at_seven(mailoutbox, MORNING + timedelta(hours=1))) == 1


def test_a_history_that_is_replayed_is_put_in_no_mail(mailoutbox, reader):
    with clock.at(EVENING), replaying():
        remind(reader)
    assert at_seven(mailoutbox) == []


@pytest.mark.parametrize("count", [1, 3, 100])
def test_one_mail_costs_the_same_whatever_it_holds(count, django_assert_num_queries, reader):
    with clock.at(EVENING):
        call = CallFactory(closes_at=EVENING + timedelta(days=20))
        subject = draft(call)
        first = remind(reader, subject=subject)
        rows = []
        for n in range(count - 1):
            copy = Message.objects.get(pk=first.pk)
            copy.pk, copy.key, copy._state.adding = None, f"{first.key}:{n}", True
            rows.append(copy)
        Message.objects.bulk_create(rows)
        Message.objects.filter(recipient=reader).update(state="gathered")
    day, hour = channels.last_hour(MORNING)
    with clock.at(MORNING), django_assert_num_queries(11):
        assert digests._write(reader.pk, day, hour) == 1
