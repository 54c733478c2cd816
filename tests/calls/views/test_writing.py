"""Writing and handing in, as a person does it: with forms, without script, and with each field kept alone."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.answers import clean_answer, rows_of, shown_lines
from calls.instants import to_the_second
from calls.models import Question, Submission
from calls.operations import screening, submissions
from calls.queries import visible_submission, withdrawn_at
from calls.queries.completeness import checked_form
from tests.bench.counting import counted
from tests.factories.accounts import StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import COMPLETE, CallFactory, agent_of, draft, pdf, questions_of, submitted

pytestmark = pytest.mark.django_db
Kind = Question.Kind
DECLARED = {"mandate": "on", "truth": "on", "rules": "on"}


def url(name, submission, **kwargs):
    return reverse(f"calls:{name}", kwargs={"pk": submission.pk, **kwargs})


def sent(submission, order, **changes):
    """What the form of a section sends, as its page shows it."""
    section = submission.call.sections.order_by("order")[order - 1]
    values = {}
    for question in section.questions.all():
        answer = submission.answers.filter(question=question).first()
        values[f"q{question.pk}"] = answer.value if answer else ""
        document = submission.attachments.filter(question=question).first()
        values[f"q{question.pk}-version"] = document.pk if document else answer.version if answer else 0
    return values | changes


@pytest.fixture
def started(client):
    made = draft()
    client.force_login(owner_of(made.structure))
    return made


def test_from_a_first_visit_to_a_receipt_without_script(client):
    call = CallFactory()
    person = UserFactory()
    client.force_login(person)
    apply = reverse("calls:apply", kwargs={"slug": call.slug})
    assert client.get(apply).status_code == 200
    pillar = call.pillars.first()
    structure = {"new-kind": "company", "new-name": "First (démo)", "new-country": "BE"}
    answer = client.post(apply, structure | {"title": "Shuttle", "pillar": pillar.pk}, follow=True)
    made = Submission.objects.get(structure__name="First (démo)")
    assert answer.redirect_chain[-1][0] == url("section", made, order=0)
    described = {"title": "Shuttle", "one_line": "The last kilometres.", "pillar": pillar.pk, "go": "next"}
    assert client.post(url("section", made, order=0), described).url == url("section", made, order=1)
    for order in (1, 2):
        section = call.sections.order_by("order")[order - 1]
        values = {f"q{q.pk}": COMPLETE[q.kind] for q in section.questions.all()}
        answer = client.post(url("section", made, order=order), sent(made, order, **values, go="next"))
    assert answer.url == url("check", made)
    page = client.get(url("check", made)).content.decode()
    assert 'name="mandate"' in page
    refused = client.post(url("submit", made), {"mandate": "on"})
    assert refused.status_code == 422
    assert refused.content.decode().count("Cochez cette déclaration pour déposer.") == 4
    assert client.post(url("submit", made), DECLARED).url == url("receipt", made)
    made.refresh_from_db()
    receipt = client.get(url("receipt", made)).content.decode()
    assert made.number in receipt
    assert f"{made.submitted_at.astimezone(clock.PARIS):%H:%M:%S}" in receipt
    assert made.versions.get().digest in receipt
    assert re.search(r"<button[^>]* hidden[^>]* data-copy=", receipt)
    verbs = JournalEntry.objects.filter(subject_id=str(made.pk)).values_list("verb", flat=True)
    assert set(verbs) == {"start", "submit"}


def test_what_is_to_correct_is_summed_up_once(client):
    call = CallFactory()
    client.force_login(UserFactory())
    with translation.override("en"):
        page = client.post(reverse("calls:apply", kwargs={"slug": call.slug}), {"new-country": "BE"}).content.decode()
    assert page.count('id="errors"') == 1
    assert page.index('href="#id_new-name"') < page.index('href="#id_title"')


def test_a_second_application_of_the_same_structure_leads_to_the_first(client, started):
    page = client.get(reverse("calls:apply", kwargs={"slug": started.call.slug})).content.decode()
    assert url("submission", started) in page
    other = StructureFactory(owner=owner_of(started.structure))
    forged = {"structure": started.structure.pk, "title": "Twice"}
    assert client.post(reverse("calls:apply", kwargs={"slug": started.call.slug}), forged).status_code == 422
    assert other.submissions.count() == 0
    assert Submission.objects.count() == 1


def test_a_call_that_is_not_open_says_when(client):
    coming = CallFactory(coming=True)
    client.force_login(UserFactory())
    answer = client.get(reverse("calls:apply", kwargs={"slug": coming.slug}))
    assert answer.status_code == 409


def test_what_can_be_kept_is_kept_beside_what_is_refused(client, started):
    text, _choice = started.call.sections.order_by("order")[0].questions.all()
    number, link = started.call.sections.order_by("order")[1].questions.all()
    values = {f"q{number.pk}": "many", f"q{link.pk}": "example.org/story"}
    answer = client.post(url("section", started, order=2), sent(started, 2, **values))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="many"' in page
    assert started.answers.get(question=link).value == "https://example.org/story"
    assert not started.answers.filter(question=number).exists()
    long = "word " * (text.max_words + 3)
    answer = client.post(url("section", started, order=1), sent(started, 1, **{f"q{text.pk}": long}))
    assert answer.status_code == 422
    assert started.answers.get(question=text).value == long.strip()


def limited(started, **columns):
    """The first question of a draft, as one that takes so many characters; it is no more than a column of words."""
    question = questions_of(started.call)[0]
    Question.objects.filter(pk=question.pk).update(**{"max_words": None, **columns})
    question.refresh_from_db()
    return question


@pytest.mark.parametrize("kind", ["short", "long"])
def test_a_text_with_more_characters_than_asked_is_kept_whole_and_told(client, started, kind):
    """No field cuts what one pastes: it is counted, kept, and told until it is shorter."""
    question = limited(started, kind=kind, max_characters=40)
    pasted = "a" * 55
    page = client.get(url("section", started, order=1)).content.decode()
    control = re.search(rf'<(?:input|textarea)[^>]*name="{question.field_name}"[^>]*>', page)[0]
    assert "maxlength" not in control
    assert 'data-counter="letters" data-max="40"' in page
    kept = client.post(url("autosave", started), {"field": question.field_name, question.field_name: pasted})
    assert (kept.status_code, len(kept.json()["errors"])) == (200, 1)
    assert "40" in kept.json()["errors"][0]
    assert started.answers.get(question=question).value == pasted
    sent_on = sent(started, 1, **{question.field_name: pasted + "b"})
    answer = client.post(url("section", started, order=1), sent_on)
    assert answer.status_code == 422
    assert pasted + "b" in answer.text
    assert 'class="counter counter--over" data-counter="letters"' in answer.text
    assert started.answers.get(question=question).value == pasted + "b"
    assert any(lack.question == question and "40" in lack.sentence for lack in submissions.missing(started))


def test_words_and_characters_are_both_counted_where_both_are_limited(client, started):
    question = limited(started, max_words=5, max_characters=40)
    submissions.save_answers(started, {question: "one two\nthree"}, by=owner_of(started.structure))
    page = client.get(url("section", started, order=1)).text
    assert 'data-counter="words" data-max="5"' in page
    counted_so_far = re.search(r'data-counter="letters" data-max="40">(\d+)', page)[1]
    assert counted_so_far == str(len("one two\nthree"))
    again = client.post(
        url("section", started, order=1), sent(started, 1, **{question.field_name: "one two\r\nthree" + " x" * 9})
    )
    assert f'data-max="40">{len("one two three") + 18}' in again.text


def test_no_line_of_a_description_and_no_cell_is_cut_either(client, started):
    question = limited(started, kind="table", options="Name\nRole")
    for order in (0, 1):
        page = client.get(url("section", started, order=order)).text
        form = page[page.index("data-autosave") :]
        assert "maxlength" not in form[: form.index("</form>")]
    answer = client.post(url("autosave", started), {"field": "one_line", "one_line": "x" * 201})
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)
    typed = sent(started, 1) | {question.field_name: ["y" * 301, "Lead"]}
    page = client.post(url("section", started, order=1), typed)
    assert page.status_code == 422
    assert "y" * 301 in page.text


@pytest.mark.parametrize("odd", ["nul\x00here", "x" * 1_000_000, "over\u202eride"])
def test_odd_text_is_an_error_at_its_field_and_what_was_kept_stays(client, started, odd):
    text = questions_of(started.call)[0]
    submissions.save_answers(started, {text: "Kept."}, by=owner_of(started.structure))
    for order, field in ((1, text.field_name), (0, "title"), (0, "one_line")):
        values = {"title": "T", "one_line": "L", field: odd} if order == 0 else sent(started, 1, **{field: odd})
        assert client.post(url("section", started, order=order), values).status_code == 422
        answer = client.post(url("autosave", started), {"field": field, field: odd})
        assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)
    assert started.answers.get(question=text).value == "Kept."


def test_limits_and_examples_keep_thousands_apart(client, started):
    text = questions_of(started.call)[0]
    with translation.override("fr"):
        answer = client.post(url("autosave", started), {"field": text.field_name, text.field_name: "x" * 20_001})
        assert answer.json()["errors"] == ["Ce texte est trop long\u00a0: 20\u202f000 caractères au plus."]
        amount = Question(kind="amount")
        assert shown_lines(amount, "8000.00") == ["8\u202f000\u00a0€"]
        with pytest.raises(Invalid, match="montant") as refused:
            clean_answer(amount, "beaucoup")
        example = str(refused.value).split("exemple ")[1].split(" ou")[0]
        assert (example, clean_answer(amount, example)) == ("8\u202f000", "8000.00")


def test_forged_fields_and_unknown_questions_change_nothing(client, started):
    foreign = questions_of(CallFactory())[0]
    forged = sent(started, 1, **{f"q{foreign.pk}": "x", "state": "laureate", "number": "X-1", "go": "check"})
    assert client.post(url("section", started, order=1), forged).status_code == 302
    for field in (f"q{foreign.pk}", "q0", "q9" * 12, "state", "", "q١"):
        assert client.post(url("autosave", started), {"field": field, field: "x"}).status_code == 404, field
    assert client.post(url("autosave", started, question=foreign.pk), {"value": "x"}).status_code == 404
    for order in (3, 99):
        assert client.get(url("section", started, order=order)).status_code == 404
    strange = {"title": "T", "one_line": "L", "pillar": "999", "other_pillars": ["x"]}
    assert client.post(url("section", started, order=0), strange).status_code == 422
    started.refresh_from_db()
    assert (started.state, started.number) == ("draft", None)
    assert not foreign.answers.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        SimpleUploadedFile("plan.pdf", b"<script>alert(1)</script>", content_type="application/pdf"),
        SimpleUploadedFile("plan.pdf", b"%PDF-1.4 but not really", content_type="application/pdf"),
        SimpleUploadedFile("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml"),
    ],
    ids=["html", "broken", "svg"],
)
def test_a_wrong_file_is_an_error_at_its_field_and_the_former_one_stays(client, started, wrong):
    section = started.call.sections.order_by("order")[0]
    question = Question.objects.create(section=section, order=9, kind="file", label="Plan")
    submissions.attach(started, question, pdf("kept.pdf"), by=owner_of(started.structure))
    answer = client.post(url("section", started, order=1), sent(started, 1, **{f"q{question.pk}": wrong}))
    assert answer.status_code == 422
    wrong.seek(0)
    alone = client.post(url("autosave", started, question=question.pk), {f"q{question.pk}": wrong})
    assert alone.status_code == 422
    assert started.attachments.get().file.name == "kept.pdf"


def test_a_document_is_sent_read_by_its_people_and_taken_off(client, started):
    section = started.call.sections.order_by("order")[0]
    question = Question.objects.create(section=section, order=9, kind="file", label="Plan")
    field = f"q{question.pk}"
    assert (
        client.post(url("section", started, order=1), sent(started, 1, **{field: pdf("plan.pdf")})).status_code == 302
    )
    attached = started.attachments.get()
    download = reverse("files:download", kwargs={"pk": attached.file_id})
    assert download in client.get(url("section", started, order=1)).content.decode()
    assert client.get(download).status_code == 200
    for person in (UserFactory(), agent_of(started.call)):
        client.force_login(person)
        assert client.get(download).status_code == 404
    client.force_login(owner_of(started.structure))
    removed = sent(started, 1, **{f"{field}-clear": "on"}, **{field: ""})
    assert client.post(url("section", started, order=1), removed).status_code == 302
    assert not started.attachments.exists()


def test_a_document_kept_alone_comes_back_as_its_page_shows_it(client, started):
    section = started.call.sections.order_by("order")[0]
    question = Question.objects.create(section=section, order=9, kind="file", label="Plan", help="One page.")
    field = f"q{question.pk}"
    kept = client.post(url("autosave", started), {"field": field, field: pdf("plan.pdf")}).json()
    assert started.attachments.get().file.name == "plan.pdf"
    assert kept["control"] in client.get(url("section", started, order=1)).content.decode()
    assert f'name="{field}-clear"' in kept["control"]
    assert kept["missing"] is False
    off = client.post(url("autosave", started), {"field": f"{field}-clear", f"{field}-clear": "on"}).json()
    assert "plan.pdf" not in off["control"]
    assert off["missing"] is True


def test_each_field_is_kept_alone_and_says_when(client, started):
    text, choice = started.call.sections.order_by("order")[0].questions.all()
    answer = client.post(url("autosave", started), {"field": f"q{text.pk}", f"q{text.pk}": "Kept.", "version": "0"})
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert re.search(r"\d", answer.json()["saved_at"])
    client.post(url("autosave", started, question=choice.pk), {"value": "1"})
    pillar = started.call.pillars.first()
    client.post(url("autosave", started), {"field": "pillar", "pillar": pillar.pk})
    client.post(url("autosave", started), {"field": "one_line", "one_line": "A line."})
    client.post(url("autosave", started), {"field": "other_pillars", "other_pillars": [pillar.pk]})
    started.refresh_from_db()
    assert dict(started.answers.values_list("question", "value")) == {text.pk: "Kept.", choice.pk: "1"}
    assert (started.pillar, started.one_line) == (pillar, "A line.")
    assert not started.other_pillars.exists()


def test_a_wrong_number_of_a_structure_founded_here_is_refused_at_its_field(client):
    call = CallFactory()
    client.force_login(UserFactory())
    founding = {"kind": "company", "name": "Zonder nummer", "country": "NL", "registration_number": "12"}
    sent = {"title": "Shuttle", "pillar": call.pillars.first().pk}
    sent |= {f"new-{name}": value for name, value in founding.items()}
    address = reverse("calls:apply", kwargs={"slug": call.slug})
    answer = client.post(address, sent)
    assert answer.status_code == 400
    assert answer.context["founding"].errors["registration_number"]
    assert 'value="Shuttle"' in answer.text
    assert client.post(address, sent | {"new-registration_number": ""}).status_code == 302


def test_the_main_pillar_is_not_kept_among_the_others_and_the_page_says_so(client, started):
    main, other, _third = started.call.pillars.all()
    described = {"title": "T", "one_line": "L", "pillar": main.pk, "other_pillars": [main.pk, other.pk], "go": "next"}
    with translation.override("en"):
        said = f"“{main}” is your main pillar"
        assert said in client.post(url("section", started, order=0), described, follow=True).content.decode()
        assert list(started.other_pillars.all()) == [other]
        alone = {"field": "other_pillars", "other_pillars": [main.pk, other.pk]}
        kept = client.post(url("autosave", started), alone).json()
        assert said in kept["note"]
        assert kept["kept"] == {"other_pillars": [str(other.pk)]}
        assert list(started.other_pillars.all()) == [other]
        moved = client.post(url("autosave", started), {"field": "pillar", "pillar": other.pk}).json()
        assert f"“{other}” is your main pillar" in moved["note"]
        assert moved["kept"] == {"other_pillars": []}
        assert not started.other_pillars.exists()
        assert "note" not in client.post(url("autosave", started), {"field": "pillar", "pillar": main.pk}).json()


def others_offered(answer):
    """The pillars offered beside the main one, by their keys."""
    field = answer.text.split('data-field="other_pillars"')[1].split("</fieldset>")[0]
    labels = re.findall(r"<label[^>]*>\s*<input[^>]*>", field)
    return [int(re.search(r'value="(\d+)"', label)[1]) for label in labels if " hidden>" not in label]


def test_the_main_pillar_is_not_offered_among_the_others(client, started):
    pillars = list(started.call.pillars.all())
    submissions.describe(
        started, title="T", one_line="L", pillar=pillars[1], other_pillars=[], by=owner_of(started.structure)
    )
    there = url("section", started, order=0)
    assert others_offered(client.get(there)) == [pillars[0].pk, pillars[2].pk]
    client.post(there, {"title": "T", "one_line": "L", "pillar": pillars[0].pk})
    assert others_offered(client.get(there)) == [pillars[1].pk, pillars[2].pk]
    refused = client.post(there, {"title": "", "one_line": "L", "pillar": pillars[2].pk})
    assert others_offered(refused) == [pillars[0].pk, pillars[1].pk]


def test_a_field_that_is_kept_says_what_still_lacks(client, started):
    text, choice = started.call.sections.order_by("order")[0].questions.all()
    answer = client.post(url("autosave", started), {"field": f"q{text.pk}", f"q{text.pk}": "Kept."}).json()
    assert [step["lacks"] for step in answer["steps"]] == [2, 1, 1]
    assert answer["steps"][1]["words"] in client.get(url("section", started, order=1)).content.decode()
    assert answer["missing"] is False
    emptied = client.post(url("autosave", started, question=text.pk), {"value": ""}).json()
    assert (emptied["missing"], emptied["steps"][1]["lacks"]) == (True, 2)
    long = client.post(url("autosave", started, question=text.pk), {"value": "word " * 200}).json()
    assert (long["missing"], long["steps"][1]["lacks"]) == (False, 2)
    client.post(url("autosave", started, question=choice.pk), {"value": "1"})
    described = client.post(url("autosave", started), {"field": "one_line", "one_line": "A line."}).json()
    assert (described["missing"], described["steps"][0]["lacks"]) == (False, 1)
    assert described["summary"] in client.get(url("section", started, order=0)).content.decode()


def test_two_people_on_one_answer_see_both_texts_and_choose(client, started):
    editor = join(started.structure, "editor", UserFactory(name="Camille"))
    text = questions_of(started.call)[0]
    field = f"q{text.pk}"
    page = sent(started, 1, **{field: "Mine"})
    submissions.save_answers(started, {text: "Theirs"}, by=editor)
    alone = client.post(url("autosave", started), {"field": field, field: "Mine", "version": "0"})
    assert alone.status_code == 409
    assert {k: alone.json()[k] for k in ("who", "value", "version")} == {
        "who": "Camille",
        "value": "Theirs",
        "version": 1,
    }
    answer = client.post(url("section", started, order=1), page)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in shown
    assert "Mine" in shown
    assert "Camille" in shown
    for choice, kept in (("theirs", "Theirs"), ("both", "Mine\n\nTheirs"), ("mine", "Mine")):
        values = sent(started, 1, **{field: "Mine", "keep": f"{text.pk}:{choice}"})
        assert client.post(url("section", started, order=1), values).status_code == 302
        assert started.answers.get(question=text).value == kept
        submissions.save_answers(started, {text: "Theirs"}, by=editor)


ASKED_OTHERWISE = {
    Kind.SHORT: ("", "Mine", "Theirs"),
    Kind.LONG: ("", "Mine", "Theirs"),
    Kind.NUMBER: ("", "1", "2"),
    Kind.AMOUNT: ("", "1.00", "2.00"),
    Kind.CHOICE: ("One\nTwo", "0", "1"),
    Kind.CHOICES: ("One\nTwo", "0", "1"),
    Kind.YES_NO: ("", "yes", "no"),
    Kind.LINK: ("", "https://mine.example/", "https://theirs.example/"),
    Kind.DATE: ("", "2027-01-01", "2027-02-01"),
    Kind.CONSENT: ("", "yes", ""),
    Kind.TABLE: ("Name\nRole", '[["Anna", "Engineer"]]', '[["Camille", "Designer"]]'),
}


def asked_as(started, kind):
    """The first question, asked as one of that kind, and two answers to it."""
    options, mine, theirs = ASKED_OTHERWISE[kind]
    question = questions_of(started.call)[0]
    Question.objects.filter(pk=question.pk).update(kind=kind, options=options, options_fr=options)
    return Question.objects.get(pk=question.pk), mine, theirs


def as_typed(question, value):
    """What the page sends for that answer, field by field."""
    cells = [cell for row in rows_of(value) for cell in row] if question.kind == Kind.TABLE else value.split("\n")
    return {"field": question.field_name, question.field_name: cells if value else []}


@pytest.mark.parametrize("kind", ASKED_OTHERWISE)
def test_no_kind_of_answer_is_overwritten_unseen(client, started, kind):
    editor = join(started.structure, "editor", UserFactory(name="Camille"))
    question, mine, theirs = asked_as(started, kind)
    submissions.save_answers(started, {question: mine}, by=editor)
    submissions.save_answers(started, {question: theirs}, by=editor)
    late = client.post(url("autosave", started), {**as_typed(question, mine), "version": "1"})
    assert late.status_code == 409
    said = late.json()
    assert (said["who"], said["value"], said["version"]) == ("Camille", theirs, 2)
    assert said["shown"] == ("\n".join(shown_lines(question, theirs)) or "–")
    assert started.answers.get(question=question).value == theirs
    chosen = client.post(url("autosave", started), {**as_typed(question, mine), "version": "2"})
    assert chosen.json()["version"] == 3
    assert started.answers.get(question=question).value == mine


def test_rows_added_by_two_people_at_once_can_all_be_kept(client, started):
    editor = join(started.structure, "editor", UserFactory(name="Camille"))
    question, mine, theirs = asked_as(started, Kind.TABLE)
    submissions.save_answers(started, {question: theirs}, by=editor)
    typed = {**as_typed(question, mine), "version": "0"}
    said = client.post(url("autosave", started), typed).json()
    assert 'value="Camille"' in said["control"]
    assert 'value="Anna"' not in said["control"]
    assert all(f'value="{name}"' in said["both"] for name in ("Camille", "Anna"))
    page = sent(started, 1, **{question.field_name: ["Anna", "Engineer"]})
    page[f"{question.field_name}-version"] = "0"
    shown = client.post(url("section", started, order=1), page)
    assert shown.status_code == 409
    assert "Camille – Designer" in shown.content.decode()
    page |= {f"{question.field_name}-version": "1", "keep": f"{question.pk}:both"}
    assert client.post(url("section", started, order=1), page).status_code == 302
    assert rows_of(started.answers.get(question=question).value) == [["Camille", "Designer"], ["Anna", "Engineer"]]
    Question.objects.filter(pk=question.pk).update(max_rows=1)
    submissions.save_answers(started, {question: theirs}, by=editor)
    assert "both" not in client.post(url("autosave", started), typed).json(), "there is no room for both"


def test_what_was_handed_in_is_changed_as_a_whole(client):
    done = submitted()
    client.force_login(owner_of(done.structure))
    text = questions_of(done.call)[0]
    assert "data-autosave" not in client.get(url("section", done, order=1)).content.decode()
    emptied = client.post(url("section", done, order=1), sent(done, 1, **{f"q{text.pk}": ""}))
    assert emptied.status_code in {400, 422}
    assert client.post(url("section", done, order=1), sent(done, 1, **{f"q{text.pk}": "Better."})).status_code == 302
    assert done.versions.count() == 2
    assert done.versions.order_by("number").last().digest in client.get(url("receipt", done)).content.decode()


def test_a_correction_is_written_and_sent(client):
    done = submitted()
    client.force_login(owner_of(done.structure))
    with clock.at(done.call.closes_at + timedelta(hours=1)):
        until = clock.now() + timedelta(days=2)
        text = questions_of(done.call)[0]
        asked = {"request": "Say where.", "fields": [text.field_name], "until": until}
        screening.ask_for_correction(done, **asked, by=agent_of(done.call))
        assert "Say where." in client.get(url("submission", done)).content.decode()
        values = sent(done, 1, **{f"q{text.pk}": "In Béthune."})
        assert client.post(url("section", done, order=1), values).status_code == 302
        assert client.get(url("correct", done)).status_code == 200
        assert client.post(url("correct", done)).status_code == 302
        assert client.get(url("correct", done)).status_code == 409
        assert client.post(url("section", done, order=1), values | {f"q{text.pk}": "x"}).status_code == 409
    assert done.answers.get(question=text).value == "In Béthune."


def test_withdrawing_is_dressed_as_what_cannot_be_undone_and_says_where_it_stands(client):
    done = submitted()
    client.force_login(owner_of(done.structure))
    page = client.get(url("withdraw", done)).text
    assert 'class="btn btn--main btn--danger"' in page
    trail = page.split('<nav class="crumbs')[1].split("</nav>")[0]
    assert url("submission", done) in trail


def test_withdrawing_leads_back_to_where_it_stands(client):
    done = submitted()
    client.force_login(owner_of(done.structure))
    assert client.post(url("withdraw", done), {"reason": "Too busy"}).url == url("submission", done)
    assert client.get(url("submission", done)).status_code == 200
    done.refresh_from_db()
    assert done.state == "withdrawn"


def test_a_draft_is_abandoned_in_its_own_words_by_whoever_writes_it(client, started):
    editor, reader = join(started.structure, "editor"), join(started.structure, "reader")
    client.force_login(reader)
    assert client.post(url("withdraw", started)).status_code == 403
    client.force_login(editor)
    with translation.override("en"):
        assert url("withdraw", started) in client.get(url("section", started, order=1)).content.decode()
        page = client.get(url("withdraw", started)).content.decode()
        assert "Abandon this draft" in page
        assert "Nobody will examine it" not in page
        assert 'name="reason"' not in page
        answer = client.post(url("withdraw", started), follow=True).content.decode()
        assert "The draft is abandoned." in answer
        assert "You abandoned this draft" in answer
        assert client.get(url("withdraw", started)).status_code == 409
        assert "was abandoned" in client.get(url("receipt", started)).content.decode()
    started.refresh_from_db()
    assert started.state == "withdrawn"


def test_a_receipt_says_that_its_application_was_withdrawn_and_when(client):
    done = submitted()
    client.force_login(owner_of(done.structure))
    with clock.at(clock.now() + timedelta(hours=5)):
        submissions.withdraw(done, by=owner_of(done.structure))
    with translation.override("en"):
        page = client.get(url("receipt", done)).content.decode()
        withdrawn, received = to_the_second(withdrawn_at(done)), to_the_second(done.submitted_at)
    assert f"no. {done.number} was withdrawn on {withdrawn}" in page
    assert received in page
    assert "is submitted" not in page
    assert "What comes next" not in page


def test_the_banner_of_a_draft_says_what_is_left_and_until_when(client, started):
    with translation.override("fr"):
        banner = client.get(url("section", started, order=1)).content.decode().split("draft-banner__row")[1]
    told = r"Il reste \d+.*?</span> \(jusqu’au [^()]+, heure de Paris\)\."
    assert re.search(told + r' <span class="zone" [^>]* hidden>', banner)


def test_nothing_is_examined_before_the_close(client):
    done = submitted()
    client.force_login(owner_of(done.structure))
    for moment, now in ((clock.now(), 0), (done.call.closes_at + timedelta(hours=1), 1)):
        with clock.at(moment):
            assert client.get(url("submission", done)).content.decode().count('aria-current="step"') == now


@pytest.mark.parametrize("page", ["section", "check", "submission", "receipt"])
def test_pages_take_as_many_statements_whatever_the_form_holds(client, page, django_assert_max_num_queries):
    counts = []
    for extra in (1, 3):
        made = submitted(CallFactory()) if page == "receipt" else draft(complete=True)
        for _ in range(extra):
            join(made.structure, "reader" if page == "submission" else "editor")
        for order in range(10, 10 + extra):
            section = made.call.sections.first()
            Question.objects.create(section=section, order=order, kind="short", label="More", required=False)
        reader = made.structure.people.order_by("-pk").first()
        client.force_login(reader)
        with django_assert_max_num_queries(12) as used:
            client.get(url(page, made, **({"order": 1} if page == "section" else {})))
        counts.append(len(used))
    assert counts[0] == counts[1]


def test_a_section_of_a_long_form_takes_eight_statements(client):
    made = draft(CallFactory())
    sections = [made.call.sections.first(), *(made.call.sections.create(order=n, title=f"Part {n}") for n in (3, 4, 5))]
    for section in sections:
        Question.objects.bulk_create(
            Question(section=section, order=order, kind="short", label=f"More {order}") for order in range(10, 25)
        )
    client.force_login(owner_of(made.structure))
    client.get(url("section", made, order=3))
    with counted() as asked:
        assert client.get(url("section", made, order=3)).status_code == 200
    assert len(asked.seen) <= 8, [sql[:80] for sql, _params in asked.seen]


def test_what_someone_wrote_since_the_form_was_read_is_neither_lost_nor_overwritten(started):
    text, owner = questions_of(started.call)[0], owner_of(started.structure)
    read = dict(checked_form(started).answers)
    submissions.save_answers(started, {text: "Theirs."}, by=owner)
    with pytest.raises(submissions.AnswerConflict) as clash:
        submissions.save_answers(started, {text: "Mine."}, by=owner, versions={text: 0}, known=read)
    assert clash.value.answers[0].value == "Theirs."
    read = dict(checked_form(started).answers)
    submissions.save_answers(started, {text: "Theirs again."}, by=owner)
    with pytest.raises(submissions.AnswerConflict):
        submissions.save_answers(started, {text: "Mine."}, by=owner, versions={text: 1}, known=read)
    assert started.answers.get(question=text).value == "Theirs again."


def test_a_role_taken_away_since_the_page_was_read_writes_nothing(started):
    text, member = questions_of(started.call)[0], join(started.structure, "editor")
    seen = visible_submission(member, started.pk)
    assert can(member, "calls.edit_submission", seen)
    member.memberships.all().delete()
    for act in (
        lambda: submissions.save_answers(seen, {text: "Late."}, by=member),
        lambda: submissions.withdraw(seen, by=member),
        lambda: submissions.submit(seen, by=member),
        lambda: submissions.send_correction(seen, by=member),
    ):
        with pytest.raises(Forbidden):
            act()
    assert not started.answers.exists()


def test_pages_saved_as_a_whole_keep_what_is_typed_for_whoever_types_it(client):
    done = submitted()
    owner = owner_of(done.structure)
    client.force_login(owner)
    kept = f'data-keep="{url("autosave", done)}" data-person="{owner.pk}"'
    assert kept in client.get(url("section", done, order=1)).text
    with clock.at(done.call.closes_at + timedelta(hours=1)):
        until = clock.now() + timedelta(days=1)
        screening.ask_for_correction(done, request="Where?", fields=["title"], until=until, by=agent_of(done.call))
        assert kept in client.get(url("section", done, order=0)).text
    begun = draft()
    client.force_login(owner_of(begun.structure))
    assert 'data-keep="' not in client.get(url("section", begun, order=1)).text
