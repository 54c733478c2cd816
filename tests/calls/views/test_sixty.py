"""A form of sixty questions: what its pages ask of the database grows neither with it nor with what is answered."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.bench.counting import counted
from tests.bench.sixty import a_form_of_sixty, answer_most
from tests.factories.accounts import owner_of
from tests.factories.calls import draft, questions_of

pytestmark = pytest.mark.django_db
MOST = 8


def statements(act):
    """How many statements a page runs once another has warmed what is read once for all."""
    assert act().status_code == 200
    with counted() as seen:
        assert act().status_code == 200
    return len([sql for sql, _params in seen.seen if not sql.startswith(("SAVEPOINT", "RELEASE"))])


def test_a_section_and_a_save_cost_the_same_few_statements_whatever_was_answered():
    begun = draft(a_form_of_sixty())
    owner = owner_of(begun.structure)
    client, pk = Client(), {"pk": begun.pk}
    client.force_login(owner)
    text = next(question for question in questions_of(begun.call) if question.kind == "long").field_name
    told = iter(range(99))

    def save():
        return client.post(reverse("calls:autosave", kwargs=pk), {"field": text, text: f"Text {next(told)}."})

    def opened(order):
        return lambda: client.get(reverse("calls:section", kwargs={**pk, "order": order}))

    save()
    before = statements(opened(2)), statements(opened(4)), statements(save)
    assert 'value="Une' not in opened(2)().text
    answer_most(begun, owner)
    assert opened(2)().text.count("document.pdf") >= 1
    after = statements(opened(2)), statements(opened(4)), statements(save)
    assert before == after
    assert max(after) <= MOST
