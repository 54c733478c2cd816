"""What an agent holds back, or calls off, stays so when the date it follows moves: of reminders and of news alike."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Broadcast, Message, Step
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.tasks import sweep
from calls.operations import deadlines, extensions, publication
from tests.factories.accounts import StructureFactory
from tests.factories.calls import CallFactory, agent_of, draft

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TWO_DAYS, A_DAY = "2 days before the close", "24 hours before the close"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def opened(closes_at):
    """A call with a draft, open for two months when it closes."""
    call = CallFactory(opens_at=closes_at - 60 * DAY, closes_at=closes_at, announced_at=closes_at - 70 * DAY)
    draft(call)
    return call


def coming(agent, about=None):
    """What will leave within a year, by its reason, as the agent sees it."""
    # A page that was asked for leaves its own language in force.
    with translation.override("en"):
        found = foresee(agent, clock.now(), clock.now() + 366 * DAY)
    return {one.why: one for one in found if about is None or about in one.about}


def decide(agent, about=None):
    """Hold two days before the close, call off the day before."""
    coming(agent, about)[TWO_DAYS].handle.hold(by=agent)
    coming(agent, about)[A_DAY].handle.cancel(by=agent)


def moved(call, to, agent, field="closes_at"):
    deadlines.move_deadline(call, field, to, reason="A storm.", by=agent)
    call.refresh_from_db()


def rungs_told():
    keys = Message.objects.filter(kind="calls.closing").order_by("pk").values_list("key", flat=True)
    return [key.split(":")[3].split("@")[0] for key in keys]


def kept(subject):
    lines = JournalEntry.objects.filter(subject_id=str(subject.pk), verb__startswith="keep_").order_by("verb")
    return [(line.verb, line.data["rung"]) for line in lines]


def days_pass(start, until, each=12 * HOUR):
    moment = start
    while moment < until:
        with clock.at(moment):
            sweep()
        moment += each


@pytest.mark.parametrize("days", [10, -5], ids=["later", "earlier"])
def test_held_back_and_called_off_stay_so_when_the_close_moves(days):
    call = opened(clock.now() + 20 * DAY)
    agent = agent_of(call)
    decide(agent)
    moved(call, call.closes_at + days * DAY, agent)
    found = coming(agent)
    assert found[TWO_DAYS].is_held
    assert found[TWO_DAYS].at == call.closes_at - 2 * DAY
    assert A_DAY not in found
    assert kept(call) == [("keep_called_off", "24h"), ("keep_held", "2d")]
    days_pass(clock.now(), call.closes_at)
    assert rungs_told() == ["7d"]
    with clock.at(call.closes_at - 2 * HOUR):
        sweep()
    assert rungs_told() == ["7d", "3h"]


def test_they_follow_it_back_and_forth_and_a_decision_taken_back_does_not_return():
    call = opened(clock.now() + 20 * DAY)
    agent, first = agent_of(call), call.closes_at
    decide(agent)
    moved(call, first + 10 * DAY, agent)
    coming(agent)[TWO_DAYS].handle.release(by=agent)
    moved(call, first, agent)
    found = coming(agent)
    assert not found[TWO_DAYS].is_held
    assert A_DAY not in found
    found[TWO_DAYS].handle.hold(by=agent)
    moved(call, first + 10 * DAY, agent)
    assert coming(agent)[TWO_DAYS].is_held
    assert Step.objects.filter(state__in=("held", "cancelled")).count() == 2


def test_what_was_sent_for_the_former_close_is_sent_again_for_the_new_one():
    call = opened(clock.now() + 20 * DAY)
    agent = agent_of(call)
    with clock.at(call.closes_at - 7 * DAY):
        sweep()
        moved(call, call.closes_at + 10 * DAY, agent)
    with clock.at(call.closes_at - 7 * DAY):
        sweep()
    assert rungs_told() == ["7d", "7d"]
    assert kept(call) == []


def test_over_the_autumn_change_of_the_clock_days_keep_the_hour_of_the_wall():
    with clock.at(clock.paris(2026, 10, 1, 9)):
        call = opened(clock.paris(2026, 10, 20, 12))
        agent = agent_of(call)
        decide(agent)
        moved(call, clock.paris(2026, 10, 26, 12), agent)
        found = coming(agent)
        assert found[TWO_DAYS].is_held
        assert found[TWO_DAYS].at == clock.paris(2026, 10, 24, 12)
        assert A_DAY not in found
    days_pass(clock.paris(2026, 10, 17, 9), clock.paris(2026, 10, 26, 12), HOUR)
    assert rungs_told() == ["7d", "3h"]


def test_the_page_that_moves_a_date_and_those_of_what_leaves_show_them(client):
    call = opened(clock.now() + 20 * DAY)
    agent = agent_of(call)
    client.force_login(agent)
    with translation.override("fr"):
        page, ladders = (reverse(f"calls:{name}", kwargs={"slug": call.slug}) for name in ("move-deadline", "ladders"))
    assert "le reste à la nouvelle date" not in client.get(page).text
    decide(agent)
    shown = client.get(page).text.replace("\xa0", " ")
    assert "2 jours avant la clôture (retenu)" in shown
    assert "24 heures avant la clôture (annulé)" in shown
    moved(call, call.closes_at + 10 * DAY, agent)
    assert "2 jours avant la clôture (retenu)" in client.get(page).text.replace("\xa0", " ")
    held = client.get("/gestion/envois/").context["held"]
    assert [(one.about, one.at) for one in held] == [(call.title, call.closes_at - 2 * DAY)]
    lines = client.get(ladders).context["boards"][0].lines
    assert {line.code: line.note for line in lines if line.code in {"2d", "24h"}} == {"2d": "retenu", "24h": "annulé"}


@pytest.mark.parametrize("act", ["hold", "cancel"])
def test_an_opening_held_back_or_called_off_stays_so_when_it_moves(act, client):
    call = CallFactory(announced_at=clock.now() - DAY, opens_at=clock.now() + 5 * DAY, closes_at=clock.now() + 40 * DAY)
    agent = agent_of(call)
    getattr(coming(agent)["the call opens"].handle, act)(by=agent)
    moved(call, call.opens_at + 3 * DAY, agent, "opens_at")
    found = coming(agent)
    assert ("the call opens" in found) == (act == "hold")
    assert act == "cancel" or (found["the call opens"].is_held and found["the call opens"].at == call.opens_at)
    client.force_login(agent)
    assert "the call opens (" in client.get(reverse("calls:move-deadline", kwargs={"slug": call.slug})).text
    days_pass(clock.now(), call.opens_at + 2 * DAY)
    assert not Broadcast.objects.filter(kind="calls.opens").exists()


def test_results_held_back_stay_so_when_their_day_moves():
    call = opened(clock.now() - DAY)
    agent = agent_of(call)
    publication.set_results_at(call, clock.now() + 5 * DAY, by=SYSTEM)
    coming(agent)["the results are public"].handle.hold(by=agent)
    publication.set_results_at(call, clock.now() + 9 * DAY, by=SYSTEM)
    assert coming(agent)["the results are public"].is_held
    days_pass(clock.now() + 4 * DAY, clock.now() + 11 * DAY, DAY)
    assert not Broadcast.objects.exists()
    with clock.at(clock.now() + 11 * DAY):
        coming(agent)["the results are public"].handle.release(by=agent)
        sweep()
    assert Broadcast.objects.count() == 1


def test_those_of_an_own_end_follow_it_and_leave_the_close_alone():
    call = opened(clock.now() + 20 * DAY)
    agent, one, other = agent_of(call), draft(call, StructureFactory()), draft(call, StructureFactory())
    for submission in (one, other):
        extensions.extend(submission, until=call.closes_at + 5 * DAY, reason="A storm.", by=agent)
    decide(agent, "with more time")
    extensions.extend(one, until=call.closes_at + 9 * DAY, reason="A storm.", by=agent)
    assert kept(call) == [], "the other has that end still"
    extensions.extend(other, until=call.closes_at + 9 * DAY, reason="A storm.", by=agent)
    found = coming(agent, "with more time")
    assert found[TWO_DAYS].is_held
    assert found[TWO_DAYS].at == call.closes_at + 7 * DAY
    assert A_DAY not in found
    common = [each for each in foresee(agent, clock.now(), clock.now() + 366 * DAY) if each.about == call.title]
    assert {TWO_DAYS, A_DAY} <= {each.why for each in common}
    assert not any(each.is_held for each in common)
