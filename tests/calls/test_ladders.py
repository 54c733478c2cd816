"""Ladders chosen by agents: what is planned follows the rungs and the dates, each step once, whatever stopped."""

import dataclasses
from datetime import UTC, timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications import steps
from bethune_smartcity.notifications.models import Message, Step
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.rungs import HOURS, Rung
from bethune_smartcity.notifications.tasks import sweep
from calls.models import CallAgent, Reminder
from calls.operations import deadlines, reminders
from calls.operations.ladders import MOST_RUNGS, add_rung, plan, remove_rung, reset_ladder
from calls.operations.reminders import DRAFTS, plan_closing
from calls.queries.ladders import chosen_rungs
from tests.factories.accounts import StructureFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of, draft
from tests.personas import PERSONAS, cast

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YEAR = 366 * DAY


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def call():
    """A call open for three months, which closes in two: its whole ladder is to come. With a draft."""
    made = CallFactory(opens_at=clock.now() - 30 * DAY, closes_at=clock.now() + 60 * DAY)
    draft(made)
    return made


@pytest.fixture
def agent(call):
    return agent_of(call)


def written():
    return Message.objects.filter(kind="calls.closing").order_by("pk")


def planned(agent, moment=None):
    moment = moment or clock.now()
    return [one for one in foresee(agent, moment, moment + YEAR) if one.what == "Reminder before the close"]


def codes(call):
    return [one.rung.code for one in chosen_rungs(DRAFTS, [call.pk])[call.pk]]


def one_planned(agent, why):
    return next(one for one in planned(agent) if one.why == why)


# --- Choosing ---


def test_a_call_nobody_touched_has_the_portal_s_own_rungs(call, agent):
    assert codes(call) == ["30d", "7d", "2d", "24h", "3h"]
    assert [one.at for one in planned(agent)] == [rung.at(call.closes_at) for rung in DRAFTS.defaults]
    assert {one.to for one in planned(agent)} == {"1 draft"}


def test_what_an_agent_adds_and_takes_out_is_planned_at_once_and_told_by_the_journal(call, agent):
    add_rung(call, DRAFTS, Rung(-10), by=agent)
    remove_rung(call, DRAFTS, Rung(-7), by=agent)
    assert codes(call) == ["30d", "10d", "2d", "24h", "3h"]
    assert "10 days before the close" in [one.why for one in planned(agent)]
    assert "7 days before the close" not in [one.why for one in planned(agent)]
    lines = JournalEntry.objects.filter(subject_id=str(call.pk)).order_by("pk")
    assert [(line.verb, line.data["rung"]) for line in lines] == [("add_reminder", "10d"), ("remove_reminder", "7d")]
    reset_ladder(call, DRAFTS, by=agent)
    assert codes(call) == ["30d", "7d", "2d", "24h", "3h"]


def test_one_call_s_ladder_is_not_another_s(call, agent):
    other = CallFactory()
    remove_rung(call, DRAFTS, Rung(-7), by=agent)
    assert "7d" in codes(other)


@pytest.mark.parametrize(
    ("rung", "refusal"),
    [
        (Rung(-7), Conflict),
        (Rung(-1), Conflict),
        (Rung(-48, HOURS), Conflict),
        (Rung(-181), Invalid),
        (Rung(-97, HOURS), Invalid),
        (Rung(1), Invalid),
        (Rung(0), Invalid),
    ],
)
def test_a_rung_that_is_there_or_makes_no_sense_is_refused(call, agent, rung, refusal):
    with pytest.raises(refusal):
        add_rung(call, DRAFTS, rung, by=agent)
    assert not Reminder.objects.exists()


def test_a_rung_that_is_not_there_is_not_taken_out(call, agent):
    with pytest.raises(Conflict):
        remove_rung(call, DRAFTS, Rung(-5), by=agent)


def test_a_dozen_is_enough(call, agent):
    for days in range(40, 40 + MOST_RUNGS - len(DRAFTS.defaults)):
        add_rung(call, DRAFTS, Rung(-days), by=agent)
    with pytest.raises(Conflict):
        add_rung(call, DRAFTS, Rung(-90), by=agent)


def test_a_rung_chosen_after_its_instant_sends_nothing_then_nor_ever(call, agent):
    with clock.at(call.closes_at - 4 * DAY):
        sweep()
        before = written().count()
        add_rung(call, DRAFTS, Rung(-5), by=agent)
        sweep()
        assert written().count() == before
        assert "5 days before the close" not in [one.why for one in planned(agent)]


def test_only_who_configures_the_call_chooses():
    everyone = cast()
    for persona in PERSONAS:
        user = everyone.people[persona]
        if persona in {"agent", "member_agent", "rival_agent"}:
            add_rung(everyone.call, DRAFTS, Rung(-11), by=user)
            remove_rung(everyone.call, DRAFTS, Rung(-11), by=user)
        else:
            with pytest.raises(Forbidden):
                add_rung(everyone.call, DRAFTS, Rung(-11), by=user)


# --- Writing ---


