"""The logo of a partner: put by administrators, shown where the calls it carries are shown."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from bethune_smartcity.accounts import partners
from bethune_smartcity.accounts.models import Partner
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.files.models import StoredFile
from tests.admin.screens import act_on, address
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory
from tests.factories.projects import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return AgentFactory(is_administrator=True)


@pytest.fixture
def partner():
    return Partner.objects.create(name="Union des entreprises")


def file_of(partner, user=None):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("files:download", kwargs={"pk": partner.logo_id}))


def test_a_logo_is_drawn_small_and_the_former_one_leaves_nothing(
    administrator, partner, django_capture_on_commit_callbacks
):
    made = partners.put_logo(partner, picture(1600, 400), by=administrator)
    assert (made.logo_width, made.logo_height, made.logo.content_type) == (640, 160, "image/png")
    with made.logo.blob.open() as kept:
        assert Image.open(kept).info == {}
    former = made.logo.blob.name
    with django_capture_on_commit_callbacks(execute=True):
        made = partners.put_logo(made, picture(200, 60, kind="PNG", name="marque.png"), by=administrator)
    assert (made.logo_width, made.logo_height) == (200, 60)
    assert not default_storage.exists(former)
    with django_capture_on_commit_callbacks(execute=True):
        made = partners.remove_logo(made, by=administrator)
    assert (made.logo, made.logo_width) == (None, None)
    assert not StoredFile.objects.exists()
    with pytest.raises(Conflict):
        partners.remove_logo(made, by=administrator)


@pytest.mark.parametrize(
    "sent", [lambda: picture(300, 20), lambda: picture(4000, 60)], ids=["low as it came", "low once drawn"]
)
def test_a_logo_nobody_could_read_is_refused_at_its_field(administrator, partner, sent):
    with pytest.raises(Invalid) as refused:
        partners.put_logo(partner, sent(), by=administrator)
    assert refused.value.field == "file"
    assert not StoredFile.objects.exists()


def test_only_administrators_put_it_and_take_it_away(administrator, partner):
    for person in (AgentFactory(), UserFactory()):
        with pytest.raises(Forbidden):
            partners.put_logo(partner, picture(), by=person)
    made = partners.put_logo(partner, picture(), by=administrator)
    with pytest.raises(Forbidden):
        partners.remove_logo(made, by=AgentFactory())


def test_the_call_shows_it_under_the_name_of_the_partner(administrator, partner, client):
    call, other = CallFactory(), Partner.objects.create(name="Agence du bassin")
    call.partners.set([partner, other])
    made = partners.put_logo(partner, picture(1600, 400), by=administrator)
    page = client.get(f"/appels/{call.slug}/").content.decode()
    shown = reverse("files:download", kwargs={"pk": made.logo_id})
    assert f'<img src="{shown}" alt="Union des entreprises" width="640" height="160">' in page
    assert "<li>Agence du bassin</li>" in page


def test_it_is_read_by_everyone_once_a_call_it_carries_is_announced(administrator, partner):
    made = partners.put_logo(partner, picture(), by=administrator)
    call = CallFactory(announced_at=None)
    call.partners.add(made)
    assert file_of(made).status_code == file_of(made, UserFactory()).status_code == 404
    assert file_of(made, administrator).status_code == 200
    CallFactory().partners.add(made)
    assert file_of(made).status_code == 200


def test_it_is_put_and_taken_away_in_the_back_office(administrator, partner, client):
    client.force_login(administrator)
    act_on(client, Partner, "logo", partner, file=picture())
    partner.refresh_from_db()
    assert f"{partner.logo_id}" in client.get(address(Partner, "change", partner.pk)).content.decode()
    act_on(client, Partner, "remove-logo", partner)
    partner.refresh_from_db()
    assert partner.logo_id is None


def test_half_a_logo_cannot_be_written(partner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(pk=partner.pk).update(logo_width=10)
