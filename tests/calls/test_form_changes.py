"""The form of an open call changes by versions: what was handed in keeps its questions, drafts are told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.answers import shown_lines
from calls.invariants import forms_handed_in_exist
from calls.models import Question, QuestionEdit, Submission
from calls.operations import copies, form_changes, pen, renewal, submissions, versions
from calls.queries import completeness_of, filled_form, missing
from calls.reading import parts_of
from calls.views.applicant.papers import sections_of
from juries.queries.reading import dossier
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, agent_of, draft, questions_of, submitted

from .test_conditions import call_asking

pytestmark = pytest.mark.django_db
REASON = "The wording was unclear."


def publish(call, agent, reason=REASON):
    return form_changes.publish_changes(call, reason=reason, by=agent)


def change(question, agent, **columns):
    """Publish one change of `question`."""
    form_changes.prepare_change(question, by=agent, **columns)
    return publish(question.section.call, agent)


def withdraw(question, agent):
    form_changes.prepare_withdrawal(question, by=agent)
    return publish(question.section.call, agent)


def read(submission):
    """What `submission` says, as agents read it: (question, lines)."""
    fresh = Submission.objects.get(pk=submission.pk)
    return [(said.question.label, said.lines) for part in parts_of(fresh) for said in part.said]


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def plain(text):
    """A printed text without its language."""
    return text["text"] if isinstance(text, dict) else text


def lines_of(question, filled):
    answer = filled.answers.get(question.pk)
    return shown_lines(question, answer.value) if answer else []


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(call):
    return agent_of(call)


def test_what_is_prepared_is_told_to_nobody_until_it_is_published(call, agent):
    question, started = questions_of(call)[0], draft(call)
    form_changes.prepare_change(question, by=agent, label_fr="Autre question ?", max_words=30)
    assert fresh(question).label == question.label
    assert not Message.objects.filter(kind="calls.form_changed").exists()
    publish(call, agent)
    assert fresh(question).label == "Autre question ?"
    assert fresh(question).max_words == 30
    told = Message.objects.get(kind="calls.form_changed")
    assert told.recipient == owner_of(started.structure)
    line = JournalEntry.objects.get(verb="change_form")
    assert (line.reason, line.data["questions"]) == (REASON, [question.pk])
    assert not QuestionEdit.objects.exists()


def test_what_was_handed_in_reads_as_it_was_asked(call, agent):
    need, where, *_rest = questions_of(call)
    stands = submitted(call)
    before = read(stands)
    form_changes.prepare_change(need, by=agent, label_fr="Autre question ?")
    form_changes.prepare_change(where, by=agent, options_fr="Au centre-ville\nDans un quartier")
    publish(call, agent)
    assert read(stands) == before
    assert fresh(stands).versions.count() == 1
    labels = [entry.question.label for part in dossier(fresh(stands)).parts for entry in part.entries]
    assert labels == [label for label, _lines in before]
    late = submitted(call)
    assert read(late)[0][0] == "Autre question ?"
    assert read(late)[1][1] == ["Au centre-ville"]


def test_it_is_the_number_of_its_form_that_tells_how_it_was_asked(call, agent, monkeypatch):
    change(questions_of(call)[0], agent, label_fr="Autre question ?")
    monkeypatch.setattr(versions, "_stamp_form", lambda _submission: None)
    assert read(submitted(call))[0][0] != "Autre question ?"


def test_a_question_added_or_withdrawn_counts_for_those_who_write_from_then_on(call, agent):
    need, _where, _people, link = questions_of(call)
    stands, started = submitted(call), draft(call, complete=True)
    assert missing(started) == []
    form_changes.prepare_withdrawal(link, by=agent)
    form_changes.prepare_question(
        need.section, by=agent, kind="short", audience="jury", label_fr="Et qui paie ?", required=True
    )
    publish(call, agent)
    assert [lack.question.label for lack in missing(started)] == ["Et qui paie ?"]
    assert completeness_of(call.pk, [started])[started.pk] == (3, 4)
    assert "Et qui paie ?" not in dict(read(stands))
    assert link.label in dict(read(stands))
    assert link.label not in dict(read(started))


def test_an_application_taken_up_before_the_close_is_handed_in_by_the_form_of_that_day(call, agent):
    need = questions_of(call)[0]
    stands = submitted(call)
    by = owner_of(stands.structure)
    form_changes.prepare_question(
        need.section, by=agent, kind="short", audience="jury", label_fr="Et qui paie ?", required=True
    )
    publish(call, agent)
    with pytest.raises(Invalid, match="Répondez à cette question"):
        submissions.save_answers(fresh(stands), {need: "Other words"}, by=by)
    added = Question.objects.get(label_fr="Et qui paie ?")
    submissions.save_answers(fresh(stands), {need: "Other words", added: "We do"}, by=by)
    assert dict(read(stands))["Et qui paie ?"] == ["We do"]
    first, second = fresh(stands).versions.order_by("number")
    assert "Et qui paie ?" not in str(first.content)
    assert "Et qui paie ?" in str(second.content)


def test_a_correction_after_the_close_is_written_in_the_form_it_was_handed_in_under(call, agent, monkeypatch):
    need = questions_of(call)[0]
    stands = submitted(call)
    form_changes.prepare_question(
        need.section, by=agent, kind="short", audience="jury", label_fr="Et qui paie ?", required=True
    )
    publish(call, agent)
    now = clock.now()
    type(call).objects.filter(pk=call.pk).update(closes_at=now)
    Submission.objects.filter(pk=stands.pk).update(correction_until=now.replace(year=now.year + 1))
    held = fresh(stands)
    submissions.save_answers(held, {need: "Corrected"}, by=owner_of(stands.structure))
    assert "Et qui paie ?" not in dict(read(stands))
    assert dict(read(stands))[need.label] == ["Corrected"]


def test_an_answer_to_a_question_withdrawn_meanwhile_is_kept_and_not_handed_in(call, agent):
    link = questions_of(call)[3]
    started = draft(call, complete=True)
    by = owner_of(started.structure)
    withdraw(link, agent)
    submissions.save_answers(started, {link: "https://example.org/late"}, by=by)
    assert started.answers.get(question=link).value == "https://example.org/late"
    submissions.submit(started, by=by)
    assert "example.org/late" not in str(started.versions.get().content)
    assert started.answers.get(question=link).set_aside


def test_a_choice_withdrawn_is_read_where_it_was_handed_in_and_asks_drafts_to_choose_again(call, agent):
    where = questions_of(call)[1]
    stands, started = submitted(call), draft(call, complete=True)
    change(where, agent, withdrawn_options="0")
    assert dict(read(stands))[where.label] == ["In the centre"]
    (lack,) = missing(started)
    assert lack.sentence.endswith("plus proposé\u00a0: In the centre.")
    submissions.save_answers(started, {where: "1"}, by=owner_of(started.structure))
    assert missing(started) == []


@pytest.mark.parametrize(
    ("place", "columns", "field"),
    [
        (0, {"kind": "short"}, "kind"),
        (0, {"audience": "public"}, "audience"),
        (0, {"section_id": 1}, "section_id"),
        (1, {"options_fr": "In a district\nIn the centre"}, "options_fr"),
        (1, {"options_fr": "In the centre"}, "options_fr"),
        (1, {"withdrawn_options": "0\n1"}, "withdrawn"),
        (1, {"withdrawn_options": "7"}, "withdrawn"),
    ],
)
def test_a_change_by_which_old_answers_could_not_be_read_is_refused(call, agent, place, columns, field):
    question = questions_of(call)[place]
    question.options_fr = question.options
    question.save()
    with pytest.raises(Conflict) as refused:
        form_changes.prepare_change(question, by=agent, **columns)
    assert refused.value.field == field
    assert not QuestionEdit.objects.exists()


def test_the_columns_of_rows_keep_their_number(agent):
    call, (team,) = call_asking({"kind": "table", "options": "Name\nTrade"})
    by = agent_of(call)
    with pytest.raises(Conflict):
        form_changes.prepare_change(team, by=by, options_fr="Name\nTrade\nAge")
    assert form_changes.prepare_change(team, by=by, options_fr="Nom\nMétier")


def test_a_change_that_leaves_a_condition_without_its_answer_is_refused():
    call, (first, second) = call_asking({"kind": "choice"}, {"kind": "short", "after": 0, "shown_values": "1"})
    agent = agent_of(call)
    with pytest.raises(Invalid):
        form_changes.prepare_change(first, by=agent, withdrawn_options="1")
    with pytest.raises(Invalid):
        form_changes.prepare_withdrawal(first, by=agent)
    form_changes.prepare_change(second, by=agent, shown_values="0\n2")
    form_changes.prepare_change(first, by=agent, withdrawn_options="1")
    publish(call, agent)
    assert fresh(second).shown_keys == ["0", "2"]


def test_a_form_that_never_was_is_found(call):
    stands = submitted(call)
    assert list(forms_handed_in_exist()) == []
    Submission.objects.filter(pk=stands.pk).update(form_number=7)
    (sentence,) = forms_handed_in_exist()
    assert str(stands.pk) in sentence


def test_what_was_withdrawn_meanwhile_is_no_longer_changed(call, agent):
    stale = questions_of(call)[0]
    withdraw(stale, agent)
    with pytest.raises(Conflict):
        form_changes.prepare_change(stale, by=agent, label_fr="X")
    with pytest.raises(Conflict):
        form_changes.prepare_withdrawal(stale, by=agent)


def test_who_may_apply_stays_as_it_was_announced():
    call, (first, *_rest) = call_asking({"kind": "yes_no", "eligible_values": "yes"}, {"kind": "short"})
    agent = agent_of(call)
    with pytest.raises(Conflict):
        form_changes.prepare_withdrawal(first, by=agent)
    with pytest.raises(Conflict):
        form_changes.prepare_change(first, by=agent, eligible_values="no")


@pytest.mark.parametrize("when", ["draft", "coming", "closed"])
def test_only_an_open_call_changes_by_publication(when):
    call = CallFactory(**{when: True})
    agent = agent_of(call)
    with pytest.raises(Conflict):
        form_changes.prepare_change(questions_of(call)[0], by=agent, label_fr="X")
    with pytest.raises(Conflict):
        publish(call, agent)


def test_only_those_who_configure_the_call_change_its_form_and_always_with_a_reason(call, agent):
    question = questions_of(call)[0]
    for other in (agent_of(call, "screen"), agent_of(CallFactory()), owner_of(draft(call).structure)):
        with pytest.raises(Forbidden):
            form_changes.prepare_change(question, by=other, label_fr="X")
        with pytest.raises(Forbidden):
            publish(call, other)
    with pytest.raises(Conflict):
        publish(call, agent)
    form_changes.prepare_change(question, by=agent, label_fr="X")
    with pytest.raises(Invalid):
        publish(call, agent, reason=" ")


@pytest.mark.parametrize(
    ("made", "act"),
    [
        (draft, lambda started, by: submissions.submit(started, by=by)),
        (submitted, lambda done, by: submissions.save_answers(done, {questions_of(done.call)[0]: "Other"}, by=by)),
    ],
    ids=["handed in", "changed once handed in"],
)
def test_a_form_that_changes_while_one_hands_in_is_looked_at_again(call, agent, monkeypatch, made, act):
    started = made(call, **({"complete": True} if made is draft else {}))
    by, seen = owner_of(started.structure), submissions.check_complete

    def overtaken(held):
        seen(held)
        form_changes.prepare_question(
            questions_of(call)[0].section, by=agent, kind="short", audience="jury", label_fr="Late", required=True
        )
        publish(call, agent)

    for module in (submissions, pen):
        monkeypatch.setattr(module, "check_complete", overtaken)
    with pytest.raises(Conflict) as refused:
        act(started, by)
    assert refused.value.code == "form_changed"
    assert fresh(started).state == started.state
    assert not fresh(started).versions.filter(content__icontains="Late").exists()


def test_everyone_who_applies_is_told_once_in_their_language_with_the_difference_and_the_way(call, agent):
    need, _where, people, _link = questions_of(call)
    need.label_de, need.save()
    started, stands = draft(call), submitted(call)
    german = owner_of(started.structure)
    type(german).objects.filter(pk=german.pk).update(language="de")
    form_changes.prepare_change(need, by=agent, label_fr="Autre ?", label_de="Und jetzt?", max_words=300)
    form_changes.prepare_withdrawal(people, by=agent)
    publish(call, agent)
    told = {row.recipient_id: row for row in Message.objects.filter(kind="calls.form_changed")}
    assert len(told) == 2
    body = told[german.pk].body
    assert "Und jetzt?" in body
    assert f"/candidatures/{started.pk}/1/#id_q{need.pk}" in body
    assert "150" in body
    assert "300" in body
    assert REASON in body
    assert people.label in body
    assert stands.number in told[owner_of(stands.structure).pk].body


def test_another_call_takes_the_form_as_it_is_now(call, agent):
    _need, where, _people, link = questions_of(call)
    where.options_fr = where.options
    where.save()
    form_changes.prepare_change(where, by=agent, withdrawn_options="0", options_fr="In the centre\nIn a district\nBoth")
    form_changes.prepare_withdrawal(link, by=agent)
    publish(call, agent)
    following = CallFactory(form=False, draft=True, agent=agent)
    copies.copy_form(following, source=call.slug, by=agent)
    copied = questions_of(following)
    assert [question.kind for question in copied] == ["long", "choice", "number"]
    assert copied[1].option_pairs == [("0", "In a district"), ("1", "Both")]
    assert (copied[1].history, copied[1].withdrawn_options) == ([], "")


def test_an_application_is_taken_up_by_the_words_it_was_asked_in(call, agent):
    where = questions_of(call)[1]
    stands = submitted(call)
    change(where, agent, options_fr="Elsewhere\nIn the centre of things")
    following = CallFactory()
    again = renewal.renew(fresh(stands), following, by=owner_of(stands.structure))
    assert again.answers.get(question=questions_of(following)[1]).value == "0"


def test_drafts_read_no_more_statements_once_a_form_has_changed(call, agent, django_assert_num_queries):
    started = draft(call, complete=True)
    with django_assert_num_queries(3):
        filled_form(started)
    change(questions_of(call)[0], agent, label_fr="Autre ?")
    with django_assert_num_queries(3):
        filled_form(started)


WORDS = st.text("abcdefgh ", min_size=1, max_size=12).filter(str.strip)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("reword"), st.integers(0, 9), WORDS),
        st.tuples(st.just("choices"), st.integers(0, 9), WORDS),
        st.tuples(st.just("gone"), st.integers(0, 9), st.integers(0, 2)),
        st.tuples(st.just("withdraw"), st.integers(0, 9)),
        st.tuples(st.just("add"), WORDS, st.sampled_from(["short", "choice", "yes_no"])),
        st.tuples(st.just("answer"), st.integers(0, 9), st.sampled_from(["0", "1", "2", "yes", "words"])),
        st.tuples(st.just("submit")),
        st.tuples(st.just("publish")),
    ),
    max_size=25,
)


class WhatWasHandedIn(TestCase):
    """However a form is changed, answered and handed in, each application says what it said when it was handed in."""

    def setUp(self):
        self.call, _made = call_asking(
            {"kind": "choice", "required": False, "options_fr": "A\nB\nC"},
            {"kind": "short", "required": False, "after": 0, "shown_values": "0\n2"},
            {"kind": "choices", "required": False, "options_fr": "A\nB\nC", "place": 2},
        )
        self.agent = agent_of(self.call)

    @settings(max_examples=25, deadline=None)
    @given(ACTS)
    def test_it_reads_and_prints_as_it_was_handed_in(self, acts):
        self.handed_in, self.started = {}, draft(self.call, complete=True)
        for name, *rest in acts:
            try:
                getattr(self, f"do_{name}")(*rest)
            except (Invalid, Conflict, IndexError):
                continue
        self.do_submit()
        for pk, (form, told) in self.handed_in.items():
            stands = Submission.objects.get(pk=pk)
            assert stands.form_number == form
            assert read(stands) == told
            printed = sections_of(stands.versions.order_by("number").last().content, stands)
            said = [one for section in printed for one in section["said"]]
            assert [(plain(one["label"]), [plain(line) for line in one["lines"]]) for one in said] == told
            seen = [(e.question.label, e.lines) for part in dossier(stands).parts for e in part.entries]
            assert seen == told

    def question(self, place):
        return questions_of(self.call)[place]

    def do_reword(self, place, words):
        form_changes.prepare_change(self.question(place), by=self.agent, label_fr=words)

    def do_choices(self, place, words):
        question = self.question(place)
        lines = [f"{words}{n}" for n, _line in enumerate(question.option_lines)]
        form_changes.prepare_change(question, by=self.agent, options_fr="\n".join([*lines, f"{words} more"]))

    def do_gone(self, place, key):
        form_changes.prepare_change(self.question(place), by=self.agent, withdrawn_options=str(key))

    def do_withdraw(self, place):
        form_changes.prepare_withdrawal(self.question(place), by=self.agent)

    def do_add(self, words, kind):
        section = self.call.sections.first()
        columns = {"kind": kind, "audience": "jury", "label_fr": words, "options_fr": "A\nB\nC", "required": False}
        form_changes.prepare_question(section, by=self.agent, **columns)

    def do_publish(self):
        publish(self.call, self.agent)

    def do_answer(self, place, value):
        submissions.save_answers(self.started, {self.question(place): value}, by=owner_of(self.started.structure))

    def do_submit(self):
        self.call.refresh_from_db()
        for lack in missing(self.started):
            submissions.save_answers(
                self.started, {lack.question: lack.question.answer_keys[0]}, by=owner_of(self.started.structure)
            )
        asked = filled_form(self.started).asked()
        told = [(q.label, lines_of(q, asked)) for q in asked.in_order()]
        submissions.submit(self.started, by=owner_of(self.started.structure))
        self.handed_in[self.started.pk] = (self.call.form_number, told)
        self.started = draft(self.call, complete=True)