def test_a_moved_close_moves_its_ladder_by_itself(call, agent):
    deadlines.move_deadline(call, "closes_at", call.closes_at + 10 * DAY, reason="A storm.", by=agent)
    call.refresh_from_db()
    assert [one.at for one in planned(agent)] == [rung.at(call.closes_at) for rung in DRAFTS.defaults]
    assert plan_closing(call.closes_at - 17 * DAY) == 1
    assert plan_closing(call.closes_at - 10 * DAY) == 0
    assert plan_closing(call.closes_at - 7 * DAY) == 1


def dropped():
    lines = JournalEntry.objects.filter(verb="drop_reminder").order_by("pk")
    return [(line.data["rung"], line.data["why"]) for line in lines]


def test_after_two_days_without_a_scheduler_one_reminder_leaves_and_the_journal_tells_which_did_not(call):
    for moment in (35 * DAY, 30 * DAY, 7 * DAY, 2 * DAY + HOUR):
        with clock.at(call.closes_at - moment):
            sweep()
    assert written().count() == 2
    with clock.at(call.closes_at - 2 * HOUR):
        sweep()
        sweep()
    assert written().count() == 3
    assert dropped() == [("2d", "superseded"), ("24h", "superseded")]


def test_a_scheduler_stopped_past_the_close_sends_nothing_late(call):
    with clock.at(call.closes_at - 26 * HOUR):
        sweep()
    told = written().count()
    with clock.at(call.closes_at + DAY):
        sweep()
        sweep()
    assert written().count() == told
    assert dropped() == [("24h", "late"), ("3h", "late")]


def test_a_call_that_opens_after_a_rung_never_had_it(call):
    late = CallFactory(opens_at=clock.now(), closes_at=clock.now() + 5 * DAY)
    draft(late)
    with clock.at(clock.now() + HOUR):
        sweep()
    assert not written().exists()
    assert not dropped()


def test_what_an_older_portal_sent_is_neither_sent_again_nor_called_missed(call):
    """Before agents chose, two days were told as 48 hours, and no step had a row."""
    with clock.at(call.closes_at - 30 * HOUR):
        sweep()
        assert written().filter(key__contains=":48h@").count() == 1
        Step.objects.all().delete()
        JournalEntry.objects.filter(verb="drop_reminder").delete()
        sweep()
    assert written().count() == 1
    assert not dropped()


def test_an_interrupted_step_is_gone_on_with(call, monkeypatch):
    for _n in range(3):
        draft(call, StructureFactory())
    monkeypatch.setattr(reminders, "BATCH", 2)
    real, batches = reminders._tell, []

    def dies(due, keys):
        if batches:
            raise RuntimeError
        batches.append(keys)
        return real(due, keys)

    moment = call.closes_at - 2 * DAY
    with monkeypatch.context() as patched:
        patched.setattr(reminders, "_tell", dies)
        with pytest.raises(RuntimeError):
            plan_closing(moment)
    assert written().count() == 2
    plan_closing(moment)
    assert written().count() == 4
    assert plan_closing(moment) == 0


def test_each_says_what_the_draft_lacks_with_a_link_to_it(call):
    plan_closing(call.closes_at - 2 * DAY)
    mail = written().get()
    assert "Say the project in one line." in mail.body
    assert f"https://portail.example{mail.path}" in mail.body
    assert mail.path.endswith("/verifier/")


# --- Holding back, letting go, hastening, calling off ---


def test_a_step_held_back_waits_and_leaves_when_it_is_let_go(call, agent):
    one_planned(agent, "7 days before the close").handle.hold(by=agent)
    assert one_planned(agent, "7 days before the close").is_held
    with clock.at(call.closes_at - 6 * DAY):
        sweep()
        assert written().count() == 0
        one_planned(agent, "7 days before the close").handle.release(by=agent)
        sweep()
        assert written().count() == 1
        assert "7 days before the close" not in [one.why for one in planned(agent)]


def test_a_step_held_back_gives_way_to_the_next(call, agent):
    one_planned(agent, "7 days before the close").handle.hold(by=agent)
    with clock.at(call.closes_at - 2 * DAY):
        sweep()
    assert written().count() == 1
    assert dropped() == [("7d", "superseded")]


def test_a_step_called_off_never_leaves(call, agent):
    step = one_planned(agent, "7 days before the close")
    step.handle.cancel(by=agent)
    with clock.at(call.closes_at - 6 * DAY):
        sweep()
    assert not written().exists()
    for act in ("hold", "release", "send", "cancel"):
        with pytest.raises(Conflict):
            getattr(step.handle, act)(by=agent)


def test_a_step_is_sent_now_and_only_newcomers_get_it_at_its_instant(call, agent):
    one_planned(agent, "7 days before the close").handle.send(by=agent)
    sweep()
    assert written().count() == 1
    with clock.at(call.closes_at - 10 * DAY):
        sweep()
        draft(call, StructureFactory())
    with clock.at(call.closes_at - 7 * DAY):
        sweep()
        sweep()
    assert written().count() == 2
    verbs = JournalEntry.objects.filter(subject_id=str(call.pk)).values_list("verb", flat=True)
    assert list(verbs) == ["hasten_reminder"]


