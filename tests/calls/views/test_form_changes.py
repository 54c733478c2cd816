"""A form that changes while people answer it: the pages of those who change it, who write, who read."""

import pytest
from django.urls import reverse

from bethune_smartcity.notifications.models import Message
from calls.models import FormChange, QuestionEdit
from calls.operations import form_changes
from calls.views.blank import asked_by
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, agent_of, draft, questions_of, submitted

pytestmark = pytest.mark.django_db
REASON = "The wording was unclear."


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(call):
    return agent_of(call)


def page(name, call, **kwargs):
    return reverse(f"calls:{name}", kwargs={"slug": call.slug, **kwargs})


def own(name, submission, **kwargs):
    return reverse(f"calls:{name}", kwargs={"pk": submission.pk, **kwargs})


def asked(question, **changed):
    """What the form of a question sends."""
    texts = {f"{name}_{code}": "" for name in ("label", "help", "options") for code in ("fr", "en", "de", "nl")}
    return texts | {"label_fr": question.label, "options_fr": question.options, "required": "on"} | changed


def publish(call, agent):
    return form_changes.publish_changes(call, reason=REASON, by=agent)


def test_an_agent_changes_several_questions_then_tells_of_them_once(client, call, agent):
    need, where, _people, link = questions_of(call)
    started = draft(call)
    client.force_login(agent)
    sent = asked(need, label_fr="Quel besoin précis ?", max_words="300")
    assert client.post(page("change-question", call, question=need.pk), sent).status_code == 302
    assert client.post(page("withdraw-question", call, question=link.pk)).status_code == 302
    added = {"kind": "short", "audience": "jury", "label_fr": "Et qui paie ?", "required": "on"}
    assert client.post(page("add-question", call, section=where.section_id), added).status_code == 302
    shown = client.get(page("board-form", call)).content.decode()
    assert "Et qui paie ?" in shown
    assert "Quel besoin précis" in shown
    previewed = client.get(page("publish-form", call)).content.decode()
    assert "Quel besoin précis" in previewed
    assert FormChange.objects.count() == 0
    refused = client.post(page("publish-form", call), {"reason": " "})
    assert refused.status_code == 422
    assert client.post(page("publish-form", call), {"reason": REASON}).status_code == 302
    assert questions_of(call)[0].label == "Quel besoin précis ?"
    told = Message.objects.get(kind="calls.form_changed", recipient=owner_of(started.structure))
    assert [told.body.count(words) for words in ("Et qui paie ?", "Quel besoin précis ?", REASON)] == [1, 2, 1]


def test_a_change_that_would_make_answers_unreadable_is_refused_at_its_field_and_what_was_typed_stays(
    client, call, agent
):
    where = questions_of(call)[1]
    where.options_fr = where.options
    where.save()
    client.force_login(agent)
    sent = asked(where, label_fr="Typed words", options_fr="In a district\nIn the centre")
    refused = client.post(page("change-question", call, question=where.pk), sent)
    assert refused.status_code == 409
    assert refused.context["form"].errors["options_fr"]
    assert "Typed words" in refused.content.decode()
    assert not QuestionEdit.objects.exists()


def test_what_is_prepared_is_given_up(client, call, agent):
    need = questions_of(call)[0]
    edit = form_changes.prepare_change(need, by=agent, label_fr="Autrement ?")
    client.force_login(agent)
    address = page("drop-edit", call, edit=edit.pk)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404
    assert questions_of(call)[0].label == need.label


def test_pages_of_changes_belong_to_their_call(client, call, agent):
    other = questions_of(CallFactory())[0]
    client.force_login(agent)
    for name, given in (
        ("change-question", {"question": other.pk}),
        ("withdraw-question", {"question": other.pk}),
        ("add-question", {"section": other.section_id}),
        ("drop-edit", {"edit": 999}),
    ):
        assert client.get(page(name, call, **given)).status_code == 404
        assert client.post(page(name, call, **given), asked(other)).status_code == 404


def test_a_closed_call_says_that_its_form_no_longer_changes(client):
    call = CallFactory(closed=True)
    client.force_login(agent_of(call))
    shown = client.get(page("board-form", call))
    assert page("publish-form", call) not in shown.content.decode()
    assert client.get(page("change-question", call, question=questions_of(call)[0].pk)).status_code == 409


