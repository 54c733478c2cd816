"""A date that moved and a public answer, for who joins a draft: what waits still is theirs too, what left they read."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import channels, delivery
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from calls import notices
from calls.models import Submission
from calls.operations import clarifications
from calls.operations.deadlines import move_deadline
from tests.factories.accounts import UserFactory, join, owner_of
from tests.factories.calls import CallFactory, agent_of, draft

from .test_at_the_hour import EVENING, recipients, whole_round

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MORNING = clock.paris(2026, 3, 11, 7, 0)


@pytest.fixture(autouse=True)
def _in_the_evening():
    with clock.at(EVENING):
        yield


@pytest.fixture
def writing():
    call = CallFactory()
    Message.objects.all().delete()
    return draft(call)


def a_move(call):
    move_deadline(call, "closes_at", call.closes_at + 5 * DAY, reason="More time.", by=agent_of(call))
    return notices.MOVED


def an_answer(call):
    asked = clarifications.ask(call, "May a city apply?", by=UserFactory())
    clarifications.answer(asked, "No.", by=agent_of(call))
    return notices.ANSWERED


def joined_at(submission, moment):
    with clock.at(moment):
        return join(submission.structure, "editor", UserFactory(name="Ada Joins", language="de"))


@pytest.mark.parametrize("happens", [a_move, an_answer])
def test_what_waits_for_the_others_is_told_to_who_joined_in_their_language(writing, happens, mailoutbox):
    kind = happens(writing.call)
    newcomer = joined_at(writing, EVENING + HOUR)
    mailoutbox.clear()
    whole_round(EVENING + 2 * HOUR)
    told = Message.objects.get(kind=kind, recipient=newcomer)
    assert told.path.startswith("/de/")
    assert {owner_of(writing.structure).email, newcomer.email} <= set(recipients(mailoutbox))


def test_and_so_does_the_mail_of_the_day(writing, mailoutbox):
    channels.choose(owner_of(writing.structure), {notices.ANSWERS: "daily"})
    an_answer(writing.call)
    sweep()
    newcomer = joined_at(writing, EVENING + HOUR)
    mailoutbox.clear()
    whole_round(MORNING)
    assert set(recipients(mailoutbox)) >= {owner_of(writing.structure).email, newcomer.email}


@pytest.mark.parametrize("happens", [a_move, an_answer])
def test_what_has_left_is_told_to_nobody_who_joins(writing, happens, mailoutbox):
    kind = happens(writing.call)
    whole_round(EVENING)
    newcomer = joined_at(writing, EVENING + HOUR)
    whole_round(EVENING + 2 * HOUR)
    assert not Message.objects.filter(kind=kind, recipient=newcomer).exists()


def test_nor_is_a_close_that_moved_to_a_draft_that_has_an_end_of_its_own(writing, mailoutbox):
    move_deadline(writing.call, "closes_at", writing.call.closes_at + DAY, reason="Why.", by=agent_of(writing.call))
    Submission.objects.filter(pk=writing.pk).update(
        extended_until=writing.call.closes_at + 30 * DAY, extension_reason="Ill."
    )
    newcomer = joined_at(writing, EVENING + HOUR)
    whole_round(EVENING + 2 * HOUR)
    assert not Message.objects.filter(kind=notices.MOVED, recipient=newcomer).exists()


@pytest.mark.parametrize("happens", [a_move, an_answer])
def test_without_the_guard_they_would_be_told_nothing(writing, happens, mailoutbox, monkeypatch):
    """The control."""
    monkeypatch.setattr(delivery, "write_to_newcomers", lambda _keys: [])
    kind = happens(writing.call)
    newcomer = joined_at(writing, EVENING + HOUR)
    whole_round(EVENING + 2 * HOUR)
    assert not Message.objects.filter(kind=kind, recipient=newcomer).exists()
