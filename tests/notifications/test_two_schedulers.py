"""Two schedulers at one instant: each planner is run by both, each at the point where both have read and neither has
written; then both send. Everyone is written to and mailed once.
"""

import itertools
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import broadcasts, channels, delivery, digests, following, operations, tidings
from bethune_smartcity.notifications import planners as rounds
from bethune_smartcity.notifications.models import Broadcast, Message
from bethune_smartcity.portal import weekly
from calls import notices
from calls.models import CallAgent, Clarification
from calls.operations import letters as bulk
from calls.queries.letters import people_of
from projects.models import Milestone
from tests.factories import news, projects
from tests.factories.accounts import StructureFactory, UserFactory, join
from tests.factories.calls import CallFactory, agent_of, draft
from tests.factories.juries import opened, prepared
from tests.racing import racing, together

from .test_channels import choose, remind

pytestmark = racing
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Where both have read what is due, and neither has written: a module and the name of what it calls there.
BETWEEN = {
    "calls.drafts": (operations, "write_down"),
    "juries.reading": (operations, "write_down"),
    "juries.finale": (operations, "write_down"),
    "juries.finalists": (operations, "write_down"),
    "projects.steps": (operations, "write_down"),
    "projects.to_request": (operations, "write_down"),
    "projects.to_approve": (operations, "write_down"),
    "calls.followers": (tidings, "let_through"),
    "portal.news": (tidings, "let_through"),
    "notifications.broadcasts": (broadcasts, "_write_batch"),
    "calls.letters": (bulk, "_begin"),
    "portal.weekly": (weekly, "_write"),
    "notifications.digests": (digests, "_write"),
}
# Those that write nothing.
FORGETTING = {"notifications.forget", "accounts.invitations", "juries.invitations"}
# What they write of, in that order: what some ask for, others write.
ORDER = list(BETWEEN)
# Seconds one waits for the other, who may be held up elsewhere.
PATIENCE = 1.5


def monday():
    """A Monday to come, an hour after the letters of the week leave."""
    return weekly.next_monday(clock.now()) + HOUR


def drafts_and_followers(at):
    with clock.at(at - 10 * DAY):
        call = CallFactory(closes_at=at + 7 * DAY - HOUR)
        for _n in range(3):
            draft(call, StructureFactory())
        for topic in ([("calls.opening", 0)], [("calls.opening", 0), ("portal.news", 0)]):
            following.follow(topic, by=UserFactory())
    with clock.at(at - HOUR):
        CallFactory(opens_at=at - HOUR / 2, closes_at=at + 40 * DAY)
        news.article("mobilite", at=at - HOUR / 2)
        return call


def juries(at):
    with clock.at(at - 8 * DAY):
        opened(due_at=at + DAY - HOUR)
        opened("finale", due_at=at + DAY - HOUR)
        prepared("finale", jurors=1, applications=2, deck_due_at=at + 2 * DAY - HOUR)


def agents(at, call):
    with clock.at(at - DAY):
        agent = agent_of(call)
        channels.choose(agent, {weekly.LETTER: "now"})
        Clarification.objects.create(call=call, text="May we?")
        words = {"fr": bulk.Words("Pour {nom}", "Bonjour {nom}.")}
        letter = bulk.write_letter(call, "calls.drafts", "", words, by=agent)
    with clock.at(at - HOUR):
        number = people_of(letter, clock.now()).count()
        bulk.confirm(letter, number=number, seen=bulk.stamp_of(letter), by=agent)


def steps_and_digests(at):
    with clock.at(at - 20 * DAY):
        project = projects.project()
        join(project.structure, "owner")
        projects.milestone(project)
        Milestone.objects.update(due_on=clock.today() + 26 * DAY)
        agent_of(project.award.call, CallAgent.Right.FOLLOW)
        for state in ("planned", "requested"):
            projects.payment(project, days=26, state=state)
    with clock.at(at - 2 * DAY):
        reader = UserFactory()
        choose(reader, "daily", notices.REMINDERS)
        message = remind(reader, days=20)
        Message.objects.filter(pk=message.pk).update(state="gathered")


@pytest.fixture
def moment():
    """Something due for each planner at the instant that is returned; nothing else waits."""
    at = monday()
    call = drafts_and_followers(at)
    juries(at)
    agents(at, call)
    steps_and_digests(at)
    Message.objects.filter(state="pending").update(state="shown")
    mail.outbox.clear()
    return at