def test_a_writer_sees_at_the_question_what_changed_and_keeps_what_answered_one_withdrawn(client, call, agent):
    need, where, _people, _link = questions_of(call)
    before, started = need.label, draft(call, complete=True)
    form_changes.prepare_change(need, by=agent, label_fr="Quel besoin précis ?")
    form_changes.prepare_withdrawal(where, by=agent)
    publish(call, agent)
    client.force_login(owner_of(started.structure))
    shown = client.get(own("section", started, order=1)).content.decode()
    assert f'id="change-q{need.pk}"' in shown
    assert before in shown
    assert "In the centre" in shown
    assert f'name="q{where.pk}"' not in shown
    begun_since = draft(call)
    client.force_login(owner_of(begun_since.structure))
    assert "change-q" not in client.get(own("section", begun_since, order=1)).content.decode()


def test_a_field_withdrawn_while_it_was_written_is_kept_and_says_so(client, call, agent):
    need, where, _people, _link = questions_of(call)
    started = draft(call, complete=True)
    form_changes.prepare_withdrawal(need, by=agent)
    publish(call, agent)
    client.force_login(owner_of(started.structure))
    kept = client.post(own("autosave", started), {"field": f"q{need.pk}", f"q{need.pk}": "Late words"})
    assert kept.status_code == 200
    assert need.label in kept.json()["note"]
    assert started.answers.get(question=need).value == "Late words"
    sent = {f"q{need.pk}": "Later words", f"q{where.pk}": "1"}
    told = client.post(own("section", started, order=1), sent, follow=True).content.decode()
    assert "Later words" in told
    assert started.answers.get(question=need).value == "Later words"
    assert started.answers.get(question=where).value == "1"


def test_a_section_whose_questions_were_all_withdrawn_keeps_the_addresses_of_the_others(client, call, agent):
    need, where, people, _link = questions_of(call)
    started = draft(call, complete=True)
    for question in (need, where):
        form_changes.prepare_withdrawal(question, by=agent)
    publish(call, agent)
    client.force_login(owner_of(started.structure))
    assert client.get(own("section", started, order=1)).status_code == 200
    assert f'name="q{people.pk}"' in client.get(own("section", started, order=2)).content.decode()


def test_a_choice_withdrawn_stays_ticked_until_the_writer_chooses_again(client, call, agent):
    where = questions_of(call)[1]
    started = draft(call, complete=True)
    form_changes.prepare_change(where, by=agent, withdrawn_options="0")
    publish(call, agent)
    client.force_login(owner_of(started.structure))
    shown = client.get(own("section", started, order=1)).content.decode()
    assert shown.count(f'name="q{where.pk}"') == 2
    lacking = client.get(own("check", started)).content.decode()
    assert f"#id_q{where.pk}_0" in lacking
    begun_since = draft(call)
    client.force_login(owner_of(begun_since.structure))
    assert client.get(own("section", begun_since, order=1)).content.decode().count(f'name="q{where.pk}"') == 1


def test_what_was_handed_in_says_that_it_stands_and_by_which_form_it_is_changed(client, call, agent):
    need = questions_of(call)[0]
    before, stands = need.label, submitted(call)
    form_changes.prepare_change(need, by=agent, label_fr="Quel besoin précis ?")
    publish(call, agent)
    client.force_login(owner_of(stands.structure))
    shown = client.get(own("submission", stands)).content.decode()
    assert before in shown
    assert REASON in shown
    assert "Quel besoin précis" not in shown
    written = client.get(own("section", stands, order=1)).content.decode()
    assert REASON in written
    assert "Quel besoin précis" in written
    client.force_login(agent)
    assert before in client.get(own("screen", stands)).content.decode()


def test_the_page_of_the_call_says_when_its_form_changed_and_why(client, call, agent):
    assert REASON not in client.get(call.get_absolute_url()).content.decode()
    form_changes.prepare_change(questions_of(call)[0], by=agent, label_fr="Autrement ?")
    publish(call, agent)
    assert REASON in client.get(call.get_absolute_url()).content.decode()


def test_the_blank_form_asks_what_is_asked_now(client, call, agent):
    link = questions_of(call)[3]
    form_changes.prepare_withdrawal(link, by=agent)
    publish(call, agent)
    assert link not in asked_by(call)
    assert len(asked_by(call)) == 3


def test_a_writer_reads_no_more_statements_once_the_form_has_changed(
    client, call, agent, django_assert_num_queries, django_assert_max_num_queries
):
    started = draft(call, complete=True)
    client.force_login(owner_of(started.structure))
    address = own("section", started, order=1)
    client.get(address)
    with django_assert_max_num_queries(30) as before:
        client.get(address)
    need, where, _people, _link = questions_of(call)
    form_changes.prepare_change(need, by=agent, label_fr="Autrement ?", max_words=20)
    form_changes.prepare_withdrawal(where, by=agent)
    publish(call, agent)
    with django_assert_num_queries(len(before)):
        client.get(address)
