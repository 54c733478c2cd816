"""What followers are being told, midway: held back, let go and called off between two batches, with how far it went."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.wording import Complements
from bethune_smartcity.notifications import begun, broadcasts, following
from bethune_smartcity.notifications.broadcasts import tell_followers, write_due
from bethune_smartcity.notifications.forgetting import followers_told_in_time
from bethune_smartcity.notifications.holders import holder_of
from bethune_smartcity.notifications.models import Broadcast, Message, Subscription
from bethune_smartcity.notifications.tasks import sweep
from calls.models import Call, CallAgent, DeadlineMove
from calls.operations.deadlines import move_deadline
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft
from tests.factories.news import article

from .leaving import PAGE, browser, lines

pytestmark = pytest.mark.django_db
KIND = "calls.opens"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    """Two are written to at once."""
    monkeypatch.setattr(broadcasts, "BATCH", 2)


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(call):
    return agent_of(call)


def follow(number, topic="calls.opening", about=0, start=0):
    moment = clock.now()
    Subscription.objects.bulk_create(
        Subscription(
            topic=topic,
            about=about,
            holder=holder_of(f"{start + n}@town.example"),
            address=f"{start + n}@town.example",
            language="fr",
            confirmed_at=moment,
        )
        for n in range(number)
    )


def midway(call, number=5):
    """What followers of `call` are being told, once two of so many are written to."""
    follow(number)
    row = tell_followers(KIND, subject=call)
    batch(row, call)
    assert row.written == 2
    return row


def batch(row, subject):
    """A worker writes the next batch, and no more."""
    broadcasts._write_batch(row, broadcasts.bulletin_of(row.kind), subject)
    row.refresh_from_db()


def line_of(client):
    [found] = [line for line in lines(client) if line.ref.startswith("broadcast-")]
    return found


def act(client, line, name):
    return client.post(reverse("notifications:leaving-act", kwargs={"ref": line.ref, "act": name}), follow=True)


def text_of(page):
    return page.text.replace("\u00a0", " ").replace("\u202f", " ")


def addresses():
    return sorted(Message.objects.filter(kind=KIND).values_list("address", flat=True))


# --- From the page ---


def test_the_rest_is_held_back_let_go_and_each_is_written_to_once(call, agent, mailoutbox):
    row, client = midway(call), browser(agent)
    line = line_of(client)
    assert (line.count, line.is_held) == (3, False)
    assert "2 écrits jusqu’ici, 3 restants" in text_of(client.get(PAGE))
    said = text_of(act(client, line, "hold"))
    assert "Le reste est retenu. 2 écrits jusqu’ici, 3 restants." in said
    assert [one.ref for one in client.get(PAGE).context["held"]] == [line.ref]
    sweep()
    assert len(addresses()) == 2, "what was written stays, and leaves"
    assert Message.objects.filter(kind=KIND, state="sent").count() == 2
    said = text_of(act(client, line_of(client), "release"))
    assert "Le reste partira. 2 écrits jusqu’ici, 3 restants." in said
    sweep()
    assert addresses() == [f"{n}@town.example" for n in range(5)]
    assert sorted(mail.to[0] for mail in mailoutbox) == addresses()
    row.refresh_from_db()
    assert (row.written, bool(row.ended_at), row.held_at, row.cancelled_at) == (5, True, None, None)


@pytest.mark.parametrize("is_held", [False, True], ids=["running", "held"])
def test_the_rest_is_called_off_for_good_and_what_is_written_leaves(call, agent, is_held):
    row, client = midway(call), browser(agent)
    if is_held:
        act(client, line_of(client), "hold")
    asked = text_of(
        client.get(reverse("notifications:leaving-act", kwargs={"ref": line_of(client).ref, "act": "cancel"}))
    )
    assert "2 écrits jusqu’ici, 3 restants" in asked
    assert "définitif" in asked
    line = line_of(client)
    said = text_of(act(client, line, "cancel"))
    assert "Le reste ne partira jamais. 2 écrits jusqu’ici, 3 restants." in said
    sweep()
    assert len(addresses()) == 2
    assert not [one for one in lines(client) if one.ref == line.ref]
    assert "n’est plus prévu" in act(client, line, "release").text
    row.refresh_from_db()
    assert (row.written, row.held_at) == (2, None)
    assert row.ended_at == row.cancelled_at
    # Nor is it asked for again.
    tell_followers(KIND, subject=call)
    sweep()
    assert len(addresses()) == 2


def test_what_nobody_was_written_of_yet_is_held_back_too(call, agent):
    follow(3)
    tell_followers(KIND, subject=call)
    client = browser(agent)
    said = text_of(act(client, line_of(client), "hold"))
    assert "Aucun message écrit pour l’instant, 3 restants." in said
    sweep()
    assert not addresses()


def test_each_act_is_in_the_journal_of_the_call_with_how_far_it_went(call, agent):
    midway(call)
    client = browser(agent)
    for name in ("hold", "release", "cancel"):
        act(client, line_of(client), name)
    found = list(JournalEntry.objects.filter(subject_id=str(call.pk), actor=agent).order_by("pk"))
    assert [line.verb for line in found] == ["hold_reminder", "release_reminder", "cancel_reminder"]
    assert all(line.data == {"broadcast": KIND, "written_to": 2, "left_to_write": 3} for line in found)
    words = Complements(found, agent).of(found[0], Call)
    assert words.replace("\u00a0", " ").endswith("2 écrits jusqu’ici, 3 restants")


# --- Who ---


def test_who_may_only_read_the_call_has_no_button_and_others_do_not_know_it(call):
    row = midway(call)
    reader, stranger = agent_of(call, CallAgent.Right.SCREEN), agent_of(CallFactory())
    address = reverse("notifications:leaving-act", kwargs={"ref": f"broadcast-{row.pk}", "act": "hold"})
    assert line_of(browser(reader)).handle is None
    assert address not in browser(reader).get(PAGE).text
    assert browser(reader).post(address).status_code == 403
    assert browser(stranger).get(address).status_code == 404
    browser(stranger).post(address)
    for act_of in (begun.hold, begun.cancel):
        with pytest.raises(Forbidden):
            act_of(row, by=reader)
    row.refresh_from_db()
    assert (row.held_at, row.ended_at) == (None, None)
    assert not JournalEntry.objects.filter(verb="hold_reminder").exists()


def test_nothing_makes_it_leave_at_once(call, agent):
    row = midway(call)
    address = reverse("notifications:leaving-act", kwargs={"ref": f"broadcast-{row.pk}", "act": "send"})
    assert browser(agent).post(address).status_code == 403


@pytest.mark.parametrize("right", CallAgent.Right.values)
def test_the_page_and_the_operation_say_the_same_of_who_may(call, right):
    """What `run_by` finds for many is what the permission says of one: calls, dates that moved, articles."""
    person = agent_of(call, right)
    moved = move_deadline(call, "closes_at", call.closes_at + timedelta(days=2), reason="Pont", by=agent_of(call))
    for kind, subject in (
        (KIND, call),
        ("calls.published", call),
        ("calls.date_moved", moved),
        ("portal.newsletter", article()),
    ):
        row = tell_followers(kind, subject=subject)
        [found] = begun.run_by(person, Broadcast.objects.filter(pk=row.pk))
        assert found.is_run == may_hold(row, person), kind


def may_hold(row, person):
    try:
        with transaction.atomic():
            begun.hold(row, by=person)
            transaction.set_rollback(True)
    except Forbidden:
        return False
    return True


# --- The worker ---


def hold_after_first_batch(monkeypatch, row, agent):
    """An agent holds it back while the worker that writes it goes on to its next batch."""
    write, done = broadcasts._write_batch, []

    def and_hold(broadcast, *facts):
        count = write(broadcast, *facts)
        if not done:
            done.append(begun.hold(Broadcast.objects.get(pk=row.pk), by=agent))
        return count

    monkeypatch.setattr(broadcasts, "_write_batch", and_hold)


@pytest.mark.parametrize("is_asked", [True, False], ids=["guarded", "control"])
def test_a_worker_notices_between_two_batches(monkeypatch, call, agent, is_asked):
    """The control: whoever does not ask before each batch writes to everyone."""
    if not is_asked:
        monkeypatch.setattr(broadcasts, "WRITABLE", Q(ended_at__isnull=True))
    follow(6)
    row = tell_followers(KIND, subject=call)
    hold_after_first_batch(monkeypatch, row, agent)
    write_due(clock.now())
    assert len(addresses()) == (2 if is_asked else 6)


def test_one_held_back_is_no_fault_of_the_worker_and_says_so_to_whoever_watches(call, agent):
    row = midway(call)
    begun.hold(row, by=agent)
    with clock.at(clock.now() + timedelta(hours=3)):
        assert not list(followers_told_in_time())
        begun.release(row, by=agent)
        assert [str(row.pk) in sentence for sentence in followers_told_in_time()] == [True]


def test_what_is_no_news_any_more_when_it_is_let_go_ends_there(call, agent):
    row = midway(call)
    begun.hold(row, by=agent)
    with clock.at(call.closes_at + timedelta(minutes=1)):
        begun.release(row, by=agent)
        sweep()
    row.refresh_from_db()
    assert (row.written, bool(row.ended_at), row.cancelled_at) == (2, True, None)


def test_two_agents_at_once_one_is_told(call, agent):
    row = midway(call)
    begun.hold(row, by=agent)
    with pytest.raises(Conflict):
        begun.hold(row, by=agent)
    begun.cancel(row, by=agent)
    for act_of in (begun.hold, begun.release, begun.cancel):
        with pytest.raises(Conflict):
            act_of(row, by=agent)


@pytest.mark.parametrize(
    "columns", [{"held_at": True, "ended_at": True}, {"cancelled_at": True}], ids=["held", "called off"]
)
def test_the_database_keeps_no_half_of_it(call, columns):
    row, moment = midway(call), clock.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Broadcast.objects.filter(pk=row.pk).update(**dict.fromkeys(columns, moment))


# --- The numbers ---


def test_each_mailbox_counts_once_by_whatever_ways_it_follows(call, agent):
    follow(3)
    follow(2, topic=Call.TOPIC, about=call.pk)
    row = tell_followers(KIND, subject=call)
    assert begun.left_of([row]) == {row.pk: 3}
    for written, left in ((2, 1), (3, 0), (3, 0)):
        batch(row, call)
        assert (row.written, begun.left_of([row])[row.pk]) == (written, left)
    assert row.ended_at
    assert len(addresses()) == 3


def test_who_is_told_otherwise_or_came_later_or_left_is_not_counted(call):
    follow(4, topic=Call.TOPIC, about=call.pk)
    person, gone = owner_of(draft(call).structure), UserFactory()
    for one in (person, gone):
        following.follow([(Call.TOPIC, call.pk)], by=one)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    move_deadline(call, "closes_at", call.closes_at + timedelta(days=2), reason="Pont", by=agent_of(call))
    row = Broadcast.objects.get(kind="calls.date_moved", subject_id=str(DeadlineMove.objects.get().pk))
    with clock.at(clock.now() + timedelta(minutes=1)):
        follow(1, topic=Call.TOPIC, about=call.pk, start=90)
        assert begun.left_of([row]) == {row.pk: 4}
        write_due(clock.now())
    row.refresh_from_db()
    assert (row.written, bool(row.ended_at)) == (4, True)


def test_what_it_asks_does_not_grow_with_what_is_told(agent, call):
    client = browser(agent)

    def grow():
        more = CallFactory(agent=agent)
        tell_followers(KIND, subject=more)
        tell_followers("portal.newsletter", subject=article())
        move_deadline(more, "closes_at", more.closes_at + timedelta(days=2), reason="Pont", by=agent)

    def statements():
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    grow()
    once = statements()
    for _n in range(3):
        grow()
    assert statements() == once
