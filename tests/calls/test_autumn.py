"""A call that closes in either hour of the night that has one twice: its ladder comes at the right instants, once."""

from datetime import UTC, datetime, timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.rungs import Rung
from bethune_smartcity.notifications.tasks import sweep
from tests.factories.calls import CallFactory, draft

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HALF_PAST_TWO = clock.paris(2026, 10, 25, 2, 30)
# Days before are counted on the calendar, at the hour the clock shows; hours before are counted out.
DAYS = [(9, 25, 0, 30), (10, 18, 0, 30), (10, 23, 0, 30)]
HOURS = {0: [(10, 24, 0, 30), (10, 24, 21, 30)], 1: [(10, 24, 1, 30), (10, 24, 22, 30)]}


def instants(fold):
    return [datetime(2026, *day, tzinfo=UTC) for day in [*DAYS, *HOURS[fold]]]


EACH_ONCE = [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5]


def rounds_around(fold):
    """How many messages were written a minute before each instant, at it and a minute after, then past the close."""
    closes_at = HALF_PAST_TWO.replace(fold=fold).astimezone(UTC)
    with clock.at(closes_at - 40 * DAY):
        draft(CallFactory(opens_at=closes_at - 50 * DAY, closes_at=closes_at, announced_at=closes_at - 50 * DAY))
    written = []
    for instant in instants(fold):
        for moment in (instant - MINUTE, instant, instant + MINUTE):
            with clock.at(moment):
                sweep()
            written.append(Message.objects.filter(kind="calls.closing").count())
    with clock.at(closes_at + MINUTE):
        sweep()
    return written, Message.objects.filter(kind="calls.closing").count()


@pytest.mark.parametrize("fold", [0, 1], ids=["summer time", "winter time"])
def test_each_step_comes_at_its_instant_and_once(fold):
    assert rounds_around(fold) == (EACH_ONCE, 5)


def by_hours_that_pass(rung, anchor):
    return anchor.astimezone(UTC) + timedelta(hours=rung.hours)


def in_the_other_hour(rung, anchor):
    local = anchor.astimezone(clock.PARIS)
    return REAL(rung, local.replace(fold=1 - local.fold))


REAL = Rung.at


@pytest.mark.parametrize(("fold", "wrong"), [(0, in_the_other_hour), (1, in_the_other_hour), (1, by_hours_that_pass)])
def test_instants_counted_otherwise_are_found(fold, wrong, monkeypatch):
    """The controls: which of the two hours is lost, or days counted as so many hours."""
    monkeypatch.setattr(Rung, "at", wrong)
    assert rounds_around(fold) != (EACH_ONCE, 5)
