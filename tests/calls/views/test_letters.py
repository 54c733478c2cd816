"""The pages on which agents write to many people, read it as one of them, confirm it by a number, and cancel it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import acting_for
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.texts import Words
from calls.models import CallAgent, Letter
from calls.operations import decisions, letters
from calls.workflow import LetterState
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of, draft, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TYPED = {"audience": "calls.applicants/handed_in", "subject_fr": "Pour {nom}", "body_fr": "Bonjour {nom}.\n{lien}"}


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(client, call):
    person = agent_of(call)
    client.force_login(person)
    return person


def on_call(call, name):
    return reverse(f"calls:{name}", kwargs={"slug": call.slug})


def at(letter, name="letter"):
    return reverse(f"calls:{name}", kwargs={"pk": letter.pk})


def kept(call, agent, part="handed_in"):
    return letters.write_letter(call, "calls.applicants", part, {"fr": Words("Pour {nom}", "Bonjour {nom}.")}, by=agent)


def plain(answer):
    return answer.text.replace("\u00a0", " ")


def test_a_message_is_written_read_as_one_reader_confirmed_by_its_number_and_cancelled(client, call, agent):
    one, two = submitted(call), submitted(call)
    assert on_call(call, "letters") in client.get(on_call(call, "messages")).text
    assert "Aucun message groupé" in plain(client.get(on_call(call, "letters")))
    answer = client.post(on_call(call, "write-letter"), TYPED)
    letter = Letter.objects.get()
    assert answer.url == at(letter)
    page = client.get(at(letter))
    assert "2 personnes à cette heure" in plain(page)
    for submission in (one, two):
        owner = owner_of(submission.structure)
        shown = client.get(at(letter), {"reader": owner.pk}).text
        assert f"Bonjour {owner}." in shown
        assert submission.number in shown
    confirm = at(letter, "confirm-letter")
    seen = client.get(confirm).context["form"]["seen"].value()
    wrong = client.post(confirm, {"number": "3", "when": "now", "seen": seen})
    assert wrong.status_code == 400
    assert "2 personnes à présent" in plain(wrong)
    assert client.post(confirm, {"number": "2", "when": "later", "seen": seen}).status_code == 422
    due = (clock.now() + DAY).astimezone(clock.PARIS).strftime("%Y-%m-%dT%H:%M")
    assert client.post(confirm, {"number": "2", "when": "later", "due_at": due, "seen": seen}).url == at(letter)
    assert f"/gestion/courriers/{letter.pk}/" in client.get("/gestion/envois/").text
    done = client.post(at(letter, "cancel-letter"), follow=True)
    assert "personne ne l’a reçu" in plain(done)
    assert not Message.objects.filter(kind="calls.letter").exists()


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(client, call, agent):
    answer = client.post(on_call(call, "write-letter"), TYPED | {"body_fr": "Voici {lein}", "subject_de": "Betreff"})
    assert answer.status_code == 422
    assert "Voici {lein}" in answer.text
    assert 'value="Betreff"' in answer.text
    assert set(answer.context["form"].errors) == {"body_fr", "body_de"}
    odd = client.post(on_call(call, "write-letter"), TYPED | {"subject_fr": "A\nBcc: x@y.example", "audience": "no"})
    assert odd.status_code == 422
    assert set(odd.context["form"].errors) == {"audience", "subject_fr"}
    assert not Letter.objects.exists()


def test_a_draft_is_changed_and_thrown_away_and_a_confirmed_one_is_not(client, call, agent):
    submitted(call)
    letter = kept(call, agent)
    assert "Pour {nom}" in client.get(at(letter, "edit-letter")).text
    client.post(at(letter, "edit-letter"), TYPED | {"subject_fr": "Autre objet"})
    letter.refresh_from_db()
    assert letter.title == "Autre objet"
    letters.confirm(letter, number=1, seen=letters.stamp_of(letter), due_at=clock.now() + DAY, by=agent)
    assert client.post(at(letter, "edit-letter"), TYPED).status_code == 409
    assert client.post(at(letter, "discard-letter")).status_code == 409
    other = kept(call, agent)
    assert client.post(at(other, "discard-letter")).url == on_call(call, "letters")


def test_a_planned_one_is_taken_back_from_its_page_and_changed_at_once(client, call, agent):
    submitted(call)
    letter = kept(call, agent)
    assert at(letter, "reopen-letter") not in client.get(at(letter)).text
    letters.confirm(letter, number=1, seen=letters.stamp_of(letter), due_at=clock.now() + DAY, by=agent)
    assert at(letter, "reopen-letter") in client.get(at(letter)).text
    asked = client.get(at(letter, "reopen-letter"))
    assert at(letter) in asked.text
    letter.refresh_from_db()
    assert letter.state == LetterState.PLANNED
    done = client.post(at(letter, "reopen-letter"))
    assert done.url == at(letter, "edit-letter")
    assert client.get(done.url).status_code == 200
    letter.refresh_from_db()
    assert letter.state == LetterState.DRAFT
    assert client.post(at(letter, "reopen-letter")).status_code == 409


def test_before_the_hour_the_page_says_why_nobody_is_there_and_names_no_one(client, call, agent):
    with clock.at(call.closes_at + DAY):
        one = admitted(call, by=agent)
        decisions.shortlist(one, by=acting_for(agent), public_at=clock.now() + 9 * DAY)
        letter = kept(call, agent, "shortlisted")
        page = plain(client.get(at(letter)))
        assert "1 décision n’est pas encore publique" in page
        assert str(owner_of(one.structure)) not in page
        assert "0 personne à cette heure" in page
        seen = letters.stamp_of(letter)
        refused = client.post(at(letter, "confirm-letter"), {"number": "0", "when": "now", "seen": seen})
        assert refused.status_code == 409
        assert "Personne à qui écrire à présent" in plain(refused)


def test_for_who_writes_to_nobody_there_the_pages_do_not_exist(client, call):
    submitted(call)
    letter = kept(call, agent_of(call))
    rights = CallAgent.Right
    strangers = [UserFactory(), agent_of(CallFactory()), agent_of(call, rights.CONFIGURE)]
    for person in strangers:
        client.force_login(person)
        assert client.get(on_call(call, "letters")).status_code == 404
        assert client.post(on_call(call, "write-letter"), TYPED).status_code == 404
        for name in ("letter", "edit-letter", "confirm-letter", "reopen-letter", "cancel-letter", "discard-letter"):
            assert client.get(at(letter, name)).status_code == 404
            assert client.post(at(letter, name)).status_code == 404
    client.force_login(agent_of(call, rights.JURY))
    assert client.get(on_call(call, "letters")).status_code == 200
    assert client.get(at(letter)).status_code == 404
    assert client.post(on_call(call, "write-letter"), TYPED).status_code == 422
    letter.refresh_from_db()
    assert letter.state == LetterState.DRAFT


def statements(client, page):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_pages_ask_as_much_whatever_the_messages_and_the_people(client, call, agent):
    letter = kept(call, agent)
    draft(call)
    counted = []
    for n in (1, 3, 20):
        while call.submissions.filter(number__isnull=False).count() < n:
            submitted(call)
        while Letter.objects.count() < n:
            kept(call, agent)
        counted.append([statements(client, page) for page in (at(letter), on_call(call, "letters"))])
    assert counted[0] == counted[1] == counted[2]


def test_all_that_is_wrong_with_its_placeholders_is_told_at_once(client, call, agent):
    typed = {"subject_fr": "Pour {nm} et {toi}", "body_fr": "Bonjour {moi}. { seule"}
    answer = client.post(
        on_call(call, "write-letter"), TYPED | typed | {"subject_de": "An {nichts}", "body_de": "Text"}
    )
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert {name: len(found) for name, found in errors.items()} == {"subject_fr": 2, "body_fr": 2, "subject_de": 1}
    assert not Letter.objects.exists()


def test_an_hour_that_comes_twice_is_chosen_and_one_that_is_none_refused(client, call, agent):
    submitted(call)
    with clock.at(clock.paris(2027, 3, 1)):
        letter = kept(call, agent)
        confirm = at(letter, "confirm-letter")
        sent = {"number": "1", "when": "later", "seen": client.get(confirm).context["form"]["seen"].value()}
        leapt = client.post(confirm, sent | {"due_at": "2027-03-28T02:30"})
        assert leapt.status_code == 422
        assert "2 h 30 n’existe pas le 28 mars 2027" in plain(leapt)
        twice = client.post(confirm, sent | {"due_at": "2027-10-31T02:30"})
        assert twice.status_code == 422
        assert "2 h 30 revient deux fois le 31 octobre 2027" in plain(twice)
        assert 'name="due_at-which" value="+01:00"' in twice.text
        assert client.post(confirm, sent | {"due_at": "2027-10-31T02:30", "due_at-which": "+01:00"}).url == at(letter)
        assert "2 h 30 (UTC+1)" in plain(client.get(at(letter)))
    letter.refresh_from_db()
    assert letter.due_at.isoformat() == "2027-10-31T01:30:00+00:00"
