"""A large plan is computed by a worker: the same as at once, written in one act, told on the board."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden
from calls.models import CallAgent
from juries.models import Assignment, PlanRequest, Recusal
from juries.operations import panels
from juries.operations.panels import planning
from juries.tasks import plan_readings
from tests.factories.accounts import UserFactory
from tests.factories.juries import prepared, ready, write

pytestmark = pytest.mark.django_db
State = PlanRequest.State


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch):
    monkeypatch.setattr(planning, "AT_ONCE", 0)


@pytest.fixture
def jury():
    return prepared(jurors=4, applications=6, readings=2)


def pairs(jury):
    return set(Assignment.objects.filter(juror__panel=jury.panel).values_list("submission", "juror"))


def board(jury):
    return reverse("juries:organise", kwargs={"pk": jury.panel.pk})


def plan_from_board(client, jury, seed=7):
    client.force_login(jury.agent)
    return client.post(reverse("juries:plan", kwargs={"pk": jury.panel.pk}), {"seed": seed}, follow=True)


def refusal_told(client, jury):
    """Whether the board says why there is no plan."""
    request = PlanRequest.objects.get()
    return request.state == State.REFUSED and escape(request.refusal) in client.get(board(jury)).content.decode()


def test_a_small_plan_is_made_at_once(client, jury, monkeypatch):
    monkeypatch.setattr(planning, "AT_ONCE", 24)
    plan_from_board(client, jury)
    assert len(pairs(jury)) == 12
    assert PlanRequest.objects.get().state == State.DONE
    assert plan_readings() == 0


def stuck(**shape):
    """A panel of which two jurors stand aside from the first application, so that nobody is left for a reading."""
    jury = prepared(jurors=3, applications=2, **shape)
    for juror in jury.jurors[1:]:
        panels.accept_charter(juror, by=juror.user)
        panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
    return jury


@pytest.mark.parametrize("at_once", [0, 100], ids=["by a worker", "at once"])
def test_why_a_plan_is_stuck_stays_on_the_board_until_another_plan(client, monkeypatch, at_once):
    monkeypatch.setattr(planning, "AT_ONCE", at_once)
    jury = stuck()
    plan_from_board(client, jury)
    plan_readings()
    why = f"peuvent lire ces candidatures\u00a0: {jury.submissions[0].number}."
    for _visit in range(2):
        page = client.get(board(jury)).content.decode()
        assert why in page
        assert "Fait, mais bloqué" in page
    Recusal.objects.all().delete()
    plan_from_board(client, jury)
    plan_readings()
    page = client.get(board(jury)).content.decode()
    assert why not in page
    assert "Fait, mais bloqué" not in page


def told_of_the_plan(answer):
    """What a board says of the last plan."""
    return answer.content.decode().split('id="planning"')[1].split("<section")[0]


def test_why_it_is_stuck_names_nothing_its_reader_stands_aside_from(client, monkeypatch):
    monkeypatch.setattr(planning, "AT_ONCE", 100)
    jury = stuck()
    panels.accept_charter(jury.jurors[0], by=jury.chair)
    panels.declare_recusal(jury.jurors[0], jury.submissions[0], "family", by=jury.chair)
    plan_from_board(client, jury)
    assert jury.submissions[0].number in told_of_the_plan(client.get(board(jury)))
    client.force_login(jury.chair)
    told = told_of_the_plan(client.get(board(jury)))
    assert "ne trouvent pas" in told
    assert jury.submissions[0].number not in told


def test_each_state_of_a_plan_asked_for_is_a_step(client, jury):
    client.force_login(jury.agent)
    panels.ask_for_plan(jury.panel, seed=1, by=jury.agent)
    told = {}
    for state in (State.WAITING, State.RUNNING, State.REFUSED):
        PlanRequest.objects.update(state=state, claimed_at=clock.now(), refusal="Too late.")
        page = client.get(board(jury)).content.decode()
        told[state] = re.search(r'id="planning".*?aria-current="step">.*?</svg>([^<]*)<', page, re.DOTALL)[1]
    assert told == {
        State.WAITING: "En attente",
        State.RUNNING: "Calcul en cours",
        State.REFUSED: "N’a pas pu être fait",
    }


def test_a_plan_made_at_once_meanwhile_is_not_undone_by_a_worker(jury, monkeypatch):
    panels.ask_for_plan(jury.panel, seed=1, by=jury.agent)
    while_computing(monkeypatch, lambda: panels.plan_assignments(jury.panel, seed=5, by=jury.agent))
    plan_readings()
    jury.panel.refresh_from_db()
    assert jury.panel.seed == 5
    assert (PlanRequest.objects.get().seed, PlanRequest.objects.get().state) == (5, State.DONE)


def test_a_large_one_is_asked_for_computed_and_told(client, jury):
    page = plan_from_board(client, jury).content.decode()
    assert "en cours de calcul" in page
    assert not pairs(jury)
    assert plan_readings() == 1
    assert plan_readings() == 0
    assert len(pairs(jury)) == 12
    assert "12 lectures prévues" in client.get(board(jury)).content.decode()
    jury.panel.refresh_from_db()
    digest, made = jury.panel.plan_digest, pairs(jury)
    assert jury.panel.seed == 7
    panels.plan_assignments(jury.panel, seed=7, by=jury.agent)
    assert (jury.panel.plan_digest, pairs(jury)) == (digest, made)


def test_asking_again_keeps_the_sheets_begun(jury):
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    for juror in jury.jurors:
        ready(juror, jury.submissions)
    panels.open_panel(jury.panel, by=jury.agent)
    begun = Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__panel__call", "juror__user")[:3]
    kept = {(one.submission_id, one.juror_id) for one in begun}
    for one in begun:
        write(one, 3)
    panels.ask_for_plan(jury.panel, seed=99, by=jury.agent)
    plan_readings()
    assert kept <= pairs(jury)
    assert PlanRequest.objects.get().state == State.DONE


def test_one_at_a_time_by_those_who_organise(jury):
    with pytest.raises(Forbidden):
        panels.ask_for_plan(jury.panel, seed=1, by=jury.jurors[1].user)
    panels.ask_for_plan(jury.panel, seed=1, by=jury.agent)
    with pytest.raises(Conflict):
        panels.ask_for_plan(jury.panel, seed=2, by=jury.agent)
    plan_readings()
    panels.ask_for_plan(jury.panel, seed=2, by=jury.agent)
    assert PlanRequest.objects.get().seed == 2


def while_computing(monkeypatch, act, times=1):
    """Let `act()` happen between the computation and the writing, the first `times` times."""
    left, write_down = list(range(times)), planning._written

    def meanwhile(request, draft):
        if left:
            left.pop()
            act()
        return write_down(request, draft)

    monkeypatch.setattr(planning, "_written", meanwhile)


def test_what_changes_meanwhile_is_counted(jury, monkeypatch):
    recused, submission = jury.jurors[2], jury.submissions[0]
    panels.accept_charter(recused, by=recused.user)
    while_computing(monkeypatch, lambda: panels.declare_recusal(recused, submission, "family", by=recused.user))
    panels.ask_for_plan(jury.panel, seed=1, by=jury.agent)
    plan_readings()
    assert (submission.pk, recused.pk) not in pairs(jury)
    assert len(pairs(jury)) == 12


def test_what_never_stops_changing_is_told(client, jury, monkeypatch):
    def another():
        panels.seat(jury.panel, UserFactory(), by=jury.agent)

    while_computing(monkeypatch, another, times=9)
    plan_from_board(client, jury)
    plan_readings()
    assert not pairs(jury)
    assert refusal_told(client, jury)


def test_it_is_not_written_for_who_lost_the_right_nor_once_it_is_too_late(jury, monkeypatch):
    panels.ask_for_plan(jury.panel, seed=1, by=jury.agent)
    while_computing(monkeypatch, CallAgent.objects.filter(user=jury.agent).delete)
    plan_readings()
    assert not pairs(jury)
    assert PlanRequest.objects.get().state == State.REFUSED


def test_a_fault_is_told_and_can_be_asked_again(client, jury, monkeypatch):
    def at_fault(panel, *, seed):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(planning, "draft_plan", at_fault)
        plan_from_board(client, jury)
        plan_readings()
    assert refusal_told(client, jury)
    plan_from_board(client, jury)
    assert plan_readings() == 1
    assert len(pairs(jury)) == 12


def test_a_dead_worker_is_replaced_and_a_live_one_left_alone(jury):
    panels.ask_for_plan(jury.panel, seed=1, by=jury.agent)
    PlanRequest.objects.update(state=State.RUNNING, claimed_at=clock.now(), attempts=1)
    assert plan_readings() == 0
    PlanRequest.objects.update(claimed_at=clock.now() - timedelta(hours=3))
    assert plan_readings() == 1
    assert PlanRequest.objects.get().state == State.DONE
    PlanRequest.objects.update(state=State.RUNNING, claimed_at=clock.now() - timedelta(hours=3), attempts=3)
    plan_readings()
    assert PlanRequest.objects.get().state == State.REFUSED
