"""A structure is judged under the identity it applied with, and found under the one it has."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.operations import edit_structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from calls.models import Submission
from calls.operations import screening, submissions
from tests.factories.accounts import owner_of
from tests.factories.calls import agent_of, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def done():
    return submitted()


def after_the_close(done):
    return clock.at(done.call.closes_at + timedelta(hours=1))


def test_while_a_call_is_open_a_structure_changes_and_its_applications_are_found_under_the_new_name(done):
    edit_structure(done.structure, by=owner_of(done.structure), name="Éolienne (démo)")
    assert "eolienne (demo)" in Submission.objects.get(pk=done.pk).search_text


IDENTITY = [("name", "Another"), ("country", "BE"), ("registration_number", "123 456 782 00010")]


@pytest.mark.parametrize(("name", "value"), IDENTITY)
def test_between_close_and_decision_the_identity_stays_and_the_rest_may_change(done, name, value):
    owner = owner_of(done.structure)
    with after_the_close(done):
        with pytest.raises(Conflict) as refusal:
            edit_structure(done.structure, by=owner, **{name: value})
        assert refusal.value.field == name
        edit_structure(done.structure, by=owner, city="Lens", **{name: getattr(done.structure, name)})
    kept = Structure.objects.get(pk=done.structure_id)
    assert (getattr(kept, name), kept.city) == (getattr(done.structure, name), "Lens")


def test_what_is_no_longer_judged_locks_nothing(done):
    owner = owner_of(done.structure)
    with after_the_close(done):
        screening.refuse(done, reason="Out of scope", by=agent_of(done.call))
        edit_structure(done.structure, by=owner, name="Free again")
    other = submitted()
    submissions.withdraw(other, by=owner_of(other.structure))
    with after_the_close(other):
        edit_structure(other.structure, by=owner_of(other.structure), name="Free as well")


def test_the_page_says_why_at_the_field_and_keeps_what_was_typed(done, client):
    client.force_login(owner_of(done.structure))
    address = reverse("accounts:structure", kwargs={"pk": done.structure_id})
    with after_the_close(done):
        answer = client.post(address, {"kind": "company", "name": "Renamed", "country": "FR", "city": "Lens"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "en cours d’examen" in page
    assert 'value="Renamed"' in page
    assert Structure.objects.get(pk=done.structure_id).name != "Renamed"
