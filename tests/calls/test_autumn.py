"""A call that closes in either hour of the night that has one twice: its ladder comes at the right instants, once."""

from datetime import UTC, datetime, timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
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


@pytest.mark.parametrize("fold", [0, 1], ids=["summer time", "winter time"])
def test_each_step_comes_at_its_instant_and_once(fold):
    closes_at = HALF_PAST_TWO.replace(fold=fold).astimezone(UTC)
    with clock.at(closes_at - 40 * DAY):
        draft(CallFactory(opens_at=closes_at - 50 * DAY, closes_at=closes_at, announced_at=closes_at - 50 * DAY))
    written = []
    for instant in instants(fold):
        for moment in (instant - MINUTE, instant, instant + MINUTE):
            with clock.at(moment):
                sweep()
            written.append(Message.objects.filter(kind="calls.closing").count())
    assert written == [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5]
    with clock.at(closes_at + MINUTE):
        sweep()
    assert Message.objects.filter(kind="calls.closing").count() == 5
