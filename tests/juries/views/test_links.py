"""A link declared: who leads is told and answers on the board; the juror reads that it waits."""

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import move
from bethune_smartcity.notifications.models import Message
from juries.models import Assignment, Juror, Panel, Recusal
from juries.operations import panels
from tests.factories.juries import opened, seat, write
from tests.juries.finale import a_finale

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


def test_the_lock_names_the_links_without_an_answer_and_asks(jury, doubt, client):
    panels.declare_recusal(jury.jurors[0], jury.submissions[1], "family", by=jury.chair)
    panels.declare_recusal(jury.jurors[2], jury.submissions[1], "family", by=jury.jurors[2].user)
    write_all_free(jury)
    client.force_login(jury.chair)
    page = client.get(to("chair-lock", jury)).content.decode()
    assert f"le lien de {jury.jurors[1]}\u00a0: {jury.submissions[0].title}" in page
    assert str(jury.jurors[2]) not in page
    assert "1 lien avec une candidature dont vous êtes déporté·e" in page
    assert client.post(to("chair-lock", jury)).status_code == 422
    assert client.post(to("chair-lock", jury), {"unanswered": "on"}).status_code == 302


def write_all_free(jury):
    for row in Assignment.objects.free().filter(juror__panel=jury.panel).select_related("juror__panel", "juror__user"):
        write(row, 3)


def test_nothing_is_asked_of_a_lock_whose_links_are_answered(jury, doubt, client):
    panels.confirm_recusal(doubt, by=jury.chair)
    write_all_free(jury)
    client.force_login(jury.chair)
    assert client.post(to("chair-lock", jury)).status_code == 302


def test_one_s_own_link_is_said_to_be_for_another_to_answer(jury, client):
    own = panels.declare_recusal(jury.jurors[0], jury.submissions[0], "unsure", by=jury.chair)
    url = reverse("juries:answer-recusal", kwargs={"recusal": own.pk})
    client.force_login(jury.chair)
    page = client.get(to("organise", jury)).content.decode()
    assert url not in page
    assert "personne d’autre ne préside" in page
    secretary = seat(jury.panel, jury.agent, is_secretary=True, has_voice=False)
    page = client.get(to("organise", jury)).content.decode()
    assert url not in page
    assert "le secrétariat doit encore répondre" in page
    client.force_login(secretary.user)
    assert url in client.get(to("organise", jury)).content.decode()
    Juror.objects.filter(pk=secretary.pk).update(is_secretary=False)
    Panel.objects.filter(pk=jury.panel.pk).update(state="locked")
    client.force_login(jury.chair)
    assert "personne d’autre ne préside\u00a0: il vaut lien" in client.get(to("organise", jury)).content.decode()


def test_links_are_answered_until_the_decision(client):
    made = a_finale(3)
    made.reach("deliberate")
    juror = made.jurors[0]
    doubt = Recusal.objects.create(juror=juror, submission=made.finalists[0], category="unsure")
    url = reverse("juries:answer-recusal", kwargs={"recusal": doubt.pk})
    client.force_login(made.chair)
    pages = [reverse(f"juries:{name}", kwargs={"pk": made.panel.pk}) for name in ("chair", "organise")]
    assert all(url in client.get(page).content.decode() for page in pages)
    move(made.panel, "decide", by=SYSTEM)
    assert not any(url in client.get(page).content.decode() for page in pages)
    assert "resté sans réponse" in client.get(pages[1]).content.decode()
    for answer in (panels.confirm_recusal, panels.dismiss_doubt):
        with pytest.raises(Conflict) as refusal:
            answer(doubt, by=made.chair)
        assert refusal.value.code == "decided"
    reading = Panel.objects.create(call=made.call, stage=Panel.Stage.READING)
    Juror.objects.create(panel=reading, user=juror.user)
    panels.dismiss_doubt(doubt, by=made.chair)
