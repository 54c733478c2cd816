"""Questions end at an instant of their own, or so many days before the close: then they follow it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.notifications.models import Message
from calls.models import Call
from calls.operations import clarifications, deadlines, publication
from calls.phases import days_before
from calls.queries.page import calendar_of
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory, agent_of, draft

DAY = timedelta(days=1)


def ending(days=7, **fields):
    """A public call whose questions end that many days before its close."""
    close = clock.start_of(clock.today() + 30 * DAY)
    return CallFactory(closes_at=close, questions_days=days, questions_until=days_before(close, days), **fields)


def fresh(call):
    return Call.objects.get(pk=call.pk)


@given(st.dates(clock.paris(2026, 1, 1).date(), clock.paris(2030, 1, 1).date()), st.integers(1, 90))
def test_midnight_stays_midnight_over_the_changes_of_hour(day, days):
    assert days_before(clock.start_of(day), days) == clock.start_of(day - days * DAY)


@pytest.mark.django_db
class TestInPreparation:
    @pytest.fixture
    def agent(self):
        return UserFactory(is_agent=True, is_administrator=True)

    def created(self, agent, **fields):
        opens = clock.start_of(clock.today() + 10 * DAY)
        known = {"slug": "new", "title": "New", "number_prefix": "N1", "opens_at": opens, "closes_at": opens + 30 * DAY}
        return publication.create_call(by=agent, **known | fields)

    def test_days_give_the_instant_and_an_instant_given_is_its_own(self, agent):
        call = self.created(agent, questions_days=7, questions_until=None)
        assert call.questions_until == days_before(call.closes_at, 7)
        own = call.closes_at - 2 * DAY
        other = self.created(agent, slug="own", number_prefix="N2", questions_days=7, questions_until=own)
        assert (other.questions_until, other.questions_days) == (own, None)

    def test_without_days_nothing_changes(self, agent):
        call = self.created(agent)
        assert (call.questions_until, call.questions_days) == (None, None)
        publication.edit_call(call, by=agent, closes_at=call.closes_at + DAY)
        assert fresh(call).questions_until is None

    def test_a_close_edited_takes_them_along(self, agent):
        call = self.created(agent, questions_days=7)
        publication.edit_call(call, by=agent, closes_at=call.closes_at + 4 * DAY)
        assert fresh(call).questions_until == days_before(call.closes_at, 7)
        publication.edit_call(call, by=agent, questions_days=3)
        assert fresh(call).questions_until == days_before(call.closes_at, 3)
        publication.edit_call(call, by=agent, questions_until=call.closes_at - DAY)
        assert fresh(call).questions_days is None
        publication.edit_call(call, by=agent, questions_days=3)
        publication.edit_call(call, by=agent, questions_until=None)
        assert (fresh(call).questions_until, fresh(call).questions_days) == (None, None)

    def test_so_many_that_the_call_would_not_be_open_yet_are_refused(self, agent):
        with pytest.raises(Invalid) as refused:
            self.created(agent, questions_days=30)
        assert refused.value.field == "questions_days"
        call = self.created(agent)
        with pytest.raises(Invalid):
            publication.edit_call(call, by=agent, questions_days=31)
        for odd in (0, 91):
            call.questions_days = odd
            with pytest.raises(ValidationError):
                call.clean_fields()

    def test_the_back_office_takes_days(self, agent, client):
        call = self.created(agent)
        client.force_login(agent)
        page = client.get(reverse("admin:calls_call_change", args=[call.pk])).text
        assert 'name="questions_days"' in page


@pytest.mark.django_db
class TestOncePublic:
    def test_a_close_moved_moves_them_for_the_same_reason_and_with_one_mail(self):
        call = ending()
        draft(call)
        told, close = call.questions_until, call.closes_at + 5 * DAY
        before = Message.objects.count()
        deadlines.move_deadline(call, "closes_at", close, reason="Strike", by=agent_of(call))
        assert call.questions_until == fresh(call).questions_until == told + 5 * DAY
        assert call.moves.count() == 2
        (line,) = [line for line in calendar_of(fresh(call), clock.now()) if line.name == "questions_until"]
        assert [(moved.before, moved.reason) for moved in line.moves] == [(wording.last_minute(told), "Strike")]
        assert Message.objects.count() == before + 1

    def test_questions_are_taken_until_then(self):
        call = ending()
        deadlines.move_deadline(call, "closes_at", call.closes_at + 5 * DAY, reason="Strike", by=agent_of(call))
        with clock.at(call.questions_until - timedelta(seconds=1)):
            assert clarifications.ask(fresh(call), "In time?", by=UserFactory())
        with clock.at(call.questions_until), pytest.raises(Conflict):
            clarifications.ask(fresh(call), "Too late?", by=UserFactory())

    def test_moved_themselves_they_follow_no_more(self):
        call = ending()
        own, agent = call.questions_until + DAY, agent_of(call)
        deadlines.move_deadline(call, "questions_until", own, reason="Holiday", by=agent)
        deadlines.move_deadline(call, "closes_at", call.closes_at + 5 * DAY, reason="Strike", by=agent)
        assert (fresh(call).questions_until, fresh(call).questions_days) == (own, None)

    def test_an_instant_of_their_own_stays_when_the_close_moves(self):
        call = CallFactory(questions_until=clock.now() + 5 * DAY)
        own = call.questions_until
        deadlines.move_deadline(call, "closes_at", call.closes_at + 5 * DAY, reason="Strike", by=agent_of(call))
        assert fresh(call).questions_until == own
        assert call.moves.count() == 1

    def test_closed_early_they_end_with_the_call(self):
        call = ending()
        deadlines.close_early(call, reason="Enough", by=agent_of(call))
        assert fresh(call).takes_questions_until == call.closes_at

    def test_days_no_longer_change_by_a_plain_edit(self):
        call = ending()
        with pytest.raises(Conflict) as refused:
            publication.edit_call(call, by=agent_of(call), questions_days=3)
        assert refused.value.field == "questions_days"

    def test_the_board_says_that_they_follow(self, client):
        call = ending()
        client.force_login(agent_of(call))
        with translation.override("en"):
            assert (
                "7 days before the close, and moved with it"
                in client.get(reverse("calls:board", args=[call.slug])).text
            )
