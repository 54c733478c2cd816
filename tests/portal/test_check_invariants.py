"""The live site can be checked: each broken promise is named, row by row."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from bethune_smartcity.core import clock
from bethune_smartcity.core.registries import invariants
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.notifications.models import Message
from calls.models import Submission, SubmissionVersion
from projects.models import Milestone, Payment, Project
from projects.operations import incubation
from tests.factories import projects as make

pytestmark = pytest.mark.django_db


def checked():
    """What the command prints, and whether everything holds."""
    out = StringIO()
    status = 0
    try:
        call_command("check_invariants", stdout=out)
    except CommandError as error:
        status = error.returncode
    assert status in {0, 1}
    return status == 0, out.getvalue()


@pytest.fixture
def scene():
    """A project with its history in the journal, a version handed in, and a message."""
    scene = make.cast()
    award = scene.project.award
    Project.objects.all().delete()
    Submission.objects.update(number=f"{award.call.number_prefix}-0001")
    award.call.last_number = 1
    award.call.save()
    scene.project = incubation.open_incubation(award, by=scene["agent"])
    scene.step = incubation.add_milestone(scene.project, "Un pas", due_on=clock.today(), by=scene["agent"])
    scene.payment = incubation.add_payment(scene.project, "Un", make.Decimal(8000), by=scene["agent"])
    incubation.advance(scene.project, "agree", by=scene["agent"])
    return scene


@pytest.fixture(autouse=True)
def _own_storage(settings):
    """Files of other tests' rolled-back rows would be orphans here."""
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}


def test_what_the_operations_make_holds(scene):
    holds, text = checked()
    assert holds, text
    assert text.count("holds") == len(invariants()) >= 8


def saved_outside_a_move(scene):
    Project.objects.update(state="deployed")
    return f"projects.project {scene.project.pk} is deployed, the journal says agreement"


def paid_too_much(scene):
    make.payment(scene.project, amount="1", state="paid")
    return f"project {scene.project.slug}: 8001.00 EUR planned or paid, 8000.00 EUR awarded"


def paid_too_early(scene):
    Payment.objects.update(milestone=scene.step, state="approved")
    return f"payment {scene.payment.pk} of project {scene.project.slug} is approved"


def handed_in_late(scene):
    call = scene.project.award.call
    Submission.objects.update(submitted_at=call.closes_at + timedelta(minutes=call.grace_minutes))
    return f"submission {scene.project.award.submission_id}"


def misnumbered(scene):
    Submission.objects.update(number=f"{scene.project.award.call.number_prefix}-0002")
    return "has given 1"


def altered(scene):
    submission = scene.project.award.submission
    SubmissionVersion.objects.create(submission=submission, number=1, content={"title": "Autre"}, digest="0" * 64)
    return f"version 1 of submission {submission.pk} was altered"


def forgotten(scene):
    late = clock.now() - timedelta(hours=1, minutes=1)
    Message.objects.filter(pk=Message.objects.first().pk).update(state="pending", sent_at=None, due_at=late)
    return "(projects."


def emptied(scene):
    stored = StoredFile.objects.create(
        name="a.pdf", content_type="application/pdf", size=1, digest="", blob="files/00/x"
    )
    return f"stored file {stored.pk} has lost its content"


def abandoned(scene):
    return default_storage.save("files/00/abandoned", ContentFile(b"x")) + " belongs to no stored file"


@pytest.mark.parametrize(
    "spoil",
    [
        saved_outside_a_move,
        paid_too_much,
        paid_too_early,
        handed_in_late,
        misnumbered,
        altered,
        forgotten,
        emptied,
        abandoned,
    ],
)
def test_what_breaks_is_named(scene, spoil):
    sentence = spoil(scene)
    holds, text = checked()
    assert not holds
    assert text.count("BROKEN") == (2 if spoil is paid_too_early else 1), text
    assert sentence in text


def test_a_message_just_due_is_in_time(scene):
    Message.objects.update(state="pending", sent_at=None, due_at=clock.now() - timedelta(minutes=59))
    assert checked()[0]


def test_a_milestone_nobody_wrote_about_is_no_fault(scene):
    Milestone.objects.create(project=scene.project, order=9, title="Sans histoire", due_on=clock.today())
    assert checked()[0]
