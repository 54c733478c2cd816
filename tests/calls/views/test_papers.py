"""The receipt, the copy of what was handed in and the blank form: complete, theirs alone, readable to all."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bethune_smartcity.core import clock, papers, wording
from bethune_smartcity.core.models import City
from calls.answers import rows_of, shown_lines
from calls.instants import to_the_second
from calls.models import Question, Section
from calls.operations import submissions
from calls.views.blank import asked_by, condition_of, sections_of
from tests.calls.forms_drawn import typed
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, fill, pdf, questions_of, submitted
from tests.papers import faults, holds, opened, squeezed, text_of

pytestmark = pytest.mark.django_db
Kind = Question.Kind


def call_asking_everything():
    """A call whose form has a question of each kind."""
    call = CallFactory(form=False)
    part = Section.objects.create(call=call, order=1, title="Tout", title_fr="Tout", title_en="Everything")
    for order, kind in enumerate(Kind.values):
        Question.objects.create(
            section=part,
            order=order,
            kind=kind,
            label=f"Question {kind}",
            label_fr=f"Demande {kind}",
            label_en=f"Question {kind}",
            options_fr="Au centre\nEn périphérie",
            options_en="In the centre\nIn a district",
            required=False,
        )
    return call


def get(client, person, name, submission, language="fr", **kwargs):
    client.force_login(person)
    with translation.override(language):
        return client.get(reverse(f"calls:{name}", kwargs={"pk": submission.pk, **kwargs}))


def lacking(answer, texts):
    """Which of `texts` a page does not show, in its text or its fields, wherever lines break."""
    page = squeezed(unescape(re.sub(r"</?[a-z][^<>]*>", lambda tag: tag[0] if "value=" in tag[0] else "", answer.text)))
    return [text for text in texts if squeezed(text) not in page]


@pytest.fixture
def application():
    City.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Ville de Béthune",
            "service": "Mission ville intelligente",
            "contact_email": "smartcity@bethune.example",
            "address": "6 place du 4-Septembre\n62400 Béthune",
        },
    )
    return submitted(call_asking_everything())


def test_the_receipt_says_all_the_law_asks(client, application):
    answer = get(client, owner_of(application.structure), "receipt-paper", application)
    version = application.versions.get()
    (file,) = [one for s in version.content["sections"] for q in s["questions"] for one in q.get("files", [])]
    told = (
        application.number,
        to_the_second(application.submitted_at),
        version.digest,
        application.title,
        application.structure.name,
        file["name"],
        file["digest"],
        "Mission ville intelligente",
        "smartcity@bethune.example",
        "6 place du 4-Septembre, 62400 Béthune",
        "La suite",
    )
    assert holds(answer, *told) == []
    assert faults(answer, language="fr") == []


def test_the_receipt_follows_what_happens_next(client, application):
    owner = owner_of(application.structure)
    (long,) = Question.objects.filter(section__call=application.call, kind=Kind.LONG)
    submissions.save_answers(application, {long: "Another text."}, by=owner)
    first, second = application.versions.order_by("number")
    assert holds(get(client, owner, "receipt-paper", application), first.digest, second.digest, "Version 2") == []
    submissions.withdraw(application, reason="Changed my mind", by=owner)
    over = get(client, owner, "receipt-paper", application)
    assert holds(over, "a été retirée le") == []
    assert holds(over, "La suite") == ["La suite"]


@pytest.mark.parametrize("name", ["receipt-paper", "copy"])
def test_documents_leave_as_attachments_that_nobody_else_keeps(client, application, name):
    answer = get(client, owner_of(application.structure), name, application)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert application.number in answer["Content-Disposition"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_was_saved_is_what_is_shown_exported_and_printed(client, data):
    call, structure = call_asking_everything(), StructureFactory()
    begun = fill(draft(call, structure, complete=True), owner_of(structure))
    values = {q: data.draw(typed(q), label=q.kind) for q in questions_of(call) if q.kind != Kind.FILE}
    submissions.save_answers(begun, values, by=owner_of(structure))
    kept = {answer.question: answer.value for answer in begun.answers.select_related("question")}
    lines = [line for question, value in kept.items() for line in shown_lines(question, value)]
    written = [value for question, value in kept.items() if question.kind in {Kind.SHORT, Kind.LONG, Kind.DATE}]
    written += [
        cell
        for question, value in kept.items()
        if question.kind == Kind.TABLE
        for row in rows_of(value)
        for cell in row
    ]
    assert lacking(get(client, owner_of(structure), "section", begun, order=1), written) == []
    assert lacking(get(client, owner_of(structure), "check", begun), lines) == []
    done = submissions.submit(begun, by=owner_of(structure))
    answer = get(client, owner_of(structure), "copy", done)
    content = done.versions.get().content
    exported = {
        question["label"]: question.get("shown", []) for part in content["sections"] for question in part["questions"]
    }
    assert all(exported[question.label] == shown_lines(question, value) for question, value in kept.items() if value)
    asked = [question for section in content["sections"] for question in section["questions"]]
    lines = [line for question in asked for line in question.get("shown", [])]
    assert holds(answer, content["title"], content["structure"]["name"], done.versions.get().digest, *lines) == []
    assert holds(answer, *(question["label"] for question in asked)) == []


def test_the_copy_prints_what_was_handed_in_last_and_not_what_a_form_became(client, application):
    owner = owner_of(application.structure)
    Question.objects.filter(section__call=application.call, kind=Kind.CHOICE).update(
        label_fr="Une autre demande", options_fr="Ailleurs\nNulle part"
    )
    copy = get(client, owner, "copy", application)
    assert holds(copy, "Demande choice", "Au centre") == []
    assert holds(copy, "Une autre demande", "Ailleurs") == ["Une autre demande", "Ailleurs"]


def test_the_copy_speaks_the_language_of_its_reader_where_the_form_does(client, application):
    owner = owner_of(application.structure)
    copy = get(client, owner, "copy", application, "en")
    assert faults(copy, language="en") == []
    assert holds(copy, "Everything", "Question long", "In the centre", "Yes", "€8,000") == []
    Question.objects.filter(section__call=application.call, kind=Kind.CHOICE).update(options_fr="Autre\nEncore")
    assert holds(get(client, owner, "copy", application, "en"), "Au centre") == []


def test_a_copy_takes_the_same_statements_however_much_was_answered(client):
    counts = set()
    for questions in (0, 1, 30):
        call = CallFactory()
        part = Section.objects.create(call=call, order=9, title="More")
        for order in range(questions):
            Question.objects.create(section=part, order=order, kind=Kind.LONG, label=f"Question {order}")
        done = submitted(call)
        get(client, owner_of(done.structure), "copy", done)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("calls:copy", kwargs={"pk": done.pk}))
        counts.add(len(seen))
    assert len(counts) == 1
    assert counts.pop() <= 10


def test_an_agent_who_screens_reads_the_copy_and_another_call_s_agent_does_not(client, application):
    assert get(client, agent_of(application.call), "copy", application).status_code == 200
    assert get(client, agent_of(CallFactory()), "copy", application).status_code == 404


def blank(client, call, language="fr", **headers):
    with translation.override(language):
        return client.get(reverse("calls:blank-form", args=[call.slug]), **headers)


def test_the_blank_form_holds_every_question_and_says_that_it_is_no_application(client):
    call = call_asking_everything()
    answer = blank(client, call)
    assert faults(answer, language="fr") == []
    asked = [question.label_fr for question in questions_of(call)]
    pillars = [pillar.name for pillar in call.pillars.all()]
    url, closes = configured.SITE_URL + call.get_absolute_url(), wording.deadline(call.closes_at)
    assert holds(answer, "rien n’est reçu sur papier", url, closes, "En périphérie", "Tout", *asked, *pillars) == []
    assert squeezed(text_of(answer)).count("Aucentre") >= 2


ONLY_IF = {
    "fr": ("Seulement si vous répondez « Oui » à « Demande yes_no »", "« Au centre », « En périphérie »"),
    "en": ("Only if you answer “Yes” to “Question yes_no”", "“In the centre”, “In a district”"),
    "de": ("Nur wenn Sie „Ja“ auf „Demande yes_no“ antworten", "„Au centre“, „En périphérie“"),
    "nl": ("Alleen als u “Ja” antwoordt op “Demande yes_no”", "“Au centre”, “En périphérie”"),
}


@pytest.mark.parametrize("code", ONLY_IF)
def test_the_blank_form_says_for_which_answers_a_question_or_a_section_is_asked(
    client, django_assert_max_num_queries, code
):
    call = call_asking_everything()
    asked = {question.kind: question for question in questions_of(call)}
    Question.objects.filter(pk=asked[Kind.LINK].pk).update(shown_if=asked[Kind.CHOICE], shown_values="0\n1")
    part = Section.objects.create(
        call=call, order=2, title="Suite", title_fr="Suite", shown_if=asked[Kind.YES_NO], shown_values="yes"
    )
    Question.objects.create(section=part, order=1, kind=Kind.SHORT, label="Encore", label_fr="Encore")
    answer = blank(client, call, code)
    assert faults(answer, language=code) == []
    assert holds(answer, *ONLY_IF[code]) == []
    with django_assert_max_num_queries(1):
        assert [bool(condition_of(question)) for question in asked_by(call)].count(True) == 1


def test_the_columns_of_rows_are_no_boxes_to_tick_on_the_blank_form(client):
    call = CallFactory(form=False)
    part = Section.objects.create(call=call, order=1, title="Équipe")
    Question.objects.create(
        section=part, order=1, kind=Kind.TABLE, label="Qui", label_fr="Qui", options_fr="Nom\nRôle", max_rows=4
    )
    (rows,) = sections_of(asked_by(call))[0]["asked"]
    assert (rows["options"], rows["lines"]) == ([], 4)
    assert holds(blank(client, call), "dans chaque ligne : Nom, Rôle") == []


def limited(**limits):
    """A call with one question of each kind, where `limits` of a kind are its columns."""
    call = call_asking_everything()
    for kind, columns in limits.items():
        Question.objects.filter(section__call=call, kind=kind).update(**columns)
    return call


LIMITS = (
    "required, 120 characters at most",
    "one line, 80 characters at most",
    "several lines, 250 words at most, 1,500 characters at most",
    "web address, 500 characters at most",
    "in each row: In the centre, In a district, 6 rows at most",
    "A PDF document, a picture (PNG, JPEG, WebP, HEIC) or an office document (docx, xlsx, pptx, odt, ods, odp).",
    "20 MB at most.",
    "Only the city’s agents read this answer, not the jury.",
    "Everyone reads this answer after the results, if your project is a laureate.",
    "required, yes or no",
    "This call is only open with this answer: Yes.",
)


def test_the_blank_form_prints_every_limit_of_the_form(client, django_assert_max_num_queries):
    call = limited(
        short={"max_characters": 80, "help_en": "Its name."},
        long={"max_words": 250, "max_characters": 1500, "audience": "agents"},
        table={"max_rows": 6},
        file={"help_en": "The plan.", "audience": "public"},
        yes_no={"eligible_values": "yes"},
    )
    answer = blank(client, call, "en")
    assert faults(answer, language="en") == []
    assert holds(answer, "Its name.", "The plan.", *LIMITS) == []
    with django_assert_max_num_queries(1):
        sections_of(asked_by(call))


def test_a_question_without_limits_of_its_own_has_those_of_its_kind(client):
    answer = blank(client, limited(), "en")
    told = ("one line, 300 characters at most", "several lines, 20,000 characters at most", "20 rows at most")
    assert holds(answer, *told) == []
    assert holds(blank(client, limited(long={"max_words": 90}), "en"), "20,000") == ["20,000"]


def test_what_an_agent_typed_is_printed_as_typed_where_a_document_is_asked(client):
    call = limited(file={"help_en": "Plans & <drafts>", "audience": "agents"})
    assert holds(blank(client, call, "en"), "Plans & <drafts>", "Only the city’s agents read this answer") == []


def test_the_blank_form_is_in_the_language_of_its_page(client):
    call = call_asking_everything()
    for code, label in (("en", "Question long"), ("de", "Demande long")):
        answer = blank(client, call, code)
        assert faults(answer, language=code) == []
        assert holds(answer, label) == []


def test_the_blank_form_is_drawn_once_until_the_form_changes(client, monkeypatch):
    cache.clear()
    drawn, draw = [], papers.draw
    monkeypatch.setattr(papers, "draw", lambda *args: drawn.append(args) or draw(*args))
    call = call_asking_everything()
    first, again = blank(client, call), blank(client, call)
    assert (len(drawn), first["ETag"], first["Cache-Control"]) == (1, again["ETag"], "public, max-age=300")
    assert blank(client, call, headers={"If-None-Match": first["ETag"]}).status_code == 304
    questions_of(call)[0].section.questions.update(label_fr="Changée")
    changed = blank(client, call)
    assert len(drawn) == 2
    assert holds(changed, "Changée") == []


def test_the_blank_form_of_a_call_in_preparation_is_its_agents(client):
    call = CallFactory(draft=True)
    assert blank(client, call).status_code == 404
    client.force_login(agent_of(call))
    answer = blank(client, call)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")


def test_a_call_that_asks_nothing_has_no_blank_form(client):
    call = CallFactory(form=False)
    assert blank(client, call).status_code == 404
    assert "formulaire.pdf" not in client.get(call.get_absolute_url()).content.decode()


def test_the_page_of_a_call_offers_its_form_until_the_close(client):
    call = CallFactory()
    assert "formulaire.pdf" in client.get(call.get_absolute_url()).content.decode()
    with clock.at(call.closes_at + timedelta(seconds=1)):
        assert "formulaire.pdf" not in client.get(call.get_absolute_url()).content.decode()


def test_a_document_s_name_is_printed_as_text(client):
    call, structure = call_asking_everything(), StructureFactory()
    begun = draft(call, structure, complete=True)
    (asked,) = [question for question in questions_of(call) if question.kind == Kind.FILE]
    submissions.attach(begun, asked, pdf("#panic() $x$ plan.pdf"), by=owner_of(structure))
    done = submissions.submit(begun, by=owner_of(structure))
    name = done.attachments.get().file.name
    for document in ("copy", "receipt-paper"):
        assert holds(get(client, owner_of(structure), document, done), name) == []
    assert opened(get(client, owner_of(structure), "copy", done)).metadata.title == done.title
