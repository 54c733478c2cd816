"""A part of a form that can depend on nothing yet: its screen shows no empty list, and says when there is a choice."""

import html

import pytest
from django.urls import reverse

from calls.models import Question
from tests.factories.calls import CallFactory, agent_of, questions_of

pytestmark = pytest.mark.django_db
NOT_YET = "À choisir une fois ceci enregistré"


@pytest.fixture
def call(client):
    made = CallFactory(draft=True)
    client.force_login(agent_of(made))
    return made


def test_a_section_that_is_added_says_that_its_condition_comes_later(client, call):
    page = html.unescape(client.get(reverse("admin:calls_section_add")).text)
    assert NOT_YET in page
    assert 'name="shown_when"' not in page
    assert 'for="id_shown_when"' not in page


def test_a_section_that_exists_offers_the_answers_of_the_form(client, call):
    section = call.sections.order_by("order").last()
    page = html.unescape(client.get(reverse("admin:calls_section_change", args=[section.pk])).text)
    assert 'name="shown_when"' in page
    Question.objects.filter(section__call=call, kind="choice").delete()
    page = html.unescape(client.get(reverse("admin:calls_section_change", args=[section.pk])).text)
    assert NOT_YET in page


def test_only_a_question_with_answers_to_choose_among_says_who_is_eligible(client, call):
    for question in questions_of(call):
        page = client.get(reverse("admin:calls_question_change", args=[question.pk])).text
        assert ('name="eligible_when"' in page) is (question.kind == "choice")
