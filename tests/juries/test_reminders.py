"""The ladders of a jury: each juror is told how many sheets are left, before and after the date, while it serves."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Forbidden
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.layout import laid
from bethune_smartcity.notifications.mails import body_of
from bethune_smartcity.notifications.models import Message, Step
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.rungs import Rung
from bethune_smartcity.notifications.tasks import sweep
from calls.models import CallAgent
from calls.operations.ladders import add_rung, plan
from juries.models import Juror
from juries.operations import panels, scoring
from juries.operations.reminders import DATED, FINALE, READING, jurors_by_panel, targets
from tests.factories.accounts import UserFactory
from tests.factories.calls import agent_of
from tests.factories.juries import opened, write, write_all

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def jury():
    """Three jurors with three applications to read, due in ten days."""
    return opened(due_at=clock.now() + 10 * DAY)


def written():
    return Message.objects.filter(kind="juries.reminder").order_by("pk")


def test_three_days_and_a_day_before_then_a_day_after_each_is_told_how_many_are_left(jury):
    due = jury.panel.due_at
    write(jury.assignment(0, 0), 3)
    for moment, rounds in ((due - 4 * DAY, 0), (due - 3 * DAY, 1), (due - DAY, 2), (due, 2), (due + DAY, 3)):
        with clock.at(moment):
            sweep()
            sweep()
        assert written().count() == 3 * rounds
    told = {message.recipient: message.body for message in written()[:3]}
    assert "2 of the applications you read" in told[jury.jurors[0].user]
    assert "3 of the applications you read" in told[jury.jurors[1].user]
    assert f"https://portail.example/en/jury/{jury.panel.pk}/" in told[jury.jurors[1].user]
    last = written().last()
    assert "still expected" in last.subject
    assert "This was due by" in last.body


def test_who_handed_everything_in_hears_no_more(jury):
    with clock.at(clock.now() + HOUR):
        for n in range(3):
            write(jury.assignment(0, n), 3)
    plan(READING, jury.panel.due_at - DAY)
    assert {message.recipient for message in written()} == {juror.user for juror in jury.jurors[1:]}


def test_who_stands_aside_is_not_asked_for_that_sheet(jury):
    juror = jury.jurors[1]
    panels.declare_recusal(juror, jury.submissions[0], "financial", by=juror.user)
    plan(READING, jury.panel.due_at - DAY)
    assert written().get(recipient=juror.user).subject.startswith("2 sheets")


def test_what_is_left_is_named_with_a_link_to_each_sheet(jury):
    write(jury.assignment(0, 0), 3)
    plan(READING, jury.panel.due_at - DAY)
    body = written().get(recipient=jury.jurors[0].user).body
    done, *left = jury.submissions
    assert done.number not in body
    for submission in left:
        sheet = f"https://portail.example/en/jury/{jury.panel.pk}/fiche/{submission.pk}/"
        assert f"- {submission.number}, {submission.title}: {sheet}" in body
    assert "other" not in body


def test_of_an_application_one_stands_aside_from_nothing_is_named(jury):
    juror = jury.jurors[1]
    aside = jury.submissions[0]
    panels.declare_recusal(juror, aside, "financial", by=juror.user)
    plan(READING, jury.panel.due_at - DAY)
    with clock.at(jury.panel.due_at - HOUR):
        panels.nudge(juror, by=jury.chair)
    mails = Message.objects.filter(recipient=juror.user, kind__in=("juries.reminder", "juries.nudge"))
    assert mails.count() == 2
    for mail in mails:
        assert aside.title not in mail.body
        assert str(aside.pk) not in mail.body
        assert jury.submissions[1].number in mail.body


def test_five_are_named_and_the_others_counted():
    jury = opened(jurors=1, applications=8, readings=1, due_at=clock.now() + 10 * DAY)
    plan(READING, jury.panel.due_at - DAY)
    body = written().get().body
    assert body.count("/fiche/") == 5
    assert "- and 3 others\n" in body
    links = [
        piece
        for block in body_of(laid(body, written().get().layout)).blocks
        if block.is_list
        for line in block.lines
        for piece in line
    ]
    assert [bool(piece.url) for piece in links] == [True] * 5 + [False]


def test_who_was_given_nothing_to_read_before_the_step_is_left_alone(jury):
    newcomer = panels.seat(jury.panel, UserFactory(), by=jury.agent)
    newcomer.panel = jury.panel
    with clock.at(jury.panel.due_at - 2 * DAY):
        panels.assign(newcomer, jury.submissions[0], by=jury.agent)
        plan(READING, clock.now())
        assert not written().filter(recipient=newcomer.user).exists()
    plan(READING, jury.panel.due_at - DAY)
    assert written().filter(recipient=newcomer.user).exists()


def test_each_in_their_language(jury):
    german = jury.jurors[2].user
    german.language = "de"
    german.save()
    plan(READING, jury.panel.due_at - DAY)
    mail = written().get(recipient=german)
    assert mail.subject.startswith("3 Bewertungsbögen abzugeben")
    assert mail.path.startswith("/de/jury/")


def test_a_panel_in_preparation_reminds_nobody_and_one_opened_late_only_of_what_is_to_come():
    jury = opened(due_at=clock.now() + 2 * DAY)
    with clock.at(clock.now() + HOUR):
        sweep()
    assert not written().exists()
    assert not JournalEntry.objects.filter(verb="drop_reminder").exists()
    with clock.at(jury.panel.due_at - DAY):
        sweep()
    assert written().count() == 3


def test_after_the_lock_nothing_leaves_and_what_was_held_is_let_go(jury):
    moment = jury.panel.due_at - 4 * DAY
    with clock.at(moment):
        step = next(one for one in foresee(jury.agent, moment, moment + 30 * DAY) if "1 day before" in one.why)
        step.handle.hold(by=jury.agent)
        write_all(jury)
        scoring.lock_panel(jury.panel, by=jury.chair)
        assert not [one for one in foresee(jury.agent, moment, moment + 30 * DAY) if "sheets" in one.why]
    with clock.at(jury.panel.due_at + 2 * DAY):
        sweep()
    assert not written().exists()
    assert Step.objects.get(code="1d").state == Step.State.DROPPED


def test_a_date_that_moves_has_its_ladder_again(jury):
    due = jury.panel.due_at
    plan(READING, due - DAY)
    with clock.at(due - DAY):
        settings = {name: getattr(jury.panel, name) for name in ("readings", "places", "quorum", "basis")}
        panels.configure_panel(jury.panel, due_at=due + 10 * DAY, by=jury.agent, **settings)
    assert plan(READING, due) == 0
    assert plan(READING, due + 7 * DAY) == 3


def test_in_a_finale_only_those_present_are_asked():
    jury = opened("finale", due_at=clock.now() + 10 * DAY)
    Juror.objects.filter(pk=jury.jurors[0].pk).update(is_present=True)
    assert plan(READING, jury.panel.due_at - DAY) == 0
    assert plan(FINALE, jury.panel.due_at - DAY) == 1
    assert written().get().recipient == jury.jurors[0].user


def test_only_who_organises_the_jury_foresees_and_chooses(jury):
    moment = clock.now()
    reader = agent_of(jury.call, CallAgent.Right.SCREEN)
    chooser = agent_of(jury.call, CallAgent.Right.JURY)
    assert len([one for one in foresee(chooser, moment, moment + 30 * DAY) if one.to == "3 jurors"]) == 3
    assert not [one for one in foresee(reader, moment, moment + 30 * DAY) if one.to == "3 jurors"]
    add_rung(jury.call, READING, Rung(5), by=chooser)
    with pytest.raises(Forbidden):
        add_rung(jury.call, READING, Rung(6), by=reader)


def test_statements_do_not_grow_with_jurors_nor_panels(jury):
    def statements():
        Message.objects.all().delete()
        Step.objects.all().delete()
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as asked:
            plan(READING, jury.panel.due_at - DAY)
        return len(asked)

    three = statements()
    extra = [panels.seat(jury.panel, UserFactory(), by=jury.agent) for _n in range(9)]
    for juror in extra:
        juror.panel = jury.panel
        for submission in jury.submissions:
            panels.assign(juror, submission, by=jury.agent)
    with CaptureQueriesContext(connection) as counting:
        jurors_by_panel(targets("reading", DATED.rows(type(jury.call).objects.all(), clock.now()), clock.now()))
    assert len(counting) == 2
    assert statements() == three <= 24


def test_what_is_held_back_or_called_off_stays_so_when_the_date_moves(jury):
    agent = agent_of(jury.panel.call)

    def coming():
        found = foresee(agent, clock.now(), clock.now() + 100 * DAY)
        return {one.why: one for one in found if "sheets" in one.why}

    coming()["3 days before the sheets are due"].handle.hold(by=agent)
    coming()["1 day before the sheets are due"].handle.cancel(by=agent)
    panels.configure_panel(jury.panel, by=agent, due_at=jury.panel.due_at + 6 * DAY)
    found = coming()
    assert found["3 days before the sheets are due"].is_held
    assert found["3 days before the sheets are due"].at == jury.panel.due_at - 3 * DAY
    assert "1 day before the sheets are due" not in found
    with clock.at(jury.panel.due_at - HOUR):
        sweep()
    assert not written().exists()