def meeting(monkeypatch, module, name):
    """Let the first call of each of two threads wait for the other's."""
    real, gate, seen = getattr(module, name), Barrier(2), set()

    def waiting(*given, **options):
        if (me := connection.connection) not in seen:
            seen.add(me)
            with suppress(BrokenBarrierError):
                gate.wait(PATIENCE)
        return real(*given, **options)

    monkeypatch.setattr(module, name, waiting)


def both(moment, act):
    """Two schedulers carry out `act` at that moment."""

    def one():
        with clock.at(moment):
            return act()

    return together(one, one)


def race(monkeypatch, moment):
    """Each planner by two schedulers. Returns the messages that each wrote, by its name."""
    found = {}
    for name in ORDER:
        last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with monkeypatch.context() as patch:
            patch.setattr(rounds, "_planners", {name: rounds._planners[name]})
            meeting(patch, *BETWEEN[name])
            both(moment, lambda: rounds.plan(moment))
        found[name] = list(Message.objects.filter(pk__gt=last).values_list("kind", "about_id", "recipient", "address"))
    return found


def test_everyone_is_written_to_once_and_nobody_is_forgotten(monkeypatch, moment):
    assert set(ORDER) | FORGETTING == set(rounds._planners)
    found = race(monkeypatch, moment)
    # Two follow the calls, one of them the news as well; finalists' teams are one person each.
    expected = {
        "calls.drafts": 3,
        "juries.reading": 3,
        "juries.finale": 3,
        "juries.finalists": 2,
        "projects.steps": 1,
        "projects.to_request": 1,
        "projects.to_approve": 1,
        "notifications.broadcasts": 3,
        "calls.letters": 3,
        "portal.weekly": 1,
        "notifications.digests": 1,
    }
    assert {name: len(rows) for name, rows in found.items() if rows} == expected
    assert all(count == 1 for rows in found.values() for count in Counter(rows).values())
    with clock.at(moment):
        # A third comes after them: nothing is left.
        assert rounds.plan(moment) == 0


def test_everything_written_is_mailed_once(monkeypatch, moment):
    with clock.at(moment):
        rounds.plan(moment)
    mail.outbox.clear()
    waiting = Message.objects.filter(state="pending").count()
    assert waiting >= 15
    meeting(monkeypatch, delivery, "claim")
    assert sum(both(moment, delivery.send_due)) == waiting
    names = Counter(sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert len(names) == waiting
    assert set(names.values()) == {1}


def test_without_the_claim_it_is_mailed_twice(monkeypatch, moment):
    """The control: each takes what it found, whoever else has it."""
    with clock.at(moment):
        rounds.plan(moment)
    mail.outbox.clear()
    gate = Barrier(2)

    def take(pk):
        with suppress(BrokenBarrierError):
            gate.wait(PATIENCE)
        return Message.objects.get(pk=pk)

    monkeypatch.setattr(delivery, "claim", take)
    both(moment, delivery.send_due)
    names = Counter(sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert set(names.values()) == {2}


def test_without_the_guards_of_planners_they_write_twice(monkeypatch, moment):
    """The control: no row is told by its key, and no cursor is compared."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: SQLite is a guard of its own")
    numbers, real_key, real_letter = itertools.count(), operations.key_of, weekly._letter

    def another(*parts):
        return f"{real_key(*parts)}:{next(numbers)}"

    for module in (operations, broadcasts):
        monkeypatch.setattr(module, "key_of", another)
    monkeypatch.setattr(broadcasts, "_advance", lambda *_given, **_options: True)
    monkeypatch.setattr(weekly, "_letter", lambda key, *given: real_letter(f"{key}:{next(numbers)}", *given))
    noted = SimpleNamespace(filter=Broadcast.objects.filter, get_or_create=lambda **_row: (Broadcast(pk=0), True))
    monkeypatch.setattr(weekly, "Broadcast", SimpleNamespace(objects=noted))
    found = race(monkeypatch, moment)
    twice = {name for name, rows in found.items() if rows and min(Counter(rows).values()) > 1}
    assert twice >= {"calls.drafts", "juries.reading", "notifications.broadcasts", "portal.weekly"}
    assert twice >= {"projects.steps", "projects.to_request", "projects.to_approve"}