def test_what_has_left_is_neither_held_nor_called_off(call, agent):
    step = one_planned(agent, "7 days before the close")
    with clock.at(call.closes_at - 7 * DAY):
        sweep()
        for act in ("hold", "release", "send", "cancel"):
            with pytest.raises(Conflict):
                getattr(step.handle, act)(by=agent)


def test_someone_without_the_right_changes_nothing(call, agent):
    step = one_planned(agent, "7 days before the close")
    for user in (agent_of(call, CallAgent.Right.SCREEN), agent_of(CallFactory()), UserFactory()):
        with pytest.raises(Forbidden):
            step.handle.hold(by=user)
    assert not Step.objects.exists()


def test_each_agent_foresees_the_calls_they_have_a_right_on():
    everyone = cast(draft)
    sees = {persona for persona in PERSONAS if persona != "anonymous" and planned(everyone.people[persona])}
    about = {one.about for one in planned(everyone.other_agent)}
    assert sees == {"agent", "member_agent", "rival_agent", "other_agent"}
    assert everyone.call.title not in about
    reader = agent_of(everyone.call, CallAgent.Right.SCREEN)
    assert planned(reader)
    assert {one.handle for one in planned(reader)} == {None}


# --- Whatever the hour of the close and of the rounds ---

SPRING, AUTUMN = clock.paris(2026, 3, 25), clock.paris(2026, 11, 5)
FIRST = clock.paris(2026, 10, 25, 2, 30)
# Any minute around a change of the clock, and either hour of the one that comes twice.
CLOSES = st.one_of(
    st.sampled_from([FIRST, FIRST.replace(fold=1), clock.paris(2026, 3, 30, 2, 30)]),
    st.integers(0, 12 * 24 * 60).map(lambda n: SPRING + timedelta(minutes=n)),
    st.integers(0, 40 * 24 * 60).map(lambda n: AUTUMN - timedelta(minutes=n)),
).map(lambda close: close.astimezone(UTC))


class WhateverTheHour(TestCase):
    @settings(max_examples=12)
    @given(CLOSES, st.lists(st.integers(0, 40 * 24 * 60), max_size=12))
    def test_each_rung_is_written_once_and_never_before_its_instant_nor_after_the_close(self, closes_at, minutes):
        with clock.at(closes_at - 60 * DAY):
            call = CallFactory(opens_at=closes_at - 70 * DAY, closes_at=closes_at, announced_at=closes_at - 70 * DAY)
            draft(call)
        rounds = sorted({closes_at + DAY - timedelta(minutes=m) for m in minutes})
        for moment in rounds:
            with clock.at(moment):
                sweep()
        ats = [rung.at(closes_at) for rung in DRAFTS.defaults]
        expected = {max(at for at in ats if at <= m) for m in rounds if m < closes_at and any(at <= m for at in ats)}
        messages = list(written())
        assert len(messages) == len(expected)
        assert all(message.created_at < closes_at for message in messages)
        for message, at in zip(messages, sorted(expected), strict=True):
            assert message.created_at == min(m for m in rounds if m >= at)


@pytest.mark.parametrize("is_claimed", [True, False], ids=["guarded", "control"])
def test_what_is_held_back_while_the_sweep_reads_does_not_leave(call, agent, monkeypatch, is_claimed):
    """An agent is faster than the sweep, between what it read and what it writes. Without the claim it would leave."""
    step, real = one_planned(agent, "7 days before the close"), steps.claim

    def slow(sending, row):
        step.handle.hold(by=agent)
        return real(sending, row) if is_claimed else True

    monkeypatch.setattr(steps, "claim", slow)
    plan_closing(call.closes_at - 6 * DAY)
    assert written().exists() != is_claimed


def test_two_schedulers_at_once_write_and_drop_once(call, monkeypatch):
    """The second goes round in the middle of the first."""
    with clock.at(call.closes_at - 8 * DAY):
        sweep()
    before, real, rounds = written().count(), reminders.write_closing, []

    def interrupted(due):
        if not rounds:
            rounds.append(due)
            plan_closing(due.moment)
        return real(due)

    slow = dataclasses.replace(DRAFTS, write=interrupted)
    with clock.at(call.closes_at - 2 * DAY):
        plan(slow, clock.now())
        sweep()
    assert rounds
    assert written().count() == before + 1
    assert dropped() == [("7d", "superseded")]


def test_two_schedulers_that_read_alike_drop_a_step_once(call, monkeypatch):
    """The second goes round after the first has read what to drop, and before it does."""
    with clock.at(call.closes_at - 8 * DAY):
        sweep()
    real, rounds = steps.drop, []

    def interrupted(sending, *, why):
        if not rounds:
            rounds.append(sending)
            plan_closing(clock.now())
        real(sending, why=why)

    monkeypatch.setattr(steps, "drop", interrupted)
    with clock.at(call.closes_at - 2 * DAY):
        plan_closing(clock.now())
    assert rounds
    assert dropped() == [("7d", "superseded")]
