"""The debate on an application: for members who do not stand aside, from the disclosure to the signature."""

import json

import pytest
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from juries.models import Panel, Remark
from juries.operations import deliberation, panels, scoring
from juries.queries.invariants import no_debate_outlives_its_minutes
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.juries import disclosed, locked, prepared, ready, seat, sheets_of, write_all

pytestmark = pytest.mark.django_db
SECRET = "The bakery opens at five."


def to(name, jury, place=0, **keys):
    named = {"pk": jury.panel.pk, "submission": jury.submissions[place].pk, **keys}
    return reverse(f"juries:{name}", kwargs=named)


def status(client, person, address):
    client.force_login(person) if person else client.logout()
    return client.get(address).status_code


def said(jury, place=1, submission=0, text=SECRET):
    return deliberation.say(jury.panel, jury.submissions[submission], text, by=jury.jurors[place].user)


def settled(jury):
    """The same panel, its decision settled."""
    deliberation.deliberate(jury.panel, by=jury.chair)
    scoring_present(jury)
    deliberation.propose_ranking(jury.panel, by=jury.chair)
    deliberation.decide(jury.panel, by=jury.chair)


def scoring_present(jury):
    jury.panel.jurors.update(is_present=True)


@pytest.fixture
def jury():
    return disclosed(jurors=4, applications=2, places=1, value=lambda _juror, submission: 4 - submission)


def test_members_alone_read_it_and_only_once_the_standing_is_disclosed(client):
    jury = locked(jurors=3, applications=1)
    for person, answer in ((jury.chair, 409), (jury.jurors[1].user, 409), (jury.agent, 403), (UserFactory(), 404)):
        assert status(client, person, to("debate", jury)) == answer
    scoring.disclose_panel(jury.panel, by=jury.chair)
    said(jury)
    for person in (jury.chair, jury.jurors[2].user):
        client.force_login(person)
        page = client.get(to("debate", jury)).content.decode()
        assert SECRET in page
        assert str(jury.jurors[1]) in page
    assert status(client, jury.agent, to("debate", jury)) == 403
    assert status(client, UserFactory(), to("debate", jury)) == 404
    assert status(client, owner_of(jury.submissions[0].structure), to("debate", jury)) == 404
    assert status(client, None, to("debate", jury)) == 302


def test_who_stands_aside_finds_it_shut_and_is_heard_no_more(client, jury):
    recused = jury.jurors[1]
    said(jury)
    said(jury, submission=1, text="Of the other one.")
    panels.declare_recusal(recused, jury.submissions[0], "family", by=recused.user)
    assert status(client, recused.user, to("debate", jury)) == 404
    assert status(client, recused.user, to("debate", jury, 1)) == 200
    with pytest.raises(Forbidden):
        said(jury)
    client.force_login(jury.chair)
    assert SECRET not in client.get(to("debate", jury)).content.decode()
    assert "Of the other one." in client.get(to("debate", jury, 1)).content.decode()
    page = client.get(reverse("juries:standing", kwargs={"pk": jury.panel.pk})).content.decode()
    assert to("debate", jury) in page
    client.force_login(recused.user)
    assert to("debate", jury) not in client.get(page_of(jury)).content.decode()


def page_of(jury):
    return reverse("juries:standing", kwargs={"pk": jury.panel.pk})


def test_a_substitute_who_waits_takes_no_part(client):
    jury = prepared(jurors=3, applications=1)
    waits = seat(jury.panel, jury.agent, has_voice=False, is_substitute=True)
    for juror in jury.jurors:
        ready(juror, jury.submissions)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    write_all(jury)
    scoring.lock_panel(jury.panel, by=jury.chair)
    scoring.disclose_panel(jury.panel, by=jury.chair)
    assert status(client, waits.user, page_of(jury)) == 200
    assert status(client, waits.user, to("debate", jury)) == 403


