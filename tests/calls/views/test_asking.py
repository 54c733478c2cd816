"""Questions asked according to earlier answers, as a person meets them: without script and field by field."""

import html

import pytest
from django.urls import reverse

from calls.models import Question
from calls.operations import submissions
from tests.calls.test_conditions import call_asking, pilot
from tests.factories.accounts import owner_of
from tests.factories.calls import draft

pytestmark = pytest.mark.django_db


def url(name, submission, **kwargs):
    return reverse(f"calls:{name}", kwargs={"pk": submission.pk, **kwargs})


@pytest.fixture
def walk(client):
    call, questions = pilot()
    started = draft(call)
    client.force_login(owner_of(started.structure))
    return started, questions


def block(page, question):
    """The opening tag around a conditional question."""
    return page.split(f'data-asked="{question.field_name}"')[1].split(">")[0]


def test_without_script_the_page_shows_what_an_answer_asks_for_once_it_is_saved(client, walk):
    started, (first, second, _plan, other) = walk
    page = client.get(url("section", started, order=1)).content.decode()
    assert "hidden" in block(page, second)
    assert "Part 2" not in page.split("sections__name")[-1]
    sent = {first.field_name: "yes", f"{first.field_name}-version": 0, "go": "next"}
    answer = client.post(url("section", started, order=1), sent, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == url("section", started, order=1)
    assert "hidden" not in block(page, second)
    assert second.label in page
    assert client.get(url("section", started, order=2)).content.decode().count(f'name="{other.field_name}"') == 1
    sent |= {second.field_name: "1", f"{second.field_name}-version": 0, f"{first.field_name}-version": 1}
    assert client.post(url("section", started, order=1), sent).url == url("section", started, order=2)


def test_a_kept_answer_that_is_no_longer_asked_is_said_to_stay(client, walk):
    started, (first, second, *_rest) = walk
    submissions.save_answers(started, {first: "yes", second: "1"}, by=owner_of(started.structure))
    said = {"field": first.field_name, first.field_name: "no"}
    data = client.post(url("autosave", started), said).json()
    assert second.field_name in data["hidden"]
    assert data["aside"] == [second.field_name]
    assert data["note"].startswith("Plus demandé")
    assert second.label in data["note"]
    assert [step["number"] for step in data["steps"]] == [1, 2, 0]
    page = client.get(url("section", started, order=1)).content.decode()
    line = page.split(f'data-aside="{second.field_name}"')[1].split(">")[0]
    assert "hidden" not in line
    data = client.post(url("autosave", started), said | {first.field_name: "yes"}).json()
    assert second.field_name not in data["hidden"]
    assert data["aside"] == []
    assert [step["number"] for step in data["steps"]] == [1, 2, 3]


def test_a_section_that_is_not_asked_is_passed_over_and_says_so(client, walk):
    started, (first, *_rest) = walk
    submissions.save_answers(started, {first: "no"}, by=owner_of(started.structure))
    answer = client.post(url("section", started, order=1), {first.field_name: "no", "go": "next"})
    assert answer.url == url("check", started)
    page = client.get(url("section", started, order=2)).content.decode()
    assert "Vos réponses actuelles ne demandent pas cette section" in page


def test_what_was_handed_in_may_be_completed_before_the_answer_that_asks_for_more(client, walk):
    started, (first, second, _plan, other) = walk
    by = owner_of(started.structure)
    submissions.save_answers(started, {first: "no"}, by=by)
    described = {"title": "T", "one_line": "L", "pillar": started.call.pillars.first(), "other_pillars": []}
    submissions.describe(started, by=by, **described)
    submissions.submit(started, by=by)
    page = client.get(url("section", started, order=1)).content.decode()
    assert f'data-asked="{second.field_name}"' not in page
    assert f'name="{second.field_name}"' in page
    sent = {first.field_name: "yes", second.field_name: "1"}
    refused = client.post(url("section", started, order=1), sent)
    assert refused.status_code == 400
    assert other.label in refused.content.decode()
    assert client.post(url("section", started, order=2), {other.field_name: "Done"}).status_code == 302
    assert client.post(url("section", started, order=1), sent).status_code == 302
    assert started.versions.count() == 3


def test_a_table_is_written_row_by_row_with_and_without_script(client):
    call, (team,) = call_asking({"kind": "table", "options": "Name\nRole", "max_rows": 4})
    started = draft(call)
    client.force_login(owner_of(started.structure))
    page = client.get(url("section", started, order=1)).content.decode()
    assert page.count(f'name="{team.field_name}"') == 6
    cells = ["", "", "Anna", "Engineer", "Bob", ""]
    client.post(url("section", started, order=1), {team.field_name: cells, f"{team.field_name}-version": 0})
    assert started.answers.get().value == '[["Anna", "Engineer"], ["Bob", ""]]'
    page = client.get(url("section", started, order=1)).content.decode()
    assert page.count(f'name="{team.field_name}"') == 8
    saved = client.post(url("autosave", started), {"field": team.field_name, team.field_name: ["Zoe", "", "", ""]})
    assert saved.status_code == 200
    assert started.answers.get().value == '[["Zoe", ""]]'


def test_a_consent_is_ticked_or_lacks(client):
    call, (consent,) = call_asking({"kind": "consent"})
    started = draft(call)
    client.force_login(owner_of(started.structure))
    data = client.post(url("autosave", started), {"field": consent.field_name, consent.field_name: "on"}).json()
    assert data["missing"] is False
    assert " checked" in client.get(url("section", started, order=1)).content.decode()
    client.post(url("section", started, order=1), {f"{consent.field_name}-version": 1})
    assert started.answers.get().value == ""
    assert [lack.question for lack in submissions.missing(started) if lack.question] == [consent]


@pytest.mark.parametrize("audience", Question.Audience.values)
def test_writers_are_told_who_reads_an_answer(client, audience):
    call, (question,) = call_asking({"audience": audience, "help": "Say <it>."})
    started = draft(call)
    client.force_login(owner_of(started.structure))
    page = client.get(url("section", started, order=1)).content.decode()
    assert "Say &lt;it&gt;." in page
    assert ("Seuls les agents" in page) is (audience == "agents")
    assert ("Tout le monde lira cette réponse" in page) is (audience == "public")
    assert question.label in page


def test_the_call_says_who_is_eligible(client):
    call, (question,) = call_asking({"kind": "yes_no", "label": "Are you in Europe?", "eligible_values": "yes"})
    page = client.get(call.get_absolute_url()).content.decode()
    assert "Are you in Europe?" in page
    assert question.eligible_keys == ["yes"]


def test_conditions_cost_no_statement(client, walk, django_assert_max_num_queries):
    started, _questions = walk
    counts = []
    for extra in (0, 6):
        section = started.call.sections.last()
        first = Question.objects.filter(section__call=started.call).first()
        for order in range(extra):
            Question.objects.create(
                section=section, order=20 + order, kind="short", label=f"{order}", shown_if=first, shown_values="yes"
            )
        with django_assert_max_num_queries(12) as used:
            client.get(url("section", started, order=1))
        counts.append(len(used))
    assert counts[0] == counts[1]


EUROPE = {"kind": "yes_no", "label": "Are you in Europe?", "eligible_values": "yes", "required": False}
ONLY = "L’appel n’est ouvert qu’avec cette réponse\u00a0: Oui."


def draft_of_europe(client, *more):
    """A draft of a call that is open to one answer only, and the question."""
    call, (question, *_rest) = call_asking(EUROPE, *more)
    started = draft(call)
    client.force_login(owner_of(started.structure))
    return started, question


def test_the_rule_stands_at_the_question_that_decides(client):
    started, question = draft_of_europe(client)
    page = html.unescape(client.get(url("section", started, order=1)).text)
    assert ONLY in page.split(f'id="id_{question.field_name}_helptext"')[1].split("</div>")[0]
    assert "(facultatif)" not in page.split(f'data-field="{question.field_name}"')[1].split("</legend>")[0]


@pytest.mark.parametrize(("value", "told"), [("no", [ONLY]), ("yes", []), ("", [])])
def test_an_answer_that_excludes_is_saved_and_says_so(client, value, told):
    started, question = draft_of_europe(client)
    sent = {"field": question.field_name, question.field_name: value, "version": "0"}
    answer = client.post(url("autosave", started), sent)
    assert answer.status_code == 200
    assert [html.unescape(said) for said in answer.json()["errors"]] == told
    assert [kept.value for kept in started.answers.all()] == [value] * bool(value)


def test_without_script_it_says_so_on_the_next_page_and_at_the_question(client):
    started, question = draft_of_europe(client, {"kind": "short"})
    name = question.field_name
    answer = client.post(
        url("section", started, order=1), {name: "no", f"{name}-version": 0, "go": "next"}, follow=True
    )
    assert answer.redirect_chain
    said = f"«\u00a0Are you in Europe?\u00a0»\u00a0: {ONLY}"
    assert said in html.unescape(answer.text)
    page = html.unescape(client.get(url("section", started, order=1)).text)
    field = page.split(f'data-field="{name}"')[1].split("</fieldset>")[0]
    assert field.index(f'id="id_{name}_error"') < field.index("Enregistré à")
    assert f"id_{name}_error" in field.split(">")[0]
    again = client.post(url("section", started, order=1), {name: "no", f"{name}-version": 1, "go": "next"}, follow=True)
    assert said not in html.unescape(again.text)


def test_what_is_not_asked_excludes_nobody(client):
    call, (_first, second) = call_asking({"kind": "yes_no"}, EUROPE | {"after": 0, "shown_values": "yes"})
    started = draft(call)
    client.force_login(owner_of(started.structure))
    sent = {"field": second.field_name, second.field_name: "no", "version": "0"}
    assert client.post(url("autosave", started), sent).json()["errors"] == []
    page = client.get(url("section", started, order=1)).text
    assert f'id="id_{second.field_name}_error"' not in page
