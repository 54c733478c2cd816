"""Questions asked according to earlier answers: one function decides, everywhere."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bethune_smartcity.core.errors import Conflict, Invalid
from calls.files import readable_documents
from calls.forms.section import SectionForm
from calls.models import Question, Section
from calls.operations import publication, submissions
from calls.queries import filled_form
from calls.reading import parts_of
from juries.queries.reading import dossier
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, agent_of, draft, pdf, submitted

pytestmark = pytest.mark.django_db


def call_asking(*asks, **given_call):
    """A call whose form asks `asks`, each the columns of a question; one section each with `alone`."""
    call = CallFactory(form=False, **given_call)
    sections, made = {}, []
    for order, ask in enumerate(asks):
        place = ask.pop("place", 1)
        if place not in sections:
            sections[place] = Section.objects.create(call=call, order=place, title=f"Part {place}")
        columns = {"kind": "short", "label": f"Question {order}", "options": "A\nB\nC"} | ask
        if "after" in columns:
            columns["shown_if"] = made[columns.pop("after")]
        made.append(Question.objects.create(section=sections[place], order=order, **columns))
    return call, made


def pilot(**extra):
    """A form that asks when, where and for a plan only of those who have a pilot; the plan only of those in A."""
    return call_asking(
        {"kind": "yes_no"},
        {"kind": "choice", "after": 0, "shown_values": "yes"},
        {"kind": "file", "after": 1, "shown_values": "0"},
        {"kind": "short", "place": 2, "after": 0, "shown_values": "yes"},
        **extra,
    )


def asks(submission):
    return [question.label for question in filled_form(submission).asked().in_order()]


def test_a_question_applies_only_with_its_answer_and_so_does_what_depends_on_it():
    call, (first, second, _plan, _other) = pilot()
    started = draft(call)
    by = owner_of(started.structure)
    assert asks(started) == ["Question 0"]
    submissions.save_answers(started, {first: "yes", second: "0"}, by=by)
    assert asks(started) == ["Question 0", "Question 1", "Question 2", "Question 3"]
    submissions.save_answers(started, {first: "no"}, by=by)
    assert asks(started) == ["Question 0"]
    assert started.answers.get(question=second).value == "0"


def test_what_is_not_asked_never_lacks_and_is_handed_in_nowhere():
    call, (first, second, plan, other) = pilot()
    started = draft(call)
    by = owner_of(started.structure)
    submissions.save_answers(started, {first: "yes", second: "0", other: "Hidden words"}, by=by)
    kept = submissions.attach(started, plan, pdf(), by=by)
    submissions.save_answers(started, {first: "no"}, by=by)
    described = {"title": "T", "one_line": "L", "pillar": call.pillars.first(), "other_pillars": []}
    submissions.describe(started, by=by, **described)
    assert submissions.missing(started) == []
    submissions.submit(started, by=by)
    content = started.versions.get().content
    assert [[q["id"] for q in section["questions"]] for section in content["sections"]] == [[first.pk]]
    assert "Hidden words" not in str(content)
    assert [said.question for part in parts_of(started) for said in part.said] == [first]
    read = dossier(started)
    assert [entry.question for part in read.parts for entry in part.entries] == [first]
    assert read.documents == []
    assert set(started.answers.filter(set_aside=True).values_list("question", flat=True)) == {second.pk, other.pk}
    agent = agent_of(call)
    assert kept.file_id in readable_documents(by).values_list("file", flat=True)
    assert kept.file_id not in readable_documents(agent).values_list("file", flat=True)
    submissions.attach(started, plan, pdf("new.pdf"), by=by)
    submissions.save_answers(started, {first: "yes"}, by=by)
    assert not started.answers.filter(set_aside=True).exists()
    assert started.attachments.get().file_id in readable_documents(agent).values_list("file", flat=True)
    assert dossier(started).documents


def test_what_was_handed_in_stays_complete_when_an_answer_asks_for_more():
    call, (first, second, _plan, other) = pilot()
    done = draft(call)
    by = owner_of(done.structure)
    submissions.save_answers(done, {first: "no"}, by=by)
    described = {"title": "T", "one_line": "L", "pillar": call.pillars.first(), "other_pillars": []}
    submissions.describe(done, by=by, **described)
    submissions.submit(done, by=by)
    with pytest.raises(Invalid) as refusal:
        submissions.save_answers(done, {first: "yes"}, by=by)
    assert refusal.value.field == second.field_name
    submissions.save_answers(done, {second: "1", other: "x"}, by=by)
    submissions.save_answers(done, {first: "yes"}, by=by)
    assert len(done.versions.last().content["sections"]) == 2


class TestTheDoor:
    def ready(self):
        call, questions = call_asking({"kind": "choice"}, {"kind": "yes_no"}, {"kind": "short"}, draft=True)
        return call, questions, agent_of(call)

    @pytest.mark.parametrize(
        ("part", "on", "values"),
        [(0, 1, "yes"), (1, 1, "yes"), (2, 0, "7"), (2, 1, "0"), (1, 2, "yes")],
        ids=["later", "itself", "no such choice", "no such answer", "own words"],
    )
    def test_a_condition_that_makes_no_sense_is_refused(self, part, on, values):
        _call, questions, agent = self.ready()
        changed = questions[part]
        changed.shown_if, changed.shown_values = questions[on], values
        with pytest.raises(Invalid) as refusal:
            publication.save_part(changed, by=agent)
        assert refusal.value.field == "shown_when"
        assert Question.objects.get(pk=changed.pk).shown_if is None

    def test_moving_a_question_before_the_one_it_depends_on_is_refused(self):
        _call, questions, agent = self.ready()
        last = questions[2]
        last.shown_if, last.shown_values = questions[0], "1"
        publication.save_part(last, by=agent)
        questions[0].order = 9
        with pytest.raises(Invalid):
            publication.save_part(questions[0], by=agent)

    def test_a_question_that_decides_neither_goes_nor_loses_its_choices(self):
        _call, questions, agent = self.ready()
        last, first = questions[2], questions[0]
        last.shown_if, last.shown_values = first, "1"
        publication.save_part(last, by=agent)
        with pytest.raises(Conflict):
            publication.remove_part(first, by=agent)
        for options in ("A\nC\nB", "A\nB"):
            first.options = options
            with pytest.raises(Conflict):
                publication.save_part(first, by=agent)
        first.options = "A\nB, said better\nC\nD"
        publication.save_part(first, by=agent)

    def test_a_section_holds_fifteen_questions(self):
        call, questions, agent = self.ready()
        section = questions[0].section
        for order in range(3, 15):
            publication.save_part(Question(section=section, order=order, kind="short", label=f"{order}"), by=agent)
        with pytest.raises(Invalid):
            publication.save_part(Question(section=section, order=15, kind="short", label="One too many"), by=agent)
        assert Question.objects.filter(section__call=call).count() == 15

    def test_a_form_that_makes_no_sense_is_not_announced(self):
        call, questions, agent = self.ready()
        Question.objects.filter(pk=questions[0].pk).update(shown_if=questions[1], shown_values="yes")
        with pytest.raises(Invalid):
            publication.announce(call, by=agent)

    def test_the_database_holds_whole_conditions(self):
        _call, questions, _agent = self.ready()
        for change in ({"shown_if": questions[0]}, {"shown_values": "1"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Question.objects.filter(pk=questions[2].pk).update(**change)

    def test_the_whole_form_goes_with_its_call(self):
        call, _questions = pilot()
        call.delete()
        assert not Question.objects.filter(section__call_id=call.pk).exists()


class WhatIsShownIsCheckedAndHandedIn(TestCase):
    """For any form of conditions and any answers: the page, the check, the version, the jury and reading agree."""

    @settings(max_examples=30, deadline=None)
    @given(st.data())
    def test_any_form(self, data):
        count = data.draw(st.integers(2, 7))
        wanted = []
        for n in range(count):
            ask = {"kind": data.draw(st.sampled_from(["yes_no", "choice", "choices", "short"])), "place": 1 + n // 3}
            ask["required"] = data.draw(st.booleans())
            deciding = [m for m in range(n) if wanted[m]["kind"] != "short"]
            if deciding and data.draw(st.booleans()):
                ask["after"] = on = data.draw(st.sampled_from(deciding))
                keys = ["yes", "no"] if wanted[on]["kind"] == "yes_no" else ["0", "1", "2"]
                ask["shown_values"] = "\n".join(data.draw(st.sets(st.sampled_from(keys), min_size=1)))
            wanted.append(ask)
        call, questions = call_asking(*[dict(ask) for ask in wanted])
        publication.check_form(call)
        offered = {
            "yes_no": ["yes", "no", ""],
            "choice": ["0", "1", ""],
            "choices": ["0", "1 2", ""],
            "short": ["x", ""],
        }
        values = {q: data.draw(st.sampled_from(offered[q.kind])) for q in questions}
        started = draft(call)
        by = owner_of(started.structure)
        submissions.save_answers(started, values, by=by)
        expected = self.model(wanted, questions, values)
        filled = filled_form(started)
        pages = [SectionForm(section=section, filled=filled) for section in filled.sections]
        assert set().union(*(page.asked_keys() for page in pages)) == expected
        lacking = {lack.question.pk for lack in submissions.missing(started) if lack.question}
        assert lacking == {q.pk for q in questions if q.pk in expected and q.required and not values[q]}
        said = [entry.question.pk for part in parts_of(started) for entry in part.said]
        assert set(said) == expected
        for question in questions:  # complete it, whatever that asks for
            if question.required and question.pk in expected and not values[question]:
                return
        described = {"title": "T", "one_line": "L", "pillar": call.pillars.first(), "other_pillars": []}
        submissions.describe(started, by=by, **described)
        submissions.submit(started, by=by)
        frozen = [q["id"] for section in started.versions.get().content["sections"] for q in section["questions"]]
        assert frozen == said
        assert [e.question.pk for part in dossier(started).parts for e in part.entries] == said
        aside = set(started.answers.filter(set_aside=True).values_list("question", flat=True))
        assert aside == set(started.answers.values_list("question", flat=True)) - expected

    def model(self, wanted, questions, values):
        """Which questions apply, said again in the plainest way."""
        found = set()
        for ask, question in zip(wanted, questions, strict=True):
            if "after" in ask:
                deciding = questions[ask["after"]]
                given_keys = set(values[deciding].split())
                if deciding.pk not in found or not given_keys & set(ask["shown_values"].split()):
                    continue
            found.add(question.pk)
        return found


def test_agents_only_is_not_for_the_jury():
    call, (plain, secret, paper) = call_asking(
        {"kind": "short"}, {"kind": "short", "audience": "agents"}, {"kind": "file", "audience": "agents"}
    )
    done = submitted(call)
    read = dossier(done)
    assert [entry.question for part in read.parts for entry in part.entries] == [plain]
    assert read.documents == []
    assert {said.question for part in parts_of(done) for said in part.said} == {plain, secret, paper}


class TestKinds:
    def answer(self, value, **columns):
        call, (question,) = call_asking(columns)
        started = draft(call)
        submissions.save_answers(started, {question: value}, by=owner_of(started.structure))
        [part] = parts_of(started)
        return started, part.said[0].lines

    def test_a_date_is_read_as_people_write_it(self):
        assert self.answer("2027-01-31", kind="date")[1] == ["31\u00a0janvier\u00a02027"]

    def test_a_table_keeps_its_filled_rows(self):
        value = '[["Anna", "Engineer"], ["", ""], ["Bob", ""]]'
        assert self.answer(value, kind="table", options="Name\nRole")[1] == ["Anna – Engineer", "Bob"]

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("date", "2027-02-30"),
            ("date", "tomorrow"),
            ("consent", "no"),
            ("table", "[[1,2,3]]"),
            ("table", "{}x"),
            ("table", "7"),
            ("table", '[["a"]]'),
            ("table", '[["a\\u0000", "b"]]'),
            ("table", str([["a", "b"]] * 21).replace("'", '"')),
        ],
    )
    def test_odd_values_are_refused(self, kind, value):
        with pytest.raises(Invalid) as refusal:
            self.answer(value, kind=kind, options="Name\nRole")
        assert refusal.value.field.startswith("q")

    def test_characters_are_counted(self):
        started, _lines = self.answer("x" * 11, kind="short", max_characters=10)
        [lack] = [lack for lack in submissions.missing(started) if lack.question]
        assert "10" in lack.sentence

    def test_eligibility_is_checked_before_submitting(self):
        started, _lines = self.answer("no", kind="yes_no", eligible_values="yes")
        by = owner_of(started.structure)
        described = {"title": "T", "one_line": "L", "pillar": started.call.pillars.first(), "other_pillars": []}
        submissions.describe(started, by=by, **described)
        [lack] = submissions.missing(started)
        assert "Oui" in lack.sentence
        submissions.save_answers(started, {lack.question: "yes"}, by=by)
        assert submissions.submit(started, by=by).number
