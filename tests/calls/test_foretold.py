"""What followers will be told stands in the plan: how many, when, why; held back or called off, and never too early."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.notifications import following
from bethune_smartcity.notifications.models import Broadcast, Message
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.tasks import sweep
from calls.models import CallAgent
from calls.operations import deadlines
from tests.factories import news
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(coming=True)


@pytest.fixture
def agent(call):
    return agent_of(call)


@pytest.fixture
def reader(call):
    """Someone who follows the call and one of its pillars: told once."""
    person = UserFactory()
    wishes = [("calls.call", call.pk), ("calls.opening", call.pillars.first().pk), ("portal.news", 0)]
    following.follow(wishes, by=person)
    return person


def lines(user, kind, days=100):
    labels = {"calls.opens": "calls.opens", "calls.published": "calls.published", "news": "portal.newsletter"}
    from bethune_smartcity.notifications.kinds import kind_named

    now = clock.now()
    return [one for one in foresee(user, now, now + days * DAY) if one.what == kind_named(labels[kind]).label]


def told(person, kind):
    return Message.objects.filter(recipient=person, kind=kind).count()


def test_an_opening_to_come_is_in_the_plan_with_its_followers_each_once(call, agent, reader):
    [one] = lines(agent, "calls.opens")
    assert (one.at, one.count, one.about, one.hastens) == (call.opens_at, 1, call.title, False)
    assert one.handle
    with clock.at(call.opens_at + timedelta(minutes=1)):
        sweep()
        assert not lines(agent, "calls.opens")
    assert told(reader, "calls.opens") == 1


def test_held_back_it_waits_beyond_its_date_and_leaves_when_let_go(call, agent, reader):
    [one] = lines(agent, "calls.opens")
    one.handle.hold(by=agent)
    with pytest.raises(Conflict):
        one.handle.send(by=agent)
    with clock.at(call.opens_at + DAY):
        sweep()
        assert not Broadcast.objects.filter(kind="calls.opens").exists()
        [held] = lines(agent, "calls.opens")
        assert held.is_held
        held.handle.release(by=agent)
        sweep()
    assert told(reader, "calls.opens") == 1


def test_called_off_it_is_never_told_even_when_its_date_moves(call, agent, reader):
    [one] = lines(agent, "calls.opens")
    one.handle.cancel(by=agent)
    assert not lines(agent, "calls.opens")
    deadlines.move_deadline(call, "opens_at", call.opens_at + 2 * DAY, reason="A storm.", by=agent)
    assert not lines(agent, "calls.opens")
    other = CallFactory(coming=True, agent=agent)
    [theirs] = [one for one in lines(agent, "calls.opens") if one.about == other.title]
    theirs.handle.cancel(by=agent)
    with clock.at(other.opens_at + timedelta(minutes=1)):
        sweep()
    assert not Broadcast.objects.filter(subject_id=str(other.pk), kind="calls.opens").exists()


def test_it_leaves_before_its_date_by_no_door(call, agent, reader):
    [one] = lines(agent, "calls.opens")
    browser = Client()
    browser.force_login(agent)
    page = browser.get("/gestion/envois/").text
    hold, send = (reverse("notifications:leaving-act", kwargs={"ref": one.ref, "act": act}) for act in ("hold", "send"))
    assert hold in page
    assert send not in page
    assert browser.post(send).status_code == 403
    assert browser.post(hold).status_code == 302
    sweep()
    assert not told(reader, "calls.opens")


def test_results_to_come_and_planned_articles_are_in_the_plan(call, agent, reader):
    now = clock.now()
    done = CallFactory(agent=agent, closed=True, results_at=now + 3 * DAY)
    [one] = lines(agent, "calls.published")
    assert (one.at, one.about, one.count) == (done.results_at, done.title, 0)
    article = news.article()
    type(article).objects.filter(pk=article.pk).update(published_at=now + DAY)
    [letter] = lines(agent, "news")
    assert letter.count == 1
    letter.handle.hold(by=agent)
    with clock.at(now + 2 * DAY):
        sweep()
    assert not told(reader, "portal.newsletter")


def test_others_see_nothing_of_it_and_only_who_configures_holds_it(call, agent, reader):
    assert not lines(AgentFactory(), "calls.opens")
    assert not lines(agent_of(CallFactory()), "calls.opens")
    assert not lines(UserFactory(), "news")
    [seen] = lines(agent_of(call, CallAgent.Right.SCREEN), "calls.opens")
    assert seen.handle is None
    [one] = lines(agent, "calls.opens")
    with pytest.raises(Forbidden):
        one.handle.hold(by=agent_of(call, CallAgent.Right.SCREEN))


def test_the_plan_asks_as_much_whatever_the_calls_and_the_followers(agent, reader):
    counted = []
    for n in (1, 3, 20):
        for _n in range(n):
            CallFactory(coming=True, agent=agent)
            following.follow([("calls.opening", 0)], by=UserFactory())
        with CaptureQueriesContext(connection) as asked:
            lines(agent, "calls.opens")
        counted.append(len(asked))
    assert counted[0] == counted[1] == counted[2]
