"""The thirty days of the first page count what leaves as the page of what will leave does, on the same days."""

from collections import Counter
from datetime import timedelta

import pytest

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.notifications import outbox
from bethune_smartcity.notifications.models import Message
from tests.factories.accounts import AgentFactory, UserFactory, join
from tests.factories.calls import CallFactory, agent_of, draft, submitted
from tests.notifications.leaving import PAGE, browser, waiting_message

pytestmark = pytest.mark.django_db
NOW = clock.paris(2026, 3, 10, 20, 0)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_march():
    with clock.at(NOW):
        yield


def on_the_strip(client):
    """How many leave, day by day, as the first page says."""
    found = Counter()
    for event in client.get("/admin/").context["month"].events:
        if event.row == "sending":
            found[event.day] += event.count
    return found


def in_the_plan(client):
    last = clock.now().astimezone(clock.PARIS).date() + timedelta(days=29)
    days = client.get(PAGE).context["days"]
    return Counter({day.day: day.count for day in days if day.count and day.day <= last})


@pytest.fixture
def waiting():
    """A call with a draft and a message that waits until midnight, three days later."""
    call = CallFactory(closes_at=NOW + 20 * DAY)
    draft(call)
    done = submitted(call)
    Message.objects.all().delete()
    return call, done, waiting_message(done, clock.paris(2026, 3, 14))


def test_it_counts_what_leaves_on_the_day_it_leaves(waiting):
    call, _done, message = waiting
    strip = on_the_strip(browser(agent_of(call)))
    assert strip == in_the_plan(browser(agent_of(call)))
    # Midnight begins the fourteenth.
    assert strip[clock.paris(2026, 3, 14).date()] == 1
    assert message.due_at.astimezone(clock.PARIS).hour == 0


def test_and_to_whom(waiting):
    call, done, _message = waiting
    with clock.at(NOW + HOUR):
        for _n in range(2):
            join(done.structure, "editor", UserFactory())
        client = browser(agent_of(call))
        assert on_the_strip(client)[clock.paris(2026, 3, 14).date()] == 3
        assert on_the_strip(client) == in_the_plan(client)
        Membership.objects.filter(structure=done.structure).delete()
        assert on_the_strip(client)[clock.paris(2026, 3, 14).date()] == 0
        assert on_the_strip(client) == in_the_plan(client)


def test_what_is_held_back_is_not_on_it(waiting):
    call, _done, message = waiting
    outbox.hold(message, by=AgentFactory(is_administrator=True))
    client = browser(agent_of(call))
    assert on_the_strip(client) == in_the_plan(client)
    assert not on_the_strip(client)[clock.paris(2026, 3, 14).date()]
