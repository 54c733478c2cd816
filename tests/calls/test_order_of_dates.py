"""A date of a public call moves where it says something new, within reach, and not unseen past what depends on it."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.notifications.models import Broadcast, Message
from calls.models import Call, CallDate, DeadlineMove
from calls.operations import deadlines
from juries.models import Panel, PublicVote
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory, draft, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def agent():
    return AgentFactory()


@pytest.fixture
def call(agent):
    """Closes at the midnight after a day, so many days from now; screening ends twenty days later."""
    close = clock.start_of(clock.today() + 30 * DAY)
    return CallFactory(agent=agent, closes_at=close, screening_until=close + 20 * DAY)


def refusal(call, field, to, agent, **options):
    with pytest.raises((Invalid, Conflict)) as refused:
        deadlines.move_deadline(call, field, to, reason="Why.", by=agent, **options)
    assert not DeadlineMove.objects.exists()
    assert not Message.objects.filter(kind="calls.moved").exists()
    assert not Broadcast.objects.exists()
    return refused.value


@pytest.mark.parametrize("field", ["closes_at", "screening_until"])
def test_a_move_to_the_same_instant_is_none_and_tells_nobody(call, agent, field):
    draft(call)
    submitted(call)
    midnight = getattr(call, field)
    # The minute before midnight is the same date to whoever reads it.
    for same in (midnight.astimezone(clock.PARIS), midnight - timedelta(minutes=1)):
        refused = refusal(call, field, same, agent)
        assert (refused.code, refused.field) == ("same", "to")


def test_no_date_goes_beyond_reach(call, agent):
    for year in (9999, clock.today().year + 6):
        refused = refusal(call, "closes_at", clock.paris(year, 12, 31, 23, 59), agent, despite=True)
        assert (refused.code, refused.field) == ("far_off", "to")


def test_a_close_past_what_follows_it_names_what_that_is(call, agent):
    at = call.closes_at
    CallDate.objects.create(call=call, label="Visit", at=at + 5 * DAY)
    CallDate.objects.create(call=call, label="Before already", at=at - 5 * DAY)
    CallDate.objects.create(call=call, label="Much later", at=at + 90 * DAY)
    Panel.objects.create(call=call, stage=Panel.Stage.READING, due_at=at + 25 * DAY)
    held = (at + 29 * DAY).astimezone(clock.PARIS).date()
    Panel.objects.create(call=call, stage=Panel.Stage.FINALE, held_from=held, due_at=at + 80 * DAY)
    PublicVote.objects.create(call=call, opens_at=at + 28 * DAY, closes_at=at + 31 * DAY)
    refused = refusal(call, "closes_at", at + 30 * DAY, agent)
    assert (refused.code, refused.field, refused.status) == ("out_of_order", "despite", 409)
    told = str(refused)
    named = ["Visit", "Screening until", "Sheets due", "The public vote opens", "First day of the finale"]
    assert sorted(named, key=told.index) == named
    assert not any(name in told for name in ("Before already", "Much later"))
    deadlines.move_deadline(call, "closes_at", at + 30 * DAY, reason="Why.", by=agent, despite=True)
    assert Call.objects.get(pk=call.pk).closes_at == at + 30 * DAY


def test_a_close_that_stays_before_all_the_rest_moves_at_once(call, agent):
    CallDate.objects.create(call=call, label="Visit", at=call.closes_at + 5 * DAY)
    deadlines.move_deadline(call, "closes_at", call.closes_at + 5 * DAY, reason="Why.", by=agent)


def test_a_close_brought_forward_names_the_meeting_and_the_questions_it_would_leave_behind(call, agent):
    call.questions_until = call.closes_at - 2 * DAY
    call.save()
    CallDate.objects.create(call=call, label="Meeting", at=call.closes_at - 3 * DAY)
    told = str(refusal(call, "closes_at", call.closes_at - 4 * DAY, agent))
    assert "Meeting" in told
    assert "Questions until" in told


def test_questions_that_follow_the_close_are_not_in_its_way(call, agent):
    call.questions_until, call.questions_days = call.closes_at - 2 * DAY, 2
    call.save()
    deadlines.move_deadline(call, "closes_at", call.closes_at - 4 * DAY, reason="Why.", by=agent)
    assert Call.objects.get(pk=call.pk).questions_until == call.closes_at - 2 * DAY


def test_a_close_never_comes_after_the_results_that_are_announced(call, agent):
    call.results_at = call.closes_at + 10 * DAY
    call.save()
    refused = refusal(call, "closes_at", call.closes_at + 10 * DAY, agent, despite=True)
    assert (refused.code, refused.field) == ("results_first", "to")


def test_the_other_dates_keep_their_order_too(call, agent):
    call.questions_until = call.closes_at - 2 * DAY
    call.save()
    assert "Closing" in str(refusal(call, "questions_until", call.closes_at + DAY, agent))
    assert "Closing" in str(refusal(call, "screening_until", call.closes_at - DAY, agent))
    coming = CallFactory(agent=agent, coming=True)
    coming.questions_until = coming.opens_at + 5 * DAY
    coming.save()
    assert "Questions until" in str(refusal(coming, "opens_at", coming.opens_at + 6 * DAY, agent))
