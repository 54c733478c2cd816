"""A section sent once the session had ended: it was not received, the page says so, and the text is offered back."""

import html
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bethune_smartcity.core import clock, unreceived
from calls.models import Question
from calls.operations import submissions
from tests.factories.accounts import StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import draft, pdf, questions_of, submitted

pytestmark = pytest.mark.django_db
NOT_RECEIVED = "Ce que vous avez envoyé n’a pas été reçu"
OFFERED = "ce texte n’avait pas été reçu"
PROMISED = "Reconnectez-vous\u00a0: ce que vous aviez écrit vous sera montré"
TEXT = "Une navette du soir, écrite longtemps."


def url(submission, order=1):
    return reverse("calls:section", kwargs={"pk": submission.pk, "order": order})


def said_by(answer):
    return html.unescape(answer.text)


@pytest.fixture
def writer(client):
    """Someone who opened a draft, and whose session ended."""
    made = draft()
    made.owner, made.need = owner_of(made.structure), questions_of(made.call)[0]
    return made


def sent(submission, text=TEXT, **more):
    name = submission.need.field_name
    return {name: text, f"{name}-version": "0"} | more


def came_back(client, submission, **more):
    """The page of the section, once one has signed in again after sending it in vain."""
    answer = client.post(url(submission), sent(submission, **more))
    assert answer.status_code == 302
    client.force_login(submission.owner)
    return client.get(url(submission))


def test_the_sign_in_page_says_that_it_was_not_received(client, writer):
    answer = client.post(url(writer), sent(writer), follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("account_login"))
    assert NOT_RECEIVED in said_by(answer)
    assert PROMISED in said_by(answer)
    assert TEXT not in said_by(answer)
    assert not writer.answers.exists()


def test_both_texts_are_shown_once_signed_in_and_ones_own_is_taken_up(client, writer):
    submissions.save_answers(writer, {writer.need: "Kept before."}, by=writer.owner)
    page = said_by(came_back(client, writer))
    box = page.split("conflict--late")[1].split("data-field")[0]
    assert OFFERED in box
    assert TEXT in box
    assert "Kept before." in box
    name = writer.need.field_name
    taken = {name: "Kept before.", f"{name}-version": "1", "take": name}
    assert client.post(url(writer), taken).url == url(writer)
    assert writer.answers.get().value == TEXT
    assert OFFERED not in said_by(client.get(url(writer)))


def test_what_is_saved_may_be_kept_and_the_rest_is_offered_still(client, writer):
    place = questions_of(writer.call)[1].field_name
    page = said_by(came_back(client, writer, **{place: "1", f"{place}-version": "0"}))
    assert page.count("conflict--late") == 2
    name = writer.need.field_name
    answer = client.post(url(writer), {name: "", f"{name}-version": "0", "take": f"{name}:kept"}, follow=True)
    assert not writer.answers.exists()
    assert said_by(answer).count("conflict--late") == 1
    assert f'value="{place}"' in said_by(answer).split("conflict--late")[1]


def test_an_odd_value_is_offered_as_it_was_and_refused_when_taken_up(client, writer):
    page = came_back(client, writer, text="Bell \x07 here")
    assert OFFERED in said_by(page)
    answer = client.post(url(writer), {"take": writer.need.field_name, writer.need.field_name: ""})
    assert answer.status_code == 422
    assert "Bell" in answer.text


def test_the_description_is_offered_too(client, writer):
    there = url(writer, order=0)
    pillar = writer.call.pillars.last()
    said = {"title": "New name", "one_line": "", "pillar": pillar.pk, "title-version": "0", "one_line-version": "0"}
    client.post(there, said)
    client.force_login(writer.owner)
    page = said_by(client.get(there))
    assert page.count("conflict--late") == 2
    assert str(pillar) in page.split("conflict--late")[2]
    client.post(there, {"title": writer.title, "one_line": "", "take": "title"})
    writer.refresh_from_db()
    assert writer.title == "New name"


