"""What someone wrote in one language, given in others: shown to their readers as long as it is of that text."""

import pytest
from django.utils import translation

from bethune_smartcity.core.errors import Forbidden, Invalid
from bethune_smartcity.core.language import language_of, text_of
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.renderings import RenderingForm, render
from calls.models import Clarification
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, give_rights

pytestmark = pytest.mark.django_db
ANSWER = "calls.answer_questions"


@pytest.fixture
def asked():
    return Clarification.objects.create(call=CallFactory(), text="Peut-on venir à plusieurs ?")


@pytest.fixture
def agent(asked):
    agent = AgentFactory()
    give_rights(asked.call, agent, "screen")
    return agent


def shown(row, language):
    with translation.override(language):
        return text_of(row, "text"), language_of(row, "text")


def give(asked, agent, **texts):
    return render(asked, permission=ANSWER, by=agent, subject=asked.call, **texts)


def test_readers_of_a_language_get_theirs_and_the_others_the_original(asked, agent):
    give(asked, agent, text_de="Kann man zu mehreren kommen?")
    asked.refresh_from_db()
    assert shown(asked, "de") == ("Kann man zu mehreren kommen?", "de")
    assert shown(asked, "nl") == ("Peut-on venir à plusieurs ?", "fr")
    assert shown(asked, "fr") == ("Peut-on venir à plusieurs ?", "fr")
    assert JournalEntry.objects.get(verb="render").data == {"fields": ["text_de"]}


def test_what_was_made_of_a_text_goes_with_it(asked, agent):
    give(asked, agent, text_de="Kann man zu mehreren kommen?")
    Clarification.objects.filter(pk=asked.pk).update(text="Peut-on venir seul ?")
    asked.refresh_from_db()
    assert shown(asked, "de") == ("Peut-on venir seul ?", "fr")
    give(asked, agent, text_nl="Mag men alleen komen?")
    asked.refresh_from_db()
    assert shown(asked, "de") == ("Peut-on venir seul ?", "fr")
    assert shown(asked, "nl") == ("Mag men alleen komen?", "nl")


def test_an_empty_one_takes_it_back_and_the_original_is_never_replaced(asked, agent):
    give(asked, agent, text_de="Kann man zu mehreren kommen?", text_fr="Autre chose")
    give(asked, agent, text_de="")
    asked.refresh_from_db()
    assert shown(asked, "de") == ("Peut-on venir à plusieurs ?", "fr")
    assert shown(asked, "fr") == ("Peut-on venir à plusieurs ?", "fr")


@pytest.mark.parametrize(("column", "text"), [("language_de", "x"), ("text_xx", "x"), ("text_de", "x" * 4001)])
def test_what_is_no_such_text_is_refused(asked, agent, column, text):
    with pytest.raises(Invalid):
        give(asked, agent, **{column: text})


def test_it_needs_the_right_to_answer(asked):
    with pytest.raises(Forbidden):
        give(asked, UserFactory(), text_de="Kann man?")


def test_the_form_asks_for_the_other_languages_of_what_is_written(asked):
    assert [*RenderingForm(row=asked).fields] == ["text_en", "text_de", "text_nl"]
