"""An edit of what was handed in that is refused: nothing of it is kept, and nothing on its page looks kept."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from calls.models import Answer
from calls.operations import submissions
from tests.factories.accounts import join, owner_of
from tests.factories.calls import draft, pdf, submitted
from tests.factories.calls import questions_of as asked_by

pytestmark = pytest.mark.django_db
KEPT = "Rien n’a été changé\u00a0: ce que vous avez déposé reste tel quel."
SAVED = "Enregistré à"


def url(submission, order=1):
    return reverse("calls:section", kwargs={"pk": submission.pk, "order": order})


def said_by(answer):
    return html.unescape(answer.text)


def field_in(answer, question):
    """What the page holds of one question."""
    field = rf'<(div|fieldset)[^>]*data-field="{question.field_name}".*?</\1>\s*<input'
    return re.search(field, answer.text, re.DOTALL)[0]


def sent(submission, **values):
    """What the form of the first section sends, with `values` by question."""
    kept = {a.question.field_name: a for a in submission.answers.all() if a.question.section.order == 1}
    said = {name: answer.value for name, answer in kept.items()}
    return said | {f"{name}-version": answer.version for name, answer in kept.items()} | values


@pytest.fixture
def handed_in(client):
    made = submitted()
    client.force_login(owner_of(made.structure))
    return made


def test_a_refused_edit_says_that_nothing_was_changed_and_looks_saved_nowhere(client, handed_in):
    need, place = [q for q in asked_by(handed_in.call) if q.section.order == 1]
    changed = {need.field_name: "", place.field_name: "1"}
    answer = client.post(url(handed_in), sent(handed_in, **changed))
    assert answer.status_code == 400
    page = said_by(answer)
    assert page.index(KEPT) < page.index('id="errors-title"')
    assert SAVED not in field_in(answer, need)
    assert SAVED not in field_in(answer, place)
    assert Answer.objects.get(submission=handed_in, question=place).value == "0"
    assert SAVED in client.get(url(handed_in)).text


def test_what_is_still_as_it_was_kept_says_when_beside_what_is_refused(client, handed_in):
    need, place = [q for q in asked_by(handed_in.call) if q.section.order == 1]
    answer = client.post(url(handed_in), sent(handed_in, **{need.field_name: ""}))
    assert SAVED not in field_in(answer, need)
    assert SAVED in field_in(answer, place)


def test_a_description_that_is_refused_says_so_too(client, handed_in):
    described = {"title": "", "one_line": "Changed", "pillar": handed_in.pillar_id}
    answer = client.post(url(handed_in, order=0), described)
    assert answer.status_code == 422
    assert KEPT in said_by(answer)
    lacking = client.post(url(handed_in, order=0), described | {"title": "T", "one_line": ""})
    assert KEPT in said_by(lacking)


def test_what_was_kept_in_part_is_not_said_to_be_unchanged(client, handed_in):
    need, place = [q for q in asked_by(handed_in.call) if q.section.order == 1]
    odd = {need.field_name: "Bell \x07", place.field_name: "1"}
    answer = client.post(url(handed_in), sent(handed_in, **odd))
    assert Answer.objects.get(submission=handed_in, question=place).value == "1"
    assert KEPT not in said_by(answer)
    assert SAVED not in field_in(answer, need)
    assert SAVED in field_in(answer, place)


def test_a_draft_is_never_called_submitted(client):
    made = draft(complete=True)
    client.force_login(owner_of(made.structure))
    need = asked_by(made.call)[0]
    answer = client.post(url(made), sent(made, **{need.field_name: "Bell \x07"}))
    assert answer.status_code == 422
    assert KEPT not in said_by(answer)
    assert SAVED not in field_in(answer, need)


def test_a_text_that_clashes_does_not_look_saved(client):
    made = draft(complete=True)
    owner, other = owner_of(made.structure), join(made.structure, "editor")
    need, place = [q for q in asked_by(made.call) if q.section.order == 1]
    before = sent(made, **{need.field_name: "Mine"})
    submissions.save_answers(made, {need: "Theirs"}, by=other)
    client.force_login(owner)
    answer = client.post(url(made), before)
    assert answer.status_code == 409
    assert SAVED not in field_in(answer, need)
    assert SAVED in field_in(answer, place)


def test_a_document_that_is_refused_leaves_the_former_and_its_time(client, handed_in):
    plan = asked_by(handed_in.call)[0].section.questions.create(order=9, kind="file", label="Plan", required=False)
    submissions.attach(handed_in, plan, pdf(), by=owner_of(handed_in.structure))
    wrong = SimpleUploadedFile("a.pdf", b"<script>", content_type="application/pdf")
    answer = client.post(url(handed_in), sent(handed_in, **{plan.field_name: wrong}))
    assert KEPT in said_by(answer)
