"""Documents read as pictures: drawn apart, shown to those who may read the document, gone when it goes."""

import re
import subprocess
import sys
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from bethune_smartcity.core import clock
from bethune_smartcity.files import pages
from bethune_smartcity.files.invariants import no_orphan_file
from bethune_smartcity.files.models import Page, Preview, StoredFile
from calls.models import Question
from calls.operations import submissions
from juries.operations import panels
from juries.queries.reading import documents_to_read
from juries.tasks import draw_documents
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, agent_of, open_moment, submitted
from tests.factories.juries import opened
from tests.files import office
from tests.files.test_hostile import HEIC
from tests.files.test_pictures import bomb

pytestmark = pytest.mark.django_db
State = Preview.State


def deck(count, size=(160, 90)):
    """A PDF of `count` pages."""
    leaves, kept = [Image.new("RGB", size, "white") for _ in range(count)], BytesIO()
    leaves[0].save(kept, "PDF", save_all=True, append_images=leaves[1:])
    return kept.getvalue()


def png(size):
    kept = BytesIO()
    Image.new("RGB", size, "navy").save(kept, "PNG")
    return kept.getvalue()


def call_asking(count=1, **columns):
    call = CallFactory(closed=True)
    for n in range(1, count + 1):
        Question.objects.create(
            section=call.sections.first(), order=8 + n, kind="file", label=f"Plan {n}", required=False, **columns
        )
    return call


def holding(stored, content, content_type="application/pdf"):
    """`stored` with other content, as if it had come so."""
    stored.blob.storage.delete(stored.blob.name)
    stored.blob.save(stored.name, ContentFile(content), save=False)
    stored.content_type = content_type
    stored.save()
    return stored


def stands(count=2, **columns):
    """A document of an application handed in."""
    return holding(submitted(call_asking(**columns)).attachments.get().file, deck(count))


def pretend(monkeypatch, count=2):
    """Pages without a process: what they look like does not matter."""
    leaf = (b"RIFF", 1100, 619)
    monkeypatch.setattr(pages, "_drawn", lambda _stored: pages.Drawn(count, (leaf,) * min(count, 40)))


def get(person, file):
    client = Client()
    if person:
        client.force_login(person)
    return client.get(reverse("files:download", kwargs={"pk": file.pk}))


# --- Drawing ---


def test_each_page_becomes_a_picture():
    stored = stands(3)
    assert pages.draw(stored)
    drawn = list(Page.objects.filter(original=stored).select_related("picture"))
    assert [page.number for page in drawn] == [1, 2, 3]
    for page in drawn:
        with Image.open(page.picture.blob.open("rb")) as picture:
            assert (picture.format, picture.size) == ("WEBP", (page.width, page.height))
        assert page.width == 1100
    assert (stored.preview.state, stored.preview.pages) == (State.READY, 3)


@pytest.mark.parametrize(("came", "made"), [((2200, 1100), (1100, 550)), ((300, 100), (300, 100))])
def test_a_picture_is_shown_as_one_page_no_larger_than_it_came(came, made):
    stored = holding(stands(), png(came), "image/png")
    assert pages.draw(stored)
    page = Page.objects.get(original=stored)
    assert (page.width, page.height) == made


@pytest.mark.parametrize(
    ("content", "shown", "largest"),
    [
        (deck(42, (8, 8)), 40, (1100, 1100)),
        (deck(1, (14, 14_000)), 1, (5, 4400)),
    ],
    ids=["many pages", "ten metres"],
)
def test_a_huge_document_is_drawn_in_part_or_small(content, shown, largest):
    stored = holding(stands(), content)
    assert pages.draw(stored)
    drawn = list(Page.objects.filter(original=stored))
    assert len(drawn) == shown
    assert max(page.width for page in drawn) <= largest[0]
    assert max(page.height for page in drawn) <= largest[1]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (deck(2)[:200], "application/pdf"),
        (b"", "application/pdf"),
        (bomb(9_000, 9_000), "image/png"),
        (png((40, 40))[:60], "image/png"),
    ],
    ids=["half a document", "nothing", "a picture that swells", "half a picture"],
)
def test_a_broken_document_has_no_preview_and_is_left_alone(content, content_type):
    stored = holding(stands(), content, content_type)
    assert pages.draw(stored)
    assert (stored.preview.state, Page.objects.count()) == (State.NONE, 0)
    assert not pages.undrawn(StoredFile.objects.filter(pk=stored.pk))


