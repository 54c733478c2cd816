"""Where there is an antivirus, nobody opens what it has not found clean, and everyone is told why."""

import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bethune_smartcity.files import pages
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.tasks import scan_files
from calls.operations import submissions
from calls.operations.renewal import renew
from projects.operations import photos
from tests.factories import projects as make
from tests.factories.accounts import owner_of
from tests.factories.calls import PDF, CallFactory, pdf
from tests.files.antivirus import EICAR, antivirus
from tests.files.test_before_the_transaction import applying, ask_for_plan, plan_of
from tests.files.test_pages import jury_reading, sheet_of

pytestmark = pytest.mark.django_db
Scan = StoredFile.Scan
NOWHERE = "tcp://127.0.0.1:9"
WAITS, REFUSED, UNTOLD = "vérifie ce document", "est à remplacer", "pas encore pu vérifier"


def sent(settings, content=PDF):
    """A document of a draft, sent while there is an antivirus."""
    settings.CLAMD_URL = settings.CLAMD_URL or NOWHERE
    one = applying()
    upload = pdf("plan.pdf")
    upload.file.write(content)
    upload.size = len(content)
    return submissions.attach(one, plan_of(one), upload, by=owner_of(one.structure))


def state(attachment):
    return StoredFile.objects.get(pk=attachment.file_id).scan


def get(attachment, user=None):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(user or owner_of(attachment.submission.structure))
    return client.get(reverse("files:download", kwargs={"pk": attachment.file_id}))


def field(attachment):
    """What its writers read where they sent it."""
    client = Client(headers={"accept-language": "fr"})
    client.force_login(owner_of(attachment.submission.structure))
    return client.get(reverse("calls:section", kwargs={"pk": attachment.submission_id, "order": 1})).text


def test_without_an_antivirus_a_document_opens_at_once(settings):
    assert settings.CLAMD_URL == ""
    one = applying()
    attachment = submissions.attach(one, plan_of(one), pdf(), by=owner_of(one.structure))
    assert state(attachment) == Scan.CLEAN
    assert get(attachment).status_code == 200
    assert scan_files() == 0


def test_a_document_waits_until_it_is_found_clean(settings, tmp_path):
    attachment = sent(settings)
    answer = get(attachment)
    assert (answer.status_code, state(attachment)) == (409, Scan.PENDING)
    assert WAITS in answer.text
    assert WAITS in field(attachment)
    assert not pages.undrawn(StoredFile.objects.all())
    with antivirus(settings, path=tmp_path / "clamd") as read:
        assert scan_files() == 1
        assert scan_files() == 0
    assert read == [PDF]
    assert get(attachment).status_code == 200
    assert WAITS not in field(attachment)
    assert pages.undrawn(StoredFile.objects.all()).count() == 1


def test_an_infected_document_opens_to_nobody_and_its_writers_are_told_at_the_field(settings):
    attachment = sent(settings, PDF + EICAR)
    with antivirus(settings):
        assert scan_files() == 1
        assert scan_files() == 0
    assert state(attachment) == Scan.INFECTED
    for person in (None, make.cast()["agent"]):
        answer = get(attachment, person)
        assert answer.status_code in ({409} if person is None else {404, 409})
        assert PDF not in answer.content
    assert REFUSED in get(attachment).text
    assert REFUSED in field(attachment)


def test_while_the_antivirus_is_away_everything_waits_and_then_heals(settings, caplog):
    attachment = sent(settings)
    with caplog.at_level(logging.WARNING):
        assert scan_files() == 0
    assert "away" in caplog.text
    assert state(attachment) == Scan.PENDING
    with antivirus(settings):
        assert scan_files() == 1
    assert state(attachment) == Scan.CLEAN


def test_what_it_cannot_tell_of_is_asked_again_and_keeps_none_of_the_others_waiting(settings):
    large, small = sent(settings, PDF + bytes(3_000_000)), sent(settings)
    with antivirus(settings, most=100_000):
        assert scan_files() == 2
    assert (state(large), state(small)) == (Scan.ERROR, Scan.CLEAN)
    assert UNTOLD in get(large).text
    later = sent(settings)
    with antivirus(settings):
        assert scan_files() == 2
    assert (state(large), state(later)) == (Scan.CLEAN, Scan.CLEAN)


def test_a_content_that_is_gone_stops_nothing(settings):
    gone, kept = sent(settings), sent(settings)
    gone.file.blob.storage.delete(gone.file.blob.name)
    with antivirus(settings):
        scan_files()
    assert (state(gone), state(kept)) == (Scan.ERROR, Scan.CLEAN)


def test_one_replaced_meanwhile_is_let_go(settings, django_capture_on_commit_callbacks):
    attachment = sent(settings)
    stored = StoredFile.objects.get(pk=attachment.file_id)
    one = attachment.submission
    with django_capture_on_commit_callbacks(execute=True):
        submissions.attach(one, plan_of(one), pdf("new.pdf"), by=owner_of(one.structure))
    with antivirus(settings):
        assert scan_files() == 1
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


def test_an_infected_document_is_not_taken_up_in_another_call(settings):
    attachment = sent(settings, PDF + EICAR)
    with antivirus(settings):
        scan_files()
    following = CallFactory()
    ask_for_plan(following)
    former = attachment.submission
    assert not renew(former, following, by=owner_of(former.structure)).attachments.exists()


def test_the_jury_reads_why_it_does_not_read_it(client, settings):
    jury = jury_reading()
    StoredFile.objects.update(scan=Scan.PENDING)
    assert WAITS in sheet_of(client, jury).content.decode()
    StoredFile.objects.update(scan=Scan.INFECTED, scanned_at=timezone.now())
    assert REFUSED in sheet_of(client, jury).content.decode()


def test_what_the_portal_draws_itself_waits_for_nobody(settings):
    settings.CLAMD_URL = NOWHERE
    scene = make.cast()
    photo = photos.send_photo(scene.project, make.picture(), alt="Une sonde", by=scene["owner"])
    assert photo.small.scan == Scan.CLEAN


@pytest.mark.parametrize(
    "columns", [{"scan": "odd"}, {"scan": "infected"}, {"scan": "error"}, {"scan": "pending", "scanned_at": "now"}]
)
def test_no_state_is_kept_that_means_nothing(settings, columns):
    attachment = sent(settings)
    columns = {name: timezone.now() if value == "now" else value for name, value in columns.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=attachment.file_id).update(**columns)
