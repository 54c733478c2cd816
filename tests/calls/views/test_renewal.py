"""Taking up an application in an open call."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden
from calls.models import Call, Question, Section, Submission
from calls.operations.renewal import renew
from tests.factories.accounts import UserFactory, join, owner_of
from tests.factories.calls import CallFactory, pdf, submitted

pytestmark = pytest.mark.django_db


def form_of(call, *asks):
    section = Section.objects.create(call=call, order=1, title="All")
    for order, ask in enumerate(asks):
        Question.objects.create(section=section, order=order, **({"label": ask["key"]} | ask))


@pytest.fixture
def former():
    call = CallFactory(form=False)
    form_of(
        call,
        {"key": "need", "kind": "long"},
        {"key": "place", "kind": "choice", "options": "Centre\nSuburb"},
        {"key": "with", "kind": "choices", "options": "A\nB\nC"},
        {"key": "agreed", "kind": "consent"},
        {"key": "plan", "kind": "file"},
        {"key": "gone", "kind": "short"},
        {"key": "figure", "kind": "short"},
    )
    done = submitted(call)
    done.answers.filter(question__key="with").update(value="0\n2")
    Call.objects.filter(pk=call.pk).update(closes_at=clock.now() - timedelta(hours=1))
    return Submission.objects.get(pk=done.pk)


@pytest.fixture
def following():
    call = CallFactory(form=False)
    form_of(
        call,
        {"key": "place", "kind": "choice", "options": "Elsewhere\nCentre"},
        {"key": "with", "kind": "choices", "options": "C\nD"},
        {"key": "need", "kind": "long", "label": "Said otherwise"},
        {"key": "agreed", "kind": "consent"},
        {"key": "plan", "kind": "file"},
        {"key": "figure", "kind": "number"},
        {"key": "new", "kind": "short"},
    )
    return call


def test_what_both_forms_ask_is_in_the_new_draft(former, following):
    by = owner_of(former.structure)
    made = renew(former, following, by=by)
    assert made.is_draft
    assert (made.title, made.one_line, made.pillar) == (former.title, former.one_line, former.pillar)
    kept = dict(made.answers.values_list("question__key", "value"))
    need = former.answers.get(question__key="need").value
    assert kept == {"place": "1", "with": "0", "need": need}
    assert made.attachments.get().file.digest == former.attachments.get().file.digest
    assert made.attachments.get().file_id != former.attachments.get().file_id
    assert former.answers.count() == 6


def test_only_its_writers_take_it_up_and_once(former, following):
    for person in (UserFactory(), join(former.structure, "reader")):
        with pytest.raises(Forbidden):
            renew(former, following, by=person)
    by = owner_of(former.structure)
    renew(former, following, by=by)
    for call in (following, former.call):
        with pytest.raises(Conflict):
            renew(former, call, by=by)
    with pytest.raises(Conflict):
        renew(former, CallFactory(coming=True), by=by)
    assert Submission.objects.filter(structure=former.structure).count() == 2


def test_from_its_page_to_the_draft(client, former, following):
    owner = owner_of(former.structure)
    client.force_login(owner)
    address = reverse("calls:renew", kwargs={"pk": former.pk})
    hub = reverse("calls:submission", kwargs={"pk": former.pk})
    assert address in client.get(hub).content.decode()
    hidden = CallFactory(draft=True)
    page = client.get(address).content.decode()
    assert following.title in page
    assert hidden.title not in page
    assert client.post(address, {"call": hidden.pk}).status_code == 422
    answer = client.post(address, {"call": following.pk})
    made = Submission.objects.get(call=following)
    assert answer.url == reverse("calls:section", kwargs={"pk": made.pk, "order": 0})
    assert address not in client.get(hub).content.decode()
    assert client.get(address).status_code == 409
    client.force_login(join(former.structure, "reader"))
    assert address not in client.get(hub).content.decode()
    assert client.post(address, {"call": following.pk}).status_code == 403
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_a_document_that_is_gone_is_left_out(former, following):
    stored = former.attachments.get().file
    stored.blob.storage.delete(stored.blob.name)
    made = renew(former, following, by=owner_of(former.structure))
    assert not made.attachments.exists()
    assert pdf().name
