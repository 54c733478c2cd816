"""A link declared: who leads is told and answers on the board; the juror reads that it waits."""

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.notifications.models import Message
from juries.models import Recusal
from juries.operations import panels
from tests.factories.juries import opened, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def jury():
    return opened(jurors=3, applications=2)


@pytest.fixture
def doubt(jury):
    return panels.declare_recusal(jury.jurors[1], jury.submissions[0], "unsure", by=jury.jurors[1].user)


def to(name, jury):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})


def test_chair_and_secretary_are_told_and_nobody_else(jury):
    secretary = seat(jury.panel, jury.agent, is_secretary=True, has_voice=False)
    juror = jury.jurors[1]
    panels.declare_recusal(juror, jury.submissions[0], "unsure", by=juror.user)
    told = Message.objects.filter(kind="juries.link_declared")
    assert {message.recipient for message in told} == {jury.chair, secretary.user}
    assert all(str(juror) in message.body and jury.submissions[0].title in message.body for message in told)
    for message in told:
        with translation.override(message.language):
            assert message.path == to("chair", jury)


@pytest.mark.parametrize(("answer", "left"), [("confirm", 1), ("no_link", 0)])
def test_the_chair_answers_on_the_board(jury, doubt, client, answer, left):
    client.force_login(jury.chair)
    page = client.get(to("chair", jury)).content.decode()
    assert "Liens à trancher" in page
    sent = {"answer": answer, "panel": jury.panel.pk}
    told = client.post(reverse("juries:answer-recusal", kwargs={"recusal": doubt.pk}), sent)
    assert told.url == to("chair", jury)
    assert Recusal.objects.filter(confirmed_at__isnull=False).count() == left
    assert "Liens à trancher" not in client.get(to("chair", jury)).content.decode()


def test_agents_read_of_it_without_buttons(jury, doubt, client):
    client.force_login(jury.agent)
    assert "Liens à trancher" not in client.get(to("chair", jury)).content.decode()


def test_the_juror_reads_that_an_answer_is_awaited(jury, doubt, client):
    client.force_login(jury.jurors[1].user)
    page = client.get(to("room", jury)).content.decode()
    assert jury.submissions[0].title in page
    assert "en attente de la réponse de la présidence" in page
    panels.confirm_recusal(doubt, by=jury.chair)
    assert "confirmé par la présidence" in client.get(to("room", jury)).content.decode()