def test_nobody_else_sees_it(client, writer):
    client.post(url(writer), sent(writer))
    key = next(iter(client.session[unreceived.IN_SESSION].values()))
    assert key.encode() not in (cache.get(unreceived._slot(key)) or b"")
    assert TEXT.encode() not in cache.get(unreceived._slot(key))
    another = Client()
    another.force_login(writer.owner)
    assert OFFERED not in said_by(another.get(url(writer)))
    reader, stranger = join(writer.structure, "reader"), owner_of(StructureFactory())
    session = client.cookies["sessionid"].value
    for person, status in ((reader, 403), (stranger, 404), (UserFactory(), 404)):
        there = Client()
        there.cookies.load({"sessionid": session})
        there.force_login(person)
        answer = there.get(url(writer))
        assert answer.status_code == status
        assert TEXT not in answer.text


def test_another_section_does_not_show_it(client, writer):
    came_back(client, writer)
    assert OFFERED not in said_by(client.get(url(writer, order=2)))


def test_it_is_kept_for_an_hour(client, writer):
    client.post(url(writer), sent(writer))
    with clock.at(clock.now() + timedelta(minutes=61)):
        client.force_login(writer.owner)
        page = said_by(client.get(url(writer)))
        assert OFFERED not in page
        assert "n’a pas pu être gardé" in page
        assert "n’a pas pu être gardé" not in said_by(client.get(url(writer)))


def test_a_large_text_and_one_too_many_are_not_kept_and_the_page_does_not_promise_it(client, writer, monkeypatch):
    answer = client.post(url(writer), sent(writer, "x" * 300_000), follow=True)
    assert NOT_RECEIVED in said_by(answer)
    assert PROMISED not in said_by(answer)
    assert unreceived.IN_SESSION not in client.session
    monkeypatch.setattr(unreceived, "MOST_IN_AN_HOUR", 1)
    answers = [client.post(url(writer), sent(writer), REMOTE_ADDR="192.0.2.7", follow=True) for _ in range(2)]
    assert [PROMISED in said_by(answer) for answer in answers] == [True, False]


def test_a_cache_that_fails_stops_nobody(client, writer, monkeypatch):
    def fails(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(unreceived, "_put", fails)
    answer = client.post(url(writer), sent(writer), follow=True)
    assert answer.status_code == 200
    assert NOT_RECEIVED in said_by(answer)


def test_the_token_of_the_form_is_asked_for_as_before(writer):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url(writer), sent(writer)).status_code == 403
    assert unreceived.IN_SESSION not in strict.session


def test_documents_are_to_be_chosen_again(client, writer):
    plan = Question.objects.create(section=writer.need.section, order=9, kind="file", label="Plan", required=False)
    answer = client.post(url(writer), sent(writer, **{plan.field_name: pdf()}), follow=True)
    assert "Les documents sont à choisir de nouveau." in said_by(answer)
    client.force_login(writer.owner)
    assert said_by(client.get(url(writer))).count("conflict--late") == 1


def test_a_script_that_saves_one_field_leaves_nothing_here(client, writer):
    field = writer.need.field_name
    client.post(reverse("calls:autosave", kwargs={"pk": writer.pk}), {"field": field, field: TEXT})
    assert unreceived.IN_SESSION not in client.session


def test_what_was_handed_in_is_changed_by_taking_it_up(client):
    made = submitted()
    made.owner, made.need = owner_of(made.structure), questions_of(made.call)[0]
    page = said_by(came_back(client, made))
    assert OFFERED in page
    kept = {a.question.field_name: a.value for a in made.answers.all() if a.question.section.order == 1}
    answer = client.post(url(made), kept | {"take": made.need.field_name})
    assert answer.status_code == 302
    assert made.answers.get(question=made.need).value == TEXT
    assert made.versions.count() == 2