def test_the_standing_leads_members_to_it_and_agents_not(client, jury):
    said(jury)
    client.force_login(jury.jurors[2].user)
    assert f'{to("debate", jury)}">le\N{NO-BREAK SPACE}débat (1)' in client.get(page_of(jury)).content.decode()
    board = reverse("juries:chair", kwargs={"pk": jury.panel.pk})
    client.force_login(jury.agent)
    for page in (page_of(jury), board):
        assert to("debate", jury) not in client.get(page).content.decode()
    client.force_login(jury.chair)
    assert to("debate", jury) in client.get(board).content.decode()


def test_a_member_says_something_and_takes_it_back(client, jury):
    client.force_login(jury.jurors[1].user)
    answer = client.post(to("debate", jury), {"text": "  Two lines\r\nof words. "}, follow=True)
    assert answer.redirect_chain == [(f"{to('debate', jury)}#debate", 302)]
    remark = Remark.objects.get()
    assert (remark.text, remark.juror) == ("Two lines\nof words.", jury.jurors[1])
    take_back = to("take-back-remark", jury, remark=remark.pk)
    assert take_back in answer.content.decode()
    assert client.post(to("debate", jury), {"text": " "}).status_code == 422
    client.force_login(jury.chair)
    assert take_back not in client.get(to("debate", jury)).content.decode()
    assert client.post(take_back).status_code == 404
    with pytest.raises(Forbidden):
        deliberation.take_back(remark, by=jury.chair)
    client.force_login(jury.jurors[1].user)
    client.post(take_back)
    assert not Remark.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 2001, "hidden \u202e turn", "a\x00b"])
def test_what_is_odd_or_endless_is_refused(jury, text):
    with pytest.raises(Invalid):
        said(jury, text=text)


def test_readers_comments_stand_there_without_their_names(client, jury):
    sheet = sheets_of(jury).filter(submission=jury.submissions[0]).exclude(juror=jury.jurors[0]).first()
    type(sheet).objects.filter(pk=sheet.pk).update(comment="A clear need.", private_note="Mine alone.")
    mark = sheet.marks.first()
    type(mark).objects.filter(pk=mark.pk).update(comment="Used each day.")
    client.force_login(jury.chair)
    page = client.get(to("debate", jury)).content.decode()
    assert "A clear need." in page
    assert "Used each day." in page
    assert "Mine alone." not in page
    assert str(sheet.juror) not in page


def test_it_closes_with_the_decision_and_is_destroyed_with_the_signature(client, jury):
    remark = said(jury)
    settled(jury)
    for act in (said, lambda _jury: deliberation.take_back(Remark.objects.get(), by=remark.juror.user)):
        with pytest.raises(Conflict):
            act(jury)
    client.force_login(jury.chair)
    page = client.get(to("debate", jury)).content.decode()
    assert SECRET in page
    assert "<textarea" not in page
    minutes = deliberation.sign(Panel.objects.get(pk=jury.panel.pk), by=jury.chair)
    assert not Remark.objects.exists()
    assert "est détruit" in client.get(to("debate", jury)).content.decode()
    assert SECRET not in json.dumps(minutes.content)
    assert not any(SECRET in json.dumps(entry.data) + entry.reason for entry in JournalEntry.objects.all())
    assert list(no_debate_outlives_its_minutes()) == []
    Remark.objects.create(panel=jury.panel, submission=jury.submissions[0], juror=jury.jurors[1], text=SECRET)
    assert len(list(no_debate_outlives_its_minutes())) == 1


@pytest.mark.parametrize("number", [1, 30])
def test_it_costs_the_same_few_statements(client, django_assert_num_queries, jury, number):
    for _each in range(number):
        said(jury)
    client.force_login(jury.chair)
    client.get(to("debate", jury))
    with django_assert_num_queries(12):
        client.get(to("debate", jury))
    with django_assert_num_queries(6):
        client.get(page_of(jury))