@pytest.mark.parametrize(
    "program",
    ["import os; os.kill(os.getpid(), 9)", "import time; time.sleep(60)", "bytes(10**12)"],
    ids=["killed", "endless", "out of memory"],
)
def test_what_a_document_does_to_the_process_that_draws_it_stays_there(monkeypatch, tmp_path, program):
    stored, drawer = stands(), tmp_path / "drawer.py"
    drawer.write_text(program)
    monkeypatch.setattr(pages, "DRAWER", drawer)
    monkeypatch.setattr(pages, "PATIENCE", 0.5)
    assert pages.draw(stored)
    assert stored.preview.state == State.NONE


GREEDY = """
import runpy, sys
sys.argv = ["", "none", "none", "none"]
try:
    runpy.run_path({drawer!r}, run_name="__main__")
except FileNotFoundError:
    bytes(2 * 10**9)
"""


def test_the_process_has_bounds_of_its_own():
    """Its memory is counted: what takes more ends there."""
    command = [sys.executable, "-c", GREEDY.format(drawer=str(pages.DRAWER))]
    assert b"MemoryError" in subprocess.run(command, capture_output=True, check=False).stderr


def test_one_process_at_a_time_draws_a_document_and_a_dead_one_is_replaced_twice(monkeypatch):
    pretend(monkeypatch)
    stored = stands()
    Preview.objects.create(original_id=stored.pk, claimed_at=clock.now())
    assert not pages.draw(stored)
    assert not pages.undrawn(StoredFile.objects.all())
    Preview.objects.update(claimed_at=clock.now() - timedelta(minutes=11))
    assert pages.draw(stored)
    assert stored.preview.state == State.READY
    Page.objects.all().delete()
    Preview.objects.update(state=State.DRAWING, attempts=3, claimed_at=clock.now() - timedelta(minutes=11))
    assert pages.draw(stored)
    assert Preview.objects.get().state == State.NONE


def test_a_document_at_fault_does_not_keep_the_others_from_being_drawn(monkeypatch):
    first, second = stands(), stands()

    def failing(stored):
        if stored == first:
            raise OSError("the store is away")
        return pages.Drawn(1, ((b"RIFF", 1100, 619),))

    monkeypatch.setattr(pages, "_drawn", failing)
    both = StoredFile.objects.filter(pk__in=[first.pk, second.pk])
    assert pages.draw_all(both, seconds=60) == 1
    assert second.preview.state == State.READY
    assert first.preview.state == State.DRAWING


# --- What the jury reads ---


def jury_reading(count=1, **columns):
    call = call_asking(count, **columns)
    return opened(jurors=3, applications=1, call=call, readings=3)


def test_what_jurors_are_asked_to_read_is_drawn_and_nothing_else(monkeypatch):
    pretend(monkeypatch)
    jury, closed = jury_reading(), jury_reading(audience="agents")
    waits = submitted(call_asking())
    assert draw_documents() == 1
    assert draw_documents() == 0
    read = [jury.submissions[0].attachments.get().file]
    assert list(documents_to_read()) == read == [preview.original for preview in Preview.objects.all()]
    assert closed.submissions[0].attachments.exists()
    assert waits.attachments.exists()


def test_a_picture_opens_and_closes_with_its_document(monkeypatch):
    pretend(monkeypatch)
    jury = jury_reading()
    submission, recused = jury.submissions[0], jury.jurors[2]
    draw_documents()
    picture = Page.objects.select_related("picture").first().picture
    reads = [jury.jurors[1].user, recused.user, owner_of(submission.structure), jury.agent]
    for person in reads:
        answer = get(person, picture)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/webp"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "private, no-store"
    panels.declare_recusal(recused, submission, "family", by=recused.user)
    strangers = [None, recused.user, owner_of(submitted().structure), agent_of(CallFactory())]
    assert [get(person, picture).status_code for person in strangers] == [404] * 4
    assert get(jury.jurors[1].user, picture).status_code == 200
    submission.attachments.update(set_aside=True)
    assert [get(person, picture).status_code for person in reads] == [404, 404, 200, 404]


def address_of(jury):
    return reverse("juries:sheet", kwargs={"pk": jury.panel.pk, "submission": jury.submissions[0].pk})


