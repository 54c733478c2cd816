"""Several documents answer one question: each is added, replaced and taken off alone, and all are read everywhere."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.files.readers import readable_files
from calls.frozen import documents_in, steps_of
from calls.models import Attachment, Call, Question, Submission
from calls.operations import form_changes, screening, submissions
from calls.operations.clashes import DocumentConflict
from calls.operations.renewal import renew
from juries.views.documents import shown
from tests.bench.counting import counted
from tests.calls.views.test_papers import blank, get, holds
from tests.factories.accounts import UserFactory, join, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, pdf

pytestmark = pytest.mark.django_db
HTML = b"<script>alert(1)</script>"


class Several:
    """A complete draft whose call asks for up to three plans, and one document beside."""

    def __init__(self, most=3, required=True):
        call = CallFactory()
        section = call.sections.order_by("order")[0]
        asked = {"section": section, "kind": "file", "required": required}
        self.draft = draft(call, complete=True)
        self.plan = Question.objects.create(**asked, order=8, label="Plan", key="plan", max_files=most)
        self.alone = Question.objects.create(**asked, order=9, label="Alone", key="alone")
        self.by, self.field = owner_of(self.draft.structure), self.plan.field_name
        submissions.attach(self.draft, self.alone, pdf("alone.pdf"), by=self.by)

    def attach(self, *names, seen=None):
        return [submissions.attach(self.draft, self.plan, pdf(name), by=self.by, seen=seen) for name in names]

    def attached(self):
        return list(self.draft.attachments.filter(question=self.plan))

    def names(self):
        return [one.file.name for one in self.attached()]

    def url(self, name, **kwargs):
        return reverse(f"calls:{name}", kwargs={"pk": self.draft.pk, **kwargs})

    def page(self, **documents):
        """What the page of the section sends, with those documents beside."""
        asked = self.plan.section.questions.exclude(kind="file")
        return {q.field_name: self.draft.answers.get(question=q).value for q in asked} | documents

    def autosave(self, client, field, value):
        return client.post(self.url("autosave"), {"field": field, field: value, "version": ""})

    def submit(self):
        self.draft = submissions.submit(self.draft, by=self.by)
        return self.draft


@pytest.fixture
def several(client):
    made = Several()
    client.force_login(made.by)
    with translation.override("en"):
        yield made


def test_each_is_added_after_the_others_replaced_in_its_place_and_taken_off(several):
    first, second = several.attach("a.pdf", "b.pdf")
    several.attach("c.pdf", seen=first.pk)
    assert several.names() == ["c.pdf", "b.pdf"]
    submissions.detach(second, by=several.by)
    several.attach("d.pdf", "e.pdf", seen=0)
    assert several.names() == ["c.pdf", "d.pdf", "e.pdf"]
    with pytest.raises(Invalid) as refused:
        several.attach("f.pdf")
    assert (refused.value.code, refused.value.field) == ("too_many", several.field)
    assert "3 documents at most" in str(refused.value)
    assert several.names() == ["c.pdf", "d.pdf", "e.pdf"]


def test_what_is_gone_meanwhile_is_not_replaced_nor_taken_off_unseen(several):
    (gone,) = several.attach("a.pdf")
    submissions.detach(Attachment.objects.get(pk=gone.pk), by=several.by)
    with pytest.raises(DocumentConflict):
        several.attach("b.pdf", seen=gone.pk)
    with pytest.raises(DocumentConflict):
        submissions.detach(gone, by=several.by)
    assert several.names() == []


def test_two_people_who_add_at_once_both_keep_theirs(several, client):
    camille = join(several.draft.structure, "editor", UserFactory(name="Camille"))
    submissions.attach(several.draft, several.plan, pdf("theirs.pdf"), by=camille, seen=0)
    assert several.autosave(client, several.field, pdf("mine.pdf")).status_code == 200
    assert several.names() == ["theirs.pdf", "mine.pdf"]


def test_without_script_all_is_done_by_one_page(several, client):
    first, second = several.attach("a.pdf", "b.pdf")
    page = client.get(several.url("section", order=1)).text
    for name in (several.field, f"{several.field}-{first.pk}", f"{several.field}-{second.pk}-clear"):
        assert f'name="{name}"' in page
    sent = {
        f"{several.field}-{first.pk}": pdf("c.pdf"),
        f"{several.field}-{second.pk}-clear": "on",
        several.field: [pdf("d.pdf"), pdf("e.pdf")],
    }
    assert client.post(several.url("section", order=1), several.page(**sent)).status_code == 302
    assert several.names() == ["c.pdf", "d.pdf", "e.pdf"]
    full = client.get(several.url("section", order=1)).text
    assert f'name="{several.field}"' not in full
    assert "This question takes 3 documents at most" in full


def test_more_than_there_is_room_for_is_refused_whole(several, client):
    several.attach("a.pdf", "b.pdf")
    sent = several.page(**{several.field: [pdf("c.pdf"), pdf("d.pdf")]})
    answer = client.post(several.url("section", order=1), sent)
    assert answer.status_code == 422
    assert "3 documents at most: remove or replace one" in answer.text
    assert several.names() == ["a.pdf", "b.pdf"]


def test_a_wrong_one_among_several_is_named_and_the_page_shows_those_that_are_kept(several, client):
    several.attach("a.pdf")
    wrong = SimpleUploadedFile("plan.svg", HTML, content_type="image/svg+xml")
    answer = client.post(several.url("section", order=1), several.page(**{several.field: [pdf("b.pdf"), wrong]}))
    assert answer.status_code == 422
    assert "“plan.svg”: Send a PDF document" in answer.text
    assert ">a.pdf</a>" in answer.text
    wrong.seek(0)
    alone = several.autosave(client, several.field, wrong)
    assert alone.status_code == 422
    assert alone.json()["errors"][0].startswith("“plan.svg”")
    assert several.names() == ["a.pdf"]


def test_each_is_kept_alone_and_comes_back_as_the_page_shows_it(several, client):
    kept = several.autosave(client, several.field, pdf("a.pdf")).json()
    assert kept["missing"] is False
    assert "version" not in kept
    several.autosave(client, several.field, pdf("b.pdf"))
    first, second = several.attached()
    kept = several.autosave(client, f"{several.field}-{first.pk}", pdf("c.pdf")).json()
    assert several.names() == ["c.pdf", "b.pdf"]
    assert kept["control"] in client.get(several.url("section", order=1)).text
    several.autosave(client, f"{several.field}-{second.pk}-clear", "on")
    assert several.names() == ["c.pdf"]
    last = several.autosave(client, f"{several.field}-{several.attached()[0].pk}-clear", "on").json()
    assert last["missing"] is True
    assert several.autosave(client, f"{several.field}-x", "on").status_code == 404


def test_one_gone_meanwhile_is_told_with_those_that_are_there(several, client):
    gone, _kept = several.attach("a.pdf", "b.pdf")
    submissions.detach(Attachment.objects.get(pk=gone.pk), by=several.by)
    late = several.autosave(client, f"{several.field}-{gone.pk}", pdf("mine.pdf"))
    assert late.status_code == 409
    assert "b.pdf" in late.json()["control"]
    assert several.names() == ["b.pdf"]
    assert several.autosave(client, f"{several.field}-{gone.pk}-clear", "on").status_code == 200


def test_a_document_of_another_question_or_application_is_out_of_reach(several, client):
    (foreign,) = Several().attach("foreign.pdf")
    alone = several.draft.attachments.get(question=several.alone)
    for key in (foreign.pk, alone.pk):
        assert several.autosave(client, f"{several.field}-{key}", pdf("x.pdf")).status_code == 409
        several.autosave(client, f"{several.field}-{key}-clear", "on")
    assert Attachment.objects.filter(pk__in=[foreign.pk, alone.pk]).count() == 2


def test_a_required_question_needs_one_and_what_was_submitted_keeps_one(several, client):
    assert several.field in {lack.field for lack in submissions.missing(several.draft)}
    assert client.get(several.url("check")).text.count("Attach this document.") == 1
    (one,) = several.attach("a.pdf")
    assert not submissions.missing(several.draft)
    assert ">a.pdf</a>" in client.get(several.url("check")).text.replace("</svg> ", "</svg>").replace(
        " a.pdf", ">a.pdf"
    )
    several.submit()
    with pytest.raises(Invalid):
        submissions.detach(one, by=several.by)
    several.attach("b.pdf")
    submissions.detach(one, by=several.by)
    assert several.names() == ["b.pdf"]


def test_all_are_in_the_versions_their_differences_the_receipt_and_the_copy(several, client):
    several.attach("a.pdf", "b.pdf")
    done = several.submit()
    (frozen,) = [q for s in done.versions.get().content["sections"] for q in s["questions"] if q["label"] == "Plan"]
    assert [one["name"] for one in documents_in(frozen)] == ["a.pdf", "b.pdf"]
    digests = [one["digest"] for one in documents_in(frozen)]
    for paper in ("copy", "receipt-paper"):
        assert holds(get(client, several.by, paper, done), "a.pdf", "b.pdf", *digests) == []
    several.attach("c.pdf")
    (change,) = steps_of(done)[-1].changes
    assert change.name == "Plan"
    assert ("c.pdf" in change.after, "c.pdf" in change.before) == (True, False)
    assert [name in change.after for name in ("a.pdf", "b.pdf")] == [True, True]


def test_what_was_frozen_with_one_document_is_still_read():
    one = {"name": "a.pdf", "size": 3, "digest": "0" * 64}
    assert documents_in({"file": one}) == [one]
    assert documents_in({"file": None}) == documents_in({"files": []}) == documents_in({"value": "x"}) == []


def test_agents_and_the_next_call_get_them_all_in_order(several, client):
    several.attach("a.pdf", "b.pdf")
    done = several.submit()
    call = done.call
    agent = agent_of(call)
    stored = [one.file for one in several.attached()]
    assert not set(stored) & set(readable_files(UserFactory()))
    following = CallFactory()
    asked = {"section": following.sections.first(), "kind": "file", "required": False}
    plan = Question.objects.create(**asked, order=8, label="Plan", key="plan", max_files=2)
    few = Question.objects.create(**asked, order=9, label="Alone", key="alone")
    with clock.at(call.closes_at + timedelta(hours=1)):
        assert set(stored) <= set(readable_files(agent))
        client.force_login(agent)
        page = client.get(reverse("admin:calls_submission_change", args=[done.pk])).text
        assert page.index("a.pdf") < page.index("b.pdf")
    Call.objects.filter(pk=call.pk).update(closes_at=clock.now() - timedelta(hours=1))
    made = renew(Submission.objects.get(pk=done.pk), following, by=several.by)
    assert list(made.attachments.filter(question=plan).values_list("file__name", flat=True)) == ["a.pdf", "b.pdf"]
    assert made.attachments.get(question=few).file.name == "alone.pdf"
    assert not {one.file_id for one in made.attachments.all()} & {one.pk for one in stored}


def test_a_correction_reopens_all_of_them_and_nothing_beside(several, client):
    one, _two = several.attach("a.pdf", "b.pdf")
    done = several.submit()
    with clock.at(done.call.closes_at + timedelta(hours=1)):
        until = clock.now() + timedelta(days=1)
        agent = agent_of(done.call)
        screening.ask_for_correction(done, request="Clearer.", fields=[several.alone.field_name], until=until, by=agent)
        with pytest.raises(Conflict):
            several.attach("c.pdf")
        assert several.autosave(client, f"{several.field}-{one.pk}-clear", "on").status_code == 409
        read = client.get(several.url("section", order=1)).text
        assert f'name="{several.field}-{one.pk}"' not in read
        assert "b.pdf" in read
        fields = [several.field]
        screening.ask_for_correction(done, request="More plans.", fields=fields, until=until, by=agent)
        several.attach("c.pdf")
        submissions.detach(one, by=several.by)
    assert several.names() == ["b.pdf", "c.pdf"]


def test_the_blank_form_and_the_field_say_how_many(several, client):
    page = client.get(several.url("section", order=1)).text
    assert "3 documents at most" in page
    assert holds(blank(client, several.draft.call), "documents au plus") == []


def test_an_open_form_may_allow_more_but_no_fewer(several):
    agent = agent_of(several.draft.call)
    with pytest.raises(Conflict) as refused:
        form_changes.prepare_change(several.plan, by=agent, max_files=2)
    assert refused.value.field == "max_files"
    with pytest.raises(Invalid):
        form_changes.prepare_change(several.plan, by=agent, max_files=11)
    several.attach("a.pdf", "b.pdf", "c.pdf")
    form_changes.prepare_change(several.plan, by=agent, max_files=4)
    form_changes.publish_changes(several.draft.call, reason="More plans.", by=agent)
    several.plan.refresh_from_db()
    several.attach("d.pdf")
    assert several.plan.history[-1]["was"]["max_files"] == 3


def test_a_page_that_knew_of_one_replaces_the_one_it_showed(several, client):
    alone = several.draft.attachments.get(question=several.alone)
    Question.objects.filter(pk=several.alone.pk).update(max_files=2)
    field = several.alone.field_name
    sent = {"field": field, field: pdf("b.pdf"), "version": str(alone.pk)}
    assert client.post(several.url("autosave"), sent).status_code == 200
    assert several.draft.attachments.get(question=several.alone).file.name == "b.pdf"


@pytest.mark.parametrize("name", ["section", "check", "submission"])
def test_statements_do_not_grow_with_documents(client, name):
    counts = []
    for many in (1, 3, 10):
        made = Several(most=10)
        client.force_login(made.by)
        made.attach(*(f"{n}.pdf" for n in range(many)))
        if name == "submission":
            made.submit()
        address = made.url(name, **({"order": 1} if name == "section" else {}))
        client.get(address)
        with counted() as found:
            assert client.get(address).status_code == 200
        counts.append(len(found.seen))
    assert len(set(counts)) == 1


class Document:
    """A document as a juror's page reads it."""

    preview, pages, is_undrawable, is_cut = None, (), False, False

    def __init__(self, attachment):
        self.attachment = attachment


def test_a_juror_is_told_which_of_them_each_is(several):
    several.attach("a.pdf", "b.pdf")
    read = [Document(one) for one in [*several.attached(), several.draft.attachments.get(question=several.alone)]]
    assert [one.label for one in shown(read)] == ["Plan (1 of 2)", "Plan (2 of 2)", "Alone"]


@given(st.lists(st.tuples(st.sampled_from(["add", "replace", "remove"]), st.integers(0, 9)), max_size=8))
@settings(max_examples=12, deadline=None)
def test_whatever_is_done_what_is_kept_is_what_was_sent_last_in_order(acts):
    made, expected = Several(required=False), []
    for step, (act, place) in enumerate(acts):
        name = f"{step}.pdf"
        kept = made.attached()
        if act == "add" and len(kept) == 3:
            with pytest.raises(Invalid):
                made.attach(name)
        elif act == "add":
            made.attach(name)
            expected.append(name)
        elif kept:
            chosen = place % len(kept)
            if act == "replace":
                made.attach(name, seen=kept[chosen].pk)
                expected[chosen] = name
            else:
                submissions.detach(kept[chosen], by=made.by)
                del expected[chosen]
    assert made.names() == expected
