"""Late jurors reminded by hand: what is left, until when, once a day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, TooOften
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.texts import Words
from calls.models import CallAgent
from calls.operations import message_texts
from juries.models import Juror
from juries.operations import panels, scoring
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import agent_of
from tests.factories.juries import opened, prepared, write

pytestmark = pytest.mark.django_db


def reminders():
    return Message.objects.filter(kind="juries.nudge")


def rested(jury):
    Juror.objects.filter(panel=jury.panel).update(nudged_at=clock.now() - timedelta(days=1))


def test_the_message_says_how_many_are_left_and_until_when():
    due = clock.now() + timedelta(days=3)
    jury = opened(applications=3, due_at=due)
    write(jury.assignment(1, 0), 3)
    assert panels.nudge(jury.jurors[1], by=jury.chair) == 2
    row = reminders().get()
    assert row.recipient == jury.jurors[1].user
    assert "2 " in row.subject
    assert str(due.year) in row.body


def test_once_the_date_is_past_the_message_says_so_in_the_agents_words_where_they_wrote_some():
    jury = opened(applications=2, due_at=clock.now() + timedelta(hours=1))
    configurer = agent_of(jury.call, CallAgent.Right.CONFIGURE)
    words = Words("Ours: {fiches}", "Ours.\n{reste}\n{date_limite}\n{lien}")
    message_texts.word(jury.call, "juries.nudge.late", "de", words, seen="", by=configurer)
    german = jury.jurors[2].user
    german.language = "de"
    german.save()
    with clock.at(clock.now() + timedelta(days=3)):
        panels.nudge(jury.jurors[1], by=jury.chair)
        panels.nudge(jury.jurors[2], by=jury.chair)
    told = reminders().get(recipient=jury.jurors[1].user)
    assert "before" not in told.body
    assert "This was due by" in told.body
    assert "still expected" in told.subject
    theirs = reminders().get(recipient=german)
    assert theirs.subject == "Ours: 2 Bewertungsbögen werden noch erwartet"
    assert theirs.body.startswith("Ours.\n")


def test_once_a_day_at_most():
    jury = opened(applications=1)
    panels.nudge(jury.jurors[1], by=jury.agent)
    with pytest.raises(TooOften) as refusal:
        panels.nudge(jury.jurors[1], by=jury.chair)
    assert 0 < refusal.value.retry_after <= 86401
    assert panels.nudge_late(jury.panel, by=jury.agent) == len(jury.jurors) - 1
    assert panels.nudge_late(jury.panel, by=jury.agent) == 0
    rested(jury)
    assert panels.nudge_late(jury.panel, by=jury.agent) == len(jury.jurors)


def test_nobody_who_is_done_or_stands_aside_is_reminded():
    jury = opened(applications=1)
    write(jury.assignment(0, 0), 3)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "other", by=jury.jurors[1].user)
    with pytest.raises(Conflict):
        panels.nudge(jury.jurors[0], by=jury.agent)
    assert panels.nudge_late(jury.panel, by=jury.agent) == len(jury.jurors) - 2


def test_sheets_that_are_not_open_are_not_asked_for():
    jury = prepared(applications=1)
    with pytest.raises(Conflict):
        panels.nudge_late(jury.panel, by=jury.agent)
    jury = opened(applications=1)
    write(jury.assignment(0, 0), 3)
    scoring.lock_panel(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        panels.nudge(jury.jurors[1], by=jury.agent)


def test_who_leads_or_organises_reminds():
    jury = opened(applications=1)
    for person in (UserFactory(), AgentFactory(), jury.jurors[-1].user):
        with pytest.raises(Forbidden):
            panels.nudge(jury.jurors[1], by=person)
        with pytest.raises(Forbidden):
            panels.nudge_late(jury.panel, by=person)


@pytest.mark.parametrize("board", ["organise", "chair"])
def test_one_button_on_each_board(board):
    jury = opened(applications=1)
    client = Client()
    client.force_login(jury.chair)
    page = reverse(f"juries:{board}", kwargs={"pk": jury.panel.pk})
    where = reverse("juries:nudge-late", kwargs={"pk": jury.panel.pk})
    assert where in client.get(page).content.decode()
    answer = client.post(where, {"from": board})
    assert answer.url == page
    assert reminders().count() == len(jury.jurors)
    assert client.post(where).status_code == 302
    assert reminders().count() == len(jury.jurors)


def test_the_page_tells_when_each_was_last_reminded():
    jury = opened(applications=1)
    client = Client()
    client.force_login(jury.agent)
    client.post(reverse("juries:nudge", kwargs={"pk": jury.panel.pk, "juror": jury.jurors[1].pk}))
    shown = client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).content.decode()
    assert shown.count("relance du") == 1
