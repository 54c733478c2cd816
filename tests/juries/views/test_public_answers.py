"""What laureates said and anyone may read after the results, because their form told them so."""

import pytest

from calls.models import Question
from calls.operations import submissions
from calls.reading import public_answers
from tests.calls.test_conditions import call_asking
from tests.factories.accounts import owner_of
from tests.factories.calls import draft

pytestmark = pytest.mark.django_db


def test_only_answers_told_to_be_public_and_asked_are_read_by_all(django_assert_max_num_queries):
    call, (first, public, agents, plain) = call_asking(
        {"kind": "yes_no"},
        {"audience": "public", "after": 0, "shown_values": "yes"},
        {"audience": "agents"},
        {"required": False},
    )
    started = draft(call)
    by = owner_of(started.structure)
    submissions.save_answers(started, {first: "yes", public: "For all", agents: "For few", plain: "Jury"}, by=by)
    with django_assert_max_num_queries(4):
        [said] = public_answers(call, [started])[started.pk]
    assert said.text == "For all"
    submissions.save_answers(started, {first: "no"}, by=by)
    assert public_answers(call, [started]) == {started.pk: []}
    Question.objects.filter(pk=public.pk).update(audience="jury")
    with django_assert_max_num_queries(1):
        assert public_answers(call, [started]) == {}
