"""A juror is told what became of the link they declared, once an answer, in no more words than their pages show."""

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.notifications.models import Message
from juries.models import Juror, Panel, Recusal
from juries.operations import deliberation, panels
from juries.queries.seats import jurors_of
from juries.queries.unanswered import unanswered
from tests.factories.juries import disclosed, opened, prepared, seat
from tests.juries.test_panels import finale_after

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def jury():
    return opened(jurors=2, applications=2, readings=2)


def answers():
    return Message.objects.filter(kind="juries.link_answered").order_by("pk")


def declared(jury, category="unsure", *, whole=False):
    juror = jury.jurors[1]
    return panels.declare_recusal(juror, None if whole else jury.submissions[0], category, by=juror.user)


def test_a_recusal_confirmed_is_told_to_its_juror_alone_with_their_room(jury):
    panels.confirm_recusal(declared(jury, "family"), by=jury.chair)
    told = answers().get()
    assert told.recipient == jury.jurors[1].user
    assert told.path == f"/en/jury/{jury.panel.pk}/"
    assert jury.submissions[0].title in told.body
    assert "stays closed to you" in told.body
    assert "do not count" in told.body
    assert jury.submissions[0].title not in told.subject


def test_a_doubt_set_aside_names_the_application_that_is_open_again(jury):
    panels.dismiss_doubt(declared(jury), by=jury.chair)
    told = answers().get()
    assert told.recipient == jury.jurors[1].user
    assert f"“{jury.submissions[0].title}” is open to you again" in told.body
    assert told.path == f"/en/jury/{jury.panel.pk}/"


def test_what_no_page_shows_before_sheets_open_is_not_named():
    jury = prepared(jurors=2, applications=1)
    panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user)
    panels.dismiss_doubt(declared(jury), by=jury.chair)
    told = answers().get()
    assert jury.submissions[0].title not in told.subject + told.body
    assert "open to you again" not in told.body


def test_a_doubt_declared_again_is_answered_again(jury):
    for answer in (panels.dismiss_doubt, panels.dismiss_doubt, panels.confirm_recusal):
        answer(declared(jury), by=jury.chair)
    assert ["open to you again" in one.body for one in answers()] == [True, True, False]


def test_a_recusal_of_the_session_leads_where_its_juror_still_enters(jury, client):
    panels.confirm_recusal(declared(jury, "other", whole=True), by=jury.chair)
    told = answers().get()
    assert "whole session" in told.body
    assert all(one.title not in told.body for one in jury.submissions)
    client.force_login(jury.jurors[1].user)
    assert client.get(f"/en/jury/{jury.panel.pk}/").status_code == 404
    assert client.get(told.path).status_code == 200


def test_who_left_or_no_longer_has_an_account_in_use_is_told_nothing(jury):
    first = declared(jury, "family")
    panels.call_up(seat(jury.panel, jury.agent, is_substitute=True), instead_of=jury.jurors[1], by=jury.agent)
    panels.confirm_recusal(first, by=jury.chair)
    assert not answers().exists()


def test_nobody_answers_their_own_link(jury):
    own = panels.declare_recusal(jury.jurors[0], jury.submissions[0], "unsure", by=jury.chair)
    for answer in (panels.confirm_recusal, panels.dismiss_doubt):
        with pytest.raises(Forbidden):
            answer(own, by=jury.chair)
    assert not answers().exists()


def test_an_answer_given_on_the_finale_leads_to_the_room_of_the_finale(jury):
    doubt = declared(jury)
    finale = finale_after(jury, jury.jurors[1])
    Juror.objects.filter(pk=jury.jurors[1].pk).update(has_voice=False, left_at=doubt.declared_at)
    panels.confirm_recusal(doubt, by=finale.chair)
    assert answers().get().path == f"/en/jury/{finale.panel.pk}/"


def test_in_the_language_of_the_juror(jury):
    juror = jury.jurors[1].user
    juror.language = "de"
    juror.save()
    panels.confirm_recusal(declared(jury, "family"), by=jury.chair)
    told = answers().get()
    assert (told.language, told.path) == ("de", f"/de/jury/{jury.panel.pk}/")


def test_no_answer_is_given_once_what_it_is_about_is_decided(client):
    """Of an application that goes no further, the finale in preparation changes nothing; of a finalist it does."""
    jury = disclosed(jurors=4, applications=2, places=1, value=lambda _juror, submission: 4 - submission)
    lost, kept = (
        panels.declare_recusal(jury.jurors[2], one, "family", by=jury.jurors[2].user)
        for one in (jury.submissions[1], jury.submissions[0])
    )
    deliberation.deliberate(jury.panel, by=jury.chair)
    jury.panel.jurors.update(is_present=True)
    deliberation.propose_ranking(jury.panel, by=jury.chair)
    deliberation.decide(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        panels.confirm_recusal(fresh(kept), by=jury.chair)
    deliberation.sign(Panel.objects.get(pk=jury.panel.pk), by=jury.chair)
    deliberation.proclaim(Panel.objects.get(pk=jury.panel.pk), by=jury.chair)
    final = panels.create_panel(jury.call, "finale", by=jury.agent, readings=3)
    for place, juror in enumerate(jury.jurors):
        seat(final, jury.agent, juror.user, is_chair=place == 0)
    with pytest.raises(Conflict):
        panels.confirm_recusal(fresh(lost), by=jury.chair)
    client.force_login(jury.chair)
    page = client.get(reverse("juries:organise", kwargs={"pk": final.pk})).text
    assert reverse("juries:answer-recusal", kwargs={"recusal": lost.pk}) not in page
    assert reverse("juries:answer-recusal", kwargs={"recusal": kept.pk}) in page
    assert [one.pk for _juror, one in unanswered(jurors_of(final))] == [kept.pk]
    assert panels.confirm_recusal(fresh(kept), by=jury.chair).confirmed_at


def fresh(recusal):
    return Recusal.objects.select_related("juror__panel__call", "juror__user", "submission").get(pk=recusal.pk)
