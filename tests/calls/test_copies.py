"""Copying the form of an earlier call."""

import pytest
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from calls.models import Question
from calls.operations.copies import copy_criteria, copy_form
from tests.calls.test_conditions import pilot
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory, agent_of

pytestmark = pytest.mark.django_db


def test_a_form_is_copied_with_its_conditions():
    earlier, asked = pilot()
    call = CallFactory(form=False, draft=True)
    copy_form(call, source=earlier.slug, by=agent_of(call))
    made = list(Question.objects.filter(section__call=call))
    assert [(q.label, q.kind, q.key, q.shown_values) for q in made] == [
        (q.label, q.kind, q.key, q.shown_values) for q in asked
    ]
    assert [q.shown_if for q in made] == [None, made[0], made[1], made[0]]
    assert Question.objects.filter(section__call=earlier).count() == 4


def test_a_call_with_a_form_or_an_unknown_one_is_refused():
    earlier, _asked = pilot()
    call = CallFactory(form=False, draft=True)
    agent = agent_of(call)
    hidden = CallFactory(draft=True)
    for source in ("nowhere", hidden.slug, call.slug, CallFactory(form=False).slug):
        with pytest.raises(Invalid) as refusal:
            copy_form(call, source=source, by=agent)
        assert refusal.value.field == "source"
    with pytest.raises(Forbidden):
        copy_form(call, source=earlier.slug, by=AgentFactory())
    copy_form(call, source=earlier.slug, by=agent)
    for other in (call, CallFactory()):
        with pytest.raises(Conflict):
            copy_form(other, source=earlier.slug, by=agent_of(other))


def test_an_agent_copies_a_form_and_sets_a_condition_in_the_back_office(client):
    earlier, _asked = pilot()
    call = CallFactory(form=False, draft=True)
    agent = agent_of(call)
    client.force_login(agent)
    act = reverse("admin:calls_call_act", args=(call.pk, "copy_form"))
    assert client.get(act).status_code == 200
    client.post(act, {"act-source": earlier.slug})
    first, second, *_rest = Question.objects.filter(section__call=call)
    page = client.get(reverse("admin:calls_question_change", args=(second.pk,)))
    form = page.context["adminform"].form
    assert form.initial["shown_when"] == [f"{first.pk}:yes"]
    posted = {name: value for name, value in form.initial.items() if value is not None}
    posted |= {"shown_when": [f"{first.pk}:no"], "eligible_when": ["0", "2"]}
    answer = client.post(reverse("admin:calls_question_change", args=(second.pk,)), posted)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    second.refresh_from_db()
    assert (second.shown_if_id, second.shown_values, second.eligible_values) == (first.pk, "no", "0\n2")
    posted["shown_when"] = [f"{first.pk}:yes", f"{second.pk}:0"]
    assert client.post(reverse("admin:calls_question_change", args=(second.pk,)), posted).status_code == 200
    section = client.get(reverse("admin:calls_section_change", args=(second.section_id,)))
    assert section.status_code == 200
    assert section.content.decode().count(f'value="{first.pk}:yes"') >= 3


def told(call):
    names = ("stage", "order", "label", "label_de", "weight", "minimum", "maximum", "anchors", "counted")
    return list(call.criteria.values_list(*names))


def test_criteria_are_copied_as_they_are_once_before_the_opening():
    earlier, call = CallFactory(), CallFactory(draft=True)
    call.criteria.all().delete()
    agent = agent_of(call)
    with pytest.raises(Invalid) as refusal:
        copy_criteria(call, source="nowhere", by=agent)
    assert refusal.value.field == "source"
    with pytest.raises(Forbidden):
        copy_criteria(call, source=earlier.slug, by=AgentFactory())
    before = told(earlier)
    copy_criteria(call, source=earlier.slug, by=agent)
    assert told(call) == before == told(earlier)
    assert before
    for other in (call, CallFactory()):
        with pytest.raises(Conflict):
            copy_criteria(other, source=earlier.slug, by=agent_of(other))
