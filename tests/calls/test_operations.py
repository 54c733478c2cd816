"""An application from its draft to its screening, by the operations."""

import pytest

from bethune_smartcity.notifications.models import Message
from tests.factories.calls import admitted, submitted

pytestmark = pytest.mark.django_db


def test_a_handed_in_application_has_number_version_and_receipt():
    done = submitted()
    assert done.number == f"{done.call.number_prefix}-0001"
    version = done.versions.get()
    assert version.content["number"] == done.number
    mail = Message.objects.get(kind="calls.receipt")
    assert done.number in mail.subject
    assert version.digest in mail.body


def test_an_admitted_application_tells_its_people():
    done = admitted()
    assert done.state == "admissible"
    assert Message.objects.filter(kind="calls.screened", recipient__memberships__structure=done.structure).exists()
