"""An application from its draft to what is handed in."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.files.invariants import no_orphan_file
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.answers import clean_answer
from calls.models import Attachment, Call, Question, Section, Submission
from calls.operations import submissions
from calls.reading import parts_of
from pillars.models import Pillar
from tests.factories.accounts import StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, draft, fill, pdf, questions_of, submitted

pytestmark = pytest.mark.django_db


def verbs_of(submission):
    return list(
        JournalEntry.objects.filter(subject_id=str(submission.pk)).order_by("pk").values_list("verb", flat=True)
    )


def test_a_handed_in_application_has_number_version_and_receipt():
    done = submitted()
    assert done.number == f"{done.call.number_prefix}-0001"
    version = done.versions.get()
    assert version.content["number"] == done.number
    assert version.digest == digest(version.content)
    mail = Message.objects.get(kind="calls.receipt")
    assert done.number in mail.subject
    assert version.digest in mail.body
    assert verbs_of(done) == ["start", "submit"]


def test_a_receipt_in_french_puts_a_space_before_its_colons():
    done = draft(complete=True)
    owner = owner_of(done.structure)
    User.objects.filter(pk=owner.pk).update(language="fr")
    submissions.submit(done, by=owner)
    assert "Structure\u00a0: " in Message.objects.get(kind="calls.receipt").body


def test_numbers_follow_each_other_and_never_repeat():
    call = CallFactory()
    numbers = [submitted(call).number for _ in range(3)]
    assert numbers == [f"{call.number_prefix}-000{n}" for n in (1, 2, 3)]


def test_a_refused_submission_takes_no_number():
    call = CallFactory()
    lacking = draft(call)
    with pytest.raises(Invalid):
        submissions.submit(lacking, by=owner_of(lacking.structure))
    assert Call.objects.get(pk=call.pk).last_number == 0
    assert submitted(call).number.endswith("-0001")


def test_handing_in_twice_is_told_so():
    done = submitted()
    with pytest.raises(Conflict):
        submissions.submit(done, by=owner_of(done.structure))
    assert done.versions.count() == 1


def test_one_application_for_each_structure_until_it_is_withdrawn():
    call, structure = CallFactory(), StructureFactory()
    first = draft(call, structure)
    with pytest.raises(Conflict) as refusal:
        draft(call, structure)
    assert refusal.value.code == "already_applied"
    submissions.withdraw(first, by=owner_of(structure))
    assert draft(call, structure).is_draft


def test_the_database_holds_one_application_for_each_structure():
    first = draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(call=first.call, structure=first.structure, title="Second")


def test_a_call_may_take_several_of_one_structure():
    call, structure = CallFactory(one_per_structure=False), StructureFactory()
    assert draft(call, structure).pk != draft(call, structure).pk


def test_only_owners_and_editors_write():
    started = draft()
    question = questions_of(started.call)[0]
    for person in (UserFactory(), join(started.structure, "reader")):
        with pytest.raises(Forbidden):
            submissions.save_answers(started, {question: "x"}, by=person)
    submissions.save_answers(started, {question: "x"}, by=join(started.structure, "editor"))
    with pytest.raises(Forbidden):
        submissions.start_draft(started.call, started.structure, title="x", by=UserFactory())


def test_what_lacks_is_named_in_the_order_of_the_form():
    started = draft()
    lacks = submissions.missing(started)
    assert [lack.field for lack in lacks[:2]] == ["one_line", "pillar"]
    required = [q for q in questions_of(started.call) if q.required]
    assert [lack.question for lack in lacks[2:]] == required


def test_a_text_too_long_is_kept_and_must_be_shortened():
    ready = draft(complete=True)
    by = owner_of(ready.structure)
    question = next(q for q in questions_of(ready.call) if q.max_words)
    text = " ".join(["word"] * (question.max_words + 1))
    submissions.save_answers(ready, {question: text}, by=by)
    assert ready.answers.get(question=question).value == text
    with pytest.raises(Invalid) as refusal:
        submissions.submit(ready, by=by)
    assert refusal.value.field == question.field_name


def test_an_edit_of_what_was_handed_in_stays_complete_and_is_frozen_again():
    done = submitted()
    by = owner_of(done.structure)
    question = next(q for q in questions_of(done.call) if q.required)
    submissions.save_answers(done, {question: "A better answer."}, by=by)
    with pytest.raises(Invalid):
        submissions.save_answers(done, {question: ""}, by=by)
    assert done.versions.count() == 2
    assert done.answers.get(question=question).value == "A better answer."
    first, second = done.versions.order_by("number")
    assert first.digest != second.digest
    submissions.save_answers(done, {question: "A better answer."}, by=by)
    assert done.versions.count() == 2


def test_two_writers_on_one_answer_see_each_other():
    started = draft()
    owner, editor = owner_of(started.structure), join(started.structure, "editor")
    mine, other = questions_of(started.call)[:2]
    submissions.save_answers(started, {mine: "Owner's"}, by=owner, versions={mine: 0})
    with pytest.raises(submissions.AnswerConflict) as clash:
        submissions.save_answers(started, {mine: "Editor's", other: "0"}, by=editor, versions={mine: 0, other: 0})
    kept = clash.value.answers[0]
    assert (kept.value, kept.saved_by, kept.version) == ("Owner's", owner, 1)
    assert not started.answers.filter(question=other).exists()
    submissions.save_answers(started, {mine: "Owner's"}, by=editor, versions={mine: 0})
    assert started.answers.get(question=mine).version == 1
    submissions.save_answers(started, {mine: "Both"}, by=editor, versions={mine: 1})
    assert started.answers.get(question=mine).version == 2


def test_another_calls_question_or_pillar_is_refused():
    started, foreign = draft(), questions_of(CallFactory())[0]
    by = owner_of(started.structure)
    with pytest.raises(Invalid):
        submissions.save_answers(started, {foreign: "x"}, by=by)
    strange = Pillar.objects.exclude(calls=started.call).first()
    with pytest.raises(Invalid) as refusal:
        submissions.describe(started, title="x", one_line="", pillar=strange, other_pillars=[], by=by)
    assert refusal.value.field == "pillar"


def test_search_folds_what_is_described():
    started = draft()
    by = owner_of(started.structure)
    submissions.describe(started, title="Été À Béthune", one_line="", pillar=None, other_pillars=[], by=by)
    started.refresh_from_db()
    assert "ete a bethune" in started.search_text


def test_a_replaced_document_leaves_nothing_behind(django_capture_on_commit_callbacks):
    call = CallFactory()
    question = Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan")
    started = draft(call)
    by = owner_of(started.structure)
    with django_capture_on_commit_callbacks(execute=True):
        first = submissions.attach(started, question, pdf("first.pdf"), by=by)
        blob = first.file.blob
        submissions.attach(started, question, pdf("second.pdf"), by=by)
    assert [a.file.name for a in started.attachments.all()] == ["second.pdf"]
    assert StoredFile.objects.count() == 1
    assert not blob.storage.exists(blob.name)
    submissions.detach(started.attachments.get(), by=by)
    assert not StoredFile.objects.exists()


def test_a_correction_that_cannot_be_journalled_is_still_awaited(monkeypatch):
    done, until = submitted(), clock.now() + timedelta(days=1)
    Submission.objects.filter(pk=done.pk).update(correction_until=until)
    done.refresh_from_db()

    def fail(*given, **options):
        raise IntegrityError

    with monkeypatch.context() as broken:
        broken.setattr(submissions, "record", fail)
        with pytest.raises(IntegrityError):
            submissions.send_correction(done, by=owner_of(done.structure))
    assert Submission.objects.get(pk=done.pk).correction_until == done.correction_until == until
    submissions.send_correction(done, by=owner_of(done.structure))
    assert verbs_of(done)[-1] == "send_correction"


@pytest.mark.parametrize("model", [StoredFile, Attachment, Submission])
def test_a_document_whose_rows_are_refused_leaves_no_file(monkeypatch, model):
    call = CallFactory()
    question = Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan")
    started, before = draft(call), set(no_orphan_file())

    def fail(*given, **options):
        raise IntegrityError

    with monkeypatch.context() as broken:
        broken.setattr(model, "save", fail)
        with pytest.raises(IntegrityError):
            submissions.attach(started, question, pdf(), by=owner_of(started.structure))
    assert not StoredFile.objects.exists()
    assert set(no_orphan_file()) == before


def test_after_the_close_only_the_portal_withdraws():
    done = submitted()
    with clock.at(done.call.closes_at + timedelta(hours=1)):
        with pytest.raises(Conflict):
            submissions.withdraw(done, by=owner_of(done.structure))
        assert submissions.withdraw(done, by=SYSTEM, reason="Insolvent").state == "withdrawn"


ODD = {
    "number": ["eight", "-5", "1.5", "9" * 20],
    "amount": ["-1", "1e5", "12.3456", "1.00.000", "8,000,50", "NaN", "Infinity"],
    "choice": ["7", "In the centre"],
    "choices": ["0 9"],
    "yes_no": ["maybe"],
    "link": ["javascript:alert(1)", "ftp://example.org/", "not a link", "https://" + "a" * 600],
    "short": ["two\nlines", "nul\x00", "over\u202eride", "x" * 301],
    "long": ["nul\x00", "x" * 1_000_000],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in ODD.items() for value in values])
def test_odd_values_are_refused_at_their_question(kind, value):
    call = CallFactory()
    question = Question.objects.create(
        section=call.sections.first(), order=9, kind=kind, label="Odd", options="In the centre\nElsewhere"
    )
    started = draft(call)
    with pytest.raises(Invalid) as refusal:
        submissions.save_answers(started, {question: value}, by=owner_of(started.structure))
    assert refusal.value.field == question.field_name
    assert not started.answers.exists()


FIGURES = {
    "number": {"1500": ("1 500", "1.500", "1,500", "1'500", "1’500", "1\u202f500")},
    "amount": {
        "8000.50": (
            "8000,5",
            "8 000,50 €",
            "8.000,50",
            "8,000.50",
            "€8,000.50",
            "EUR 8.000,5",
            "8’000.50",
            "8000.50 eur",
        ),
        "1500.00": ("1.500", "1,500", "1500"),
        "1.50": ("1,5", "1.50"),
    },
}


@pytest.mark.parametrize(
    ("kind", "kept", "value"),
    [(kind, kept, value) for kind, rows in FIGURES.items() for kept, values in rows.items() for value in values],
)
def test_figures_are_read_as_each_country_writes_them(kind, kept, value):
    assert clean_answer(Question(kind=kind), value) == kept


plain = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), max_size=200)
ANSWERS = {
    "long": st.lists(plain, max_size=4).map("\n".join),
    "short": plain,
    "number": st.integers(0, 10**12 - 1).map(str),
    "amount": st.decimals(0, 10**9, places=2).map(str),
    "choice": st.sampled_from(["0", "1", "2"]),
    "choices": st.sets(st.sampled_from(["0", "1", "2"])).map(" ".join),
    "yes_no": st.sampled_from(["yes", "no", ""]),
}


class WhatIsSavedIsShownAndFrozen(TestCase):
    """For answers of any kind, what was written is what people read and what a version keeps."""

    @settings(max_examples=25)
    @given(st.fixed_dictionaries(ANSWERS))
    def test_any_answers(self, given_answers):
        call = CallFactory(form=False)
        section = Section.objects.create(call=call, order=1, title="All kinds")
        questions = {
            kind: Question.objects.create(
                section=section, order=n, kind=kind, label=kind, required=False, options="One\nTwo\nThree"
            )
            for n, kind in enumerate(given_answers)
        }
        started = draft(call)
        by = owner_of(started.structure)
        submissions.save_answers(started, {questions[k]: v for k, v in given_answers.items()}, by=by)
        submissions.describe(started, title="Any", one_line="Any", pillar=call.pillars.first(), other_pillars=[], by=by)
        submissions.submit(started, by=by)
        [part] = parts_of(started)
        shown = {said.question.kind: said.text for said in part.said}
        frozen = started.versions.get().content["sections"][0]["questions"]
        assert {q["kind"]: "\n".join(q["shown"]) for q in frozen} == shown
        assert shown["long"] == given_answers["long"].strip()
        assert shown["short"] == given_answers["short"].strip()
        assert "".join(filter(str.isdigit, shown["number"])) == given_answers["number"]
        chosen = {"One": "0", "Two": "1", "Three": "2"}
        assert chosen[shown["choice"]] == given_answers["choice"]
        assert {chosen[line] for line in shown["choices"].split()} == set(given_answers["choices"].split())
        assert {q["kind"]: q["value"] for q in frozen}["yes_no"] == given_answers["yes_no"]


def test_a_filled_draft_lacks_only_its_description():
    started = draft()
    fill(started, owner_of(started.structure))
    assert {lack.field for lack in submissions.missing(started)} == {"one_line", "pillar"}
