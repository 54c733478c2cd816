"""Each line of what will leave leads to where its words, its date or its people are changed, for who may."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.notifications import outbox
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.texts import Words
from calls.models import CallAgent, Submission
from calls.operations import letters
from juries.models import Panel
from tests.factories import news
from tests.factories.accounts import AgentFactory, StructureFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, submitted
from tests.factories.juries import opened, prepared, seat

from .leaving import DAY, PAGE, browser, lines, waiting_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(closes_at=clock.now() + 20 * DAY)


@pytest.fixture
def agent(call):
    return agent_of(call)


def edits(user):
    """Where each line is changed, by its reason and what it is about."""
    client, found = browser(user), {}
    for line in lines(client):
        for edit in line.edits:
            answer = client.get(edit.url)
            assert answer.status_code == 200, edit.url
            found.setdefault((line.about, line.why.replace("\u00a0", " ")), []).append((str(edit.label), edit.url))
    return found


def test_a_reminder_leads_to_its_words_and_to_its_ladder(call, agent):
    draft(call)
    board = f"/gestion/appels/{call.slug}"
    at = (call.title, "7 jours avant la clôture")
    words, ladder = edits(agent)[at]
    assert words[1] == f"{board}/messages/calls.closing/fr/"
    assert ladder[1] == f"{board}/rappels/"
    page = browser(agent).get(PAGE).text
    assert f'href="{words[1]}"' in page
    assert not edits(agent_of(call, CallAgent.Right.SCREEN))


def test_a_reminder_to_jurors_leads_to_the_words_of_its_side_of_the_date():
    jury = opened(applications=1, due_at=clock.now() + 5 * DAY)
    board = f"/gestion/appels/{jury.call.slug}"
    found = {why: [url for _label, url in pairs] for (_about, why), pairs in edits(jury.agent).items()}
    for why, side in (("1 jour avant", "before"), ("1 jour après", "late")):
        words = f"{board}/messages/juries.reminder.{side}/fr/"
        assert found[f"{why} la date de rendu des fiches"] == [words, f"{board}/rappels/"]
    organiser = edits(agent_of(jury.call, CallAgent.Right.JURY))
    assert {url for pairs in organiser.values() for _label, url in pairs} == {f"{board}/rappels/"}


def test_a_bulk_message_leads_to_where_it_is_taken_back(call, agent):
    submitted(call)
    letter = letters.write_letter(call, "calls.applicants", "handed_in", {"fr": Words("Objet", "Texte")}, by=agent)
    seen, due_at = letters.stamp_of(letter), clock.now() + DAY
    letters.confirm(letter, number=1, seen=seen, due_at=due_at, by=agent)
    [line] = [line for line in lines(browser(agent)) if line.ref == letter.ref]
    assert [edit.url for edit in line.edits] == [f"/gestion/courriers/{letter.pk}/reprendre/"]
    assert browser(agent).get(line.edits[0].url).status_code == 200


def test_what_followers_will_be_told_leads_to_its_words_and_to_the_opening():
    coming = CallFactory(coming=True)
    configures, screens = agent_of(coming, CallAgent.Right.CONFIGURE), agent_of(coming, CallAgent.Right.SCREEN)
    found = edits(configures)[coming.title, "l’appel ouvre"]
    board = f"/gestion/appels/{coming.slug}"
    assert [url for _label, url in found] == [f"{board}/messages/calls.opens/fr/", f"{board}/dates/?field=opens_at"]
    assert not edits(screens)


def test_an_article_to_come_leads_to_it():
    article = news.article(planned=clock.now() + DAY)
    [pairs] = edits(AgentFactory()).values()
    assert [url for _label, url in pairs] == [f"/admin/portal/article/{article.pk}/change/"]


def told_later(submission, kind, due_at):
    about = {"about_type": ContentType.objects.get_for_model(submission), "about_id": str(submission.pk)}
    owner = owner_of(submission.structure)
    Message.objects.create(key=f"{kind}-{submission.pk}", kind=kind, body="x", recipient=owner, due_at=due_at, **about)


def edits_of(user, kind):
    """Where the one line of that kind is changed."""
    [line] = [line for line in lines(browser(user)) if line.what == kind_named(kind).label]
    return [edit.url for edit in line.edits]


def test_a_decision_leads_to_its_publication_for_who_leads_the_panel_alone():
    jury = prepared(applications=2)
    secretary = agent_of(jury.call)
    seat(jury.panel, jury.agent, secretary, is_secretary=True)
    later = clock.now() + 3 * DAY
    Panel.objects.filter(pk=jury.panel.pk).update(state="proclaimed", publish_at=later)
    for submission in jury.submissions:
        Submission.objects.filter(pk=submission.pk).update(decision_public_at=later)
        told_later(submission, "juries.decision", later)
    [page] = edits_of(secretary, "juries.decision")
    assert page == f"/jury/{jury.panel.pk}/presidence/publier/"
    assert browser(secretary).get(page).status_code == 200
    assert not edits_of(jury.agent, "juries.decision")
    assert browser(jury.agent).get(page).status_code == 403


def test_the_hour_of_a_pitch_leads_to_the_draw_until_the_lock():
    jury = prepared("finale", applications=1)
    told_later(jury.submissions[0], "juries.slot", clock.now() + 3 * DAY)
    [page] = edits_of(jury.agent, "juries.slot")
    assert browser(jury.agent).get(page).status_code == 200
    assert not edits_of(agent_of(jury.call, CallAgent.Right.SCREEN), "juries.slot")
    Panel.objects.filter(pk=jury.panel.pk).update(state="open")
    assert edits_of(jury.agent, "juries.slot") == [page]
    Panel.objects.filter(pk=jury.panel.pk).update(state="locked")
    assert not edits_of(jury.agent, "juries.slot")


@pytest.mark.parametrize("kind", ["juries.decision", "juries.slot"])
def test_nobody_is_told_a_decision_or_an_hour_before_it_is_public(kind):
    jury = prepared("finale", applications=1)
    told_later(jury.submissions[0], kind, clock.now() + 3 * DAY)
    agent = agent_of(jury.call)
    [line] = [line for line in lines(browser(agent)) if line.what == kind_named(kind).label]
    assert not line.hastens
    for act, status in {"send": 403, "hold": 200}.items():
        page = reverse("notifications:leaving-act", kwargs={"ref": line.ref, "act": act})
        assert browser(agent).get(page).status_code == status
    message = Message.objects.get(kind=kind)
    with pytest.raises(Conflict) as refusal:
        outbox.hasten(message, by=agent)
    assert refusal.value.code == "too_early"
    with clock.at(message.due_at):
        outbox.hasten(message, by=agent)


def test_what_nobody_changes_has_no_such_link(call, agent):
    message = waiting_message(submitted(call), clock.now())
    Message.objects.filter(pk=message.pk).update(state=Message.State.GATHERED)
    waiting_message(submitted(call, StructureFactory()), clock.now() + DAY)
    assert [line.edits for line in lines(browser(agent)) if line.ref[0] in "dm"] == [(), ()]
