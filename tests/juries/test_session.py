"""The day of a finale: an order anyone can draw again, told to those who may know, and who is there."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.moves import move
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from juries.models import Juror, Panel
from juries.operations.session import draw, draw_slots, mark_present, move_on
from juries.queries.board import quorum
from juries.queries.seats import jurors_of
from tests.factories.accounts import UserFactory, owner_of
from tests.juries.finale import a_finale


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def slot_messages():
    return Message.objects.filter(kind="juries.slot").order_by("pk")


NUMBERS = st.lists(st.text("ABC0123456789-", min_size=1, max_size=9), unique=True, min_size=1, max_size=12)


@given(numbers=NUMBERS, seed=st.integers(0, 2**31 - 1), data=st.data())
def test_the_same_seed_draws_the_same_order_whatever_the_list_it_is_given(numbers, seed, data):
    order = draw(numbers, seed)
    assert sorted(order) == sorted(numbers)
    assert draw(data.draw(st.permutations(numbers)), seed) == order


@pytest.mark.django_db
class TestOrder:
    def test_slots_follow_one_another_and_the_journal_lets_anyone_draw_again(self):
        finale, starts = a_finale(4), clock.paris(2027, 9, 22, 14)
        slots = draw_slots(finale.panel, seed=22, starts_at=starts, minutes=20, by=finale.agent)
        assert [slot.starts_at for slot in slots] == [starts + timedelta(minutes=20 * n) for n in range(4)]
        line = JournalEntry.objects.get(verb="draw_slots").data
        assert [slot.submission.number for slot in slots] == line["order"]
        assert draw(line["order"], line["seed"]) == line["order"]

    def test_drawing_again_replaces_until_the_first_pitch(self):
        finale, starts = a_finale(3), clock.paris(2027, 9, 22, 14)
        for seed in (1, 2):
            draw_slots(finale.panel, seed=seed, starts_at=starts, minutes=20, by=finale.chair)
        assert finale.panel.slots.count() == 3
        move(finale.panel, "open", by=SYSTEM)
        draw_slots(finale.panel, seed=3, starts_at=starts, minutes=20, by=finale.chair)
        move_on(finale.panel, after=None, by=finale.chair)
        with pytest.raises(Conflict):
            draw_slots(finale.panel, seed=4, starts_at=starts, minutes=20, by=finale.chair)

    def test_finalists_are_told_once_they_may_know_that_they_are(self):
        finale = a_finale(2)
        public_at = clock.now() + timedelta(days=1)
        finale.call.submissions.update(decision_public_at=public_at)
        draw_slots(finale.panel, seed=1, starts_at=clock.paris(2027, 9, 22, 14), minutes=20, by=finale.agent)
        told = Message.objects.filter(kind="juries.slot")
        assert {message.recipient for message in told} == {owner_of(one.structure) for one in finale.finalists}
        assert {message.due_at for message in told} == {public_at}

    def test_an_order_drawn_again_before_the_finalists_know_leaves_them_one_hour(self):
        finale = a_finale(2)
        finale.call.submissions.update(decision_public_at=clock.now() + timedelta(days=1))
        for day in (22, 23, 22):
            starts = clock.paris(2027, 9, day, 14)
            slots = draw_slots(finale.panel, seed=day, starts_at=starts, minutes=20, by=finale.agent)
        told = Message.objects.filter(kind="juries.slot").order_by("pk")
        assert [message.recipient for message in told] == [owner_of(slot.submission.structure) for slot in slots]
        assert all("22 " in message.body for message in told)

    def test_whoever_knows_gets_each_hour_that_changes_once_and_the_last_is_right(self):
        finale = a_finale(1)
        starts, later = clock.paris(2027, 9, 22, 14), clock.paris(2027, 9, 22, 14, 20)
        draws = [(starts, 20), (starts, 20), (later, 20), (starts, 20), (starts, 15)]
        for seed, (moment, minutes) in enumerate(draws):
            draw_slots(finale.panel, seed=seed, starts_at=moment, minutes=minutes, by=finale.agent)
        told = list(slot_messages())
        assert [("14:00" in one.body, "14:20" in one.body, "no longer hold" in one.body) for one in told] == [
            (True, False, False),
            (False, True, True),
            (True, False, True),
            (True, False, True),
        ]
        assert "15 minutes" in told[-1].body
        assert "New time" in told[-1].subject
        sweep()
        assert [one.state for one in slot_messages()] == ["cancelled", "cancelled", "cancelled", "sent"]

    def test_what_left_with_an_hour_that_changed_is_followed_by_the_right_one(self):
        finale = a_finale(1)
        for minute in (0, 20, 0):
            starts = clock.paris(2027, 9, 22, 14, minute)
            draw_slots(finale.panel, seed=1, starts_at=starts, minutes=20, by=finale.agent)
            sweep()
        assert [one.state for one in slot_messages()] == ["sent"] * 3
        assert "14:00" in slot_messages().last().body

    def test_an_hour_that_was_held_back_is_no_hour_told(self):
        finale = a_finale(1)
        draw_slots(finale.panel, seed=1, starts_at=clock.paris(2027, 9, 22, 14), minutes=20, by=finale.agent)
        slot_messages().update(state="held")
        draw_slots(finale.panel, seed=1, starts_at=clock.paris(2027, 9, 22, 15), minutes=20, by=finale.agent)
        held, told = slot_messages()
        assert held.state == "cancelled"
        assert "no longer hold" not in told.body

    def test_a_finalist_gone_before_the_publication_is_told_no_hour(self):
        finale, starts = a_finale(2), clock.paris(2027, 9, 22, 14)
        finale.call.submissions.update(decision_public_at=clock.now() + timedelta(days=1))
        draw_slots(finale.panel, seed=1, starts_at=starts, minutes=20, by=finale.agent)
        finale.call.submissions.filter(pk=finale.finalists[0].pk).update(state="withdrawn")
        draw_slots(finale.panel, seed=1, starts_at=starts, minutes=20, by=finale.agent)
        assert slot_messages().get().recipient == owner_of(finale.finalists[1].structure)

    def test_what_cannot_be_drawn(self):
        starts = clock.paris(2027, 9, 22, 14)
        finale, reading, nobody = a_finale(1), a_finale(1, stage=Panel.Stage.READING), a_finale(0)
        for minutes in (0, 241):
            with pytest.raises(Invalid):
                draw_slots(finale.panel, seed=1, starts_at=starts, minutes=minutes, by=finale.agent)
        for made in (reading, nobody):
            with pytest.raises(Conflict):
                draw_slots(made.panel, seed=1, starts_at=starts, minutes=20, by=made.agent)
        for person in (finale.juror, UserFactory()):
            with pytest.raises(Forbidden):
                draw_slots(finale.panel, seed=1, starts_at=starts, minutes=20, by=person)


@pytest.mark.django_db
class TestPresence:
    def test_arrivals_and_departures_are_journalled_once_each(self):
        finale = a_finale(1, voices=3, quorum=2)
        seat = finale.jurors[0]
        for present in (True, True, False):
            mark_present(seat, present, by=finale.secretary)
        assert list(JournalEntry.objects.filter(verb__in=["arrive", "leave"]).values_list("verb", flat=True)) == [
            "leave",
            "arrive",
        ]

    def test_the_quorum_counts_voices_only(self):
        finale = a_finale(1, voices=3, quorum=2)
        for juror in finale.panel.jurors.filter(has_voice=False):
            mark_present(juror, True, by=finale.agent)
        mark_present(finale.jurors[0], True, by=finale.chair)
        found = quorum(jurors_of(finale.panel), finale.panel)
        assert (found.present, found.voices, found.is_met) == (1, 3, False)

    def test_it_is_for_those_who_lead_or_organise_until_the_decision(self):
        finale = a_finale(1)
        for person in (finale.juror, UserFactory()):
            with pytest.raises(Forbidden):
                mark_present(finale.jurors[0], True, by=person)
        Panel.objects.filter(pk=finale.panel.pk).update(state="decided")
        with pytest.raises(Conflict):
            mark_present(Juror.objects.get(pk=finale.jurors[0].pk), True, by=finale.chair)
