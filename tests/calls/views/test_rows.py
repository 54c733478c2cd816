"""Rows of an answer: how many one may write is said, and one more is a press away, with or without script."""

import html
import re

import pytest
from django.urls import reverse

from calls.answers import rows_of
from tests.calls.test_conditions import call_asking
from tests.factories.accounts import owner_of
from tests.factories.calls import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client):
    """A draft that is asked for a team of five at most, and the question."""
    call, (question,) = call_asking({"kind": "table", "label": "Team", "options": "Name\nRole", "max_rows": 5})
    started = draft(call)
    client.force_login(owner_of(started.structure))
    return started, question


def page_of(submission):
    return reverse("calls:section", kwargs={"pk": submission.pk, "order": 1})


def cells(answer, question):
    return len(re.findall(rf'<input type="text" name="{question.field_name}"', answer.text))


def sent(question, *rows, version=0, **more):
    return {
        question.field_name: [cell for row in rows for cell in row],
        f"{question.field_name}-version": version,
    } | more


EMPTY = ("", "")


def test_how_many_rows_one_may_write_is_said_and_one_more_is_offered(client, team):
    started, question = team
    answer = client.get(page_of(started))
    text = html.unescape(answer.text)
    assert "5 lignes au plus" in text
    button = re.search(r"<button[^>]*data-add-row[^>]*>.*?</button>", text, re.DOTALL)[0]
    assert "Ajouter une ligne" in button
    assert "Team" in button
    assert f'name="more" value="{question.field_name}"' in button
    assert " hidden" not in button.split(">")[0]
    assert cells(answer, question) == 6


def test_without_script_a_row_more_saves_and_leads_to_it(client, team):
    started, question = team
    name = question.field_name
    answer = client.post(page_of(started), sent(question, ("Anna", "CEO"), EMPTY, EMPTY, more=name))
    assert rows_of(started.answers.get().value) == [["Anna", "CEO"]]
    assert answer.url == f"{page_of(started)}?more={name}-4#id_{name}_row4"
    shown = client.get(answer.url)
    assert cells(shown, question) == 8
    assert f'id="id_{name}_row4"' in shown.text
    again = client.post(page_of(started), sent(question, ("Anna", "CEO"), *[EMPTY] * 3, version=1, more=name))
    assert again.url.endswith(f"#id_{name}_row5")
    assert cells(client.get(again.url), question) == 10


def test_no_more_rows_are_shown_than_the_question_takes(client, team):
    started, question = team
    name = question.field_name
    full = [(f"P{n}", "R") for n in range(5)]
    answer = client.post(page_of(started), sent(question, *full, more=name))
    shown = client.get(answer.url)
    assert cells(shown, question) == 10
    assert re.search(r"<button[^>]*data-add-row hidden>", shown.text)
    for odd in (f"{name}-99", f"{name}-999", f"{name}-x", name, "q0-4", "title-3", "-", "²"):
        assert cells(client.get(page_of(started), {"more": odd}), question) == 10


def test_a_refused_page_shows_the_row_asked_for_too(client, team):
    started, question = team
    other = question.section.questions.create(order=8, kind="number", label="How many?")
    rows = sent(question, ("Anna", "CEO"), EMPTY, EMPTY, more=question.field_name)
    answer = client.post(page_of(started), rows | {other.field_name: "many"})
    assert answer.status_code == 422
    assert cells(answer, question) == 8


def test_one_row_is_said_as_one(client, team):
    started, question = team
    type(question).objects.filter(pk=question.pk).update(max_rows=1)
    answer = client.get(page_of(started))
    assert "1 ligne au plus" in html.unescape(answer.text)
    assert cells(answer, question) == 2