def sheet_of(client, jury, language="fr"):
    client.force_login(jury.chair)
    return client.get(address_of(jury), headers={"accept-language": language})


def test_the_sheet_shows_each_page_with_its_size_and_says_which_it_is(client, monkeypatch):
    pretend(monkeypatch, 2)
    jury = jury_reading()
    draw_documents()
    page = sheet_of(client, jury).content.decode()
    pictures = re.findall(r"<img [^>]*/fichiers/[^>]*>", page)
    assert [re.search('alt="([^"]*)"', one)[1] for one in pictures] == [
        f"Page {n} sur 2 de document.pdf" for n in (1, 2)
    ]
    for one in pictures:
        assert 'width="1100" height="619" loading="lazy"' in one
    assert "Télécharger" in page


@pytest.mark.parametrize(
    ("state", "said"), [(None, "en préparation"), (State.DRAWING, "en préparation"), (State.NONE, "téléchargez-le")]
)
def test_a_page_without_pictures_says_so_and_gives_the_document(client, state, said):
    jury = jury_reading()
    stored = jury.submissions[0].attachments.get().file
    if state:
        Preview.objects.create(original=stored, state=state)
    page = sheet_of(client, jury).content.decode()
    assert said in page
    assert reverse("files:download", kwargs={"pk": stored.pk}) in page


def test_an_office_document_is_not_drawn_and_the_sheet_says_to_download_it(client):
    jury = jury_reading()
    stored = jury.submissions[0].attachments.get().file
    (kind, content), *_others = office.CLEAN.items()
    holding(stored, content, kind)
    assert draw_documents() == 0
    assert not Preview.objects.exists()
    page = sheet_of(client, jury).content.decode()
    assert "document bureautique" in page
    assert "en préparation" not in page
    assert reverse("files:download", kwargs={"pk": stored.pk}) in page


def test_a_photograph_of_a_telephone_is_drawn():
    stored = holding(stands(), HEIC, "image/heic")
    assert pages.draw(stored)
    assert Page.objects.get(original=stored).width == 16


def test_a_long_document_says_how_much_of_it_is_shown(client, monkeypatch):
    pretend(monkeypatch, 120)
    jury = jury_reading()
    draw_documents()
    assert "Les 40 premières pages sur 120" in sheet_of(client, jury).content.decode()


def test_as_many_statements_whatever_is_attached(client, monkeypatch):
    found = {}
    for documents, count in ((0, 0), (1, 1), (1, 40), (3, 3)):
        pretend(monkeypatch, count)
        jury = jury_reading(documents)
        draw_documents()
        assert sheet_of(client, jury).content.count(b"<img ") == documents * count
        with CaptureQueriesContext(connection) as statements:
            client.get(address_of(jury))
        found[documents, count] = len(statements)
    # Six for the page, one each for the session and its person.
    assert set(found.values()) == {8}, found


# --- Gone with the document ---


def replaced(submission):
    question = submission.attachments.get().question
    upload = SimpleUploadedFile("new.pdf", deck(1), "application/pdf")
    submissions.attach(submission, question, upload, by=owner_of(submission.structure))


def detached(submission):
    submissions.detach(submission.attachments.get(), by=owner_of(submission.structure))


def withdrawn(submission):
    submissions.withdraw(submission, by=owner_of(submission.structure))


@pytest.mark.parametrize("act", [replaced, detached, withdrawn])
@pytest.mark.parametrize("midway", [False, True], ids=["drawn", "being drawn"])
def test_the_pictures_go_with_the_document(monkeypatch, act, midway, django_capture_on_commit_callbacks):
    submission, before = submitted(call_asking()), set(no_orphan_file())
    stored = submission.attachments.get().file

    def go():
        with clock.at(open_moment(submission.call)), django_capture_on_commit_callbacks(execute=True):
            act(submission)

    def drawn(stored):
        if midway:
            go()
        return pages.Drawn(1, ((b"RIFF", 1100, 619),))

    monkeypatch.setattr(pages, "_drawn", drawn)
    assert pages.draw(stored) is not midway
    if not midway:
        assert Page.objects.exists()
        go()
    assert not Page.objects.exists()
    assert not StoredFile.objects.filter(content_type=pages.PICTURE).exists()
    assert not Preview.objects.filter(original=stored).exists()
    assert set(no_orphan_file()) == before
