"""What a page read with the rights of one person never answers for another, nor for an act."""

import pytest
from django.db.models import Value
from django.urls import reverse

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from juries.models import Juror, Panel, Recusal
from juries.rights import with_rights
from tests.factories.accounts import UserFactory
from tests.factories.juries import disclosed

pytestmark = pytest.mark.django_db

ASKED = ("see_panel", "sit", "organise_panel", "chair_panel", "see_standing", "see_annex", "see_debate", "see_board")


@pytest.fixture
def jury():
    return disclosed(jurors=3, applications=2)


def told(panel, person):
    return with_rights(Panel.objects.filter(pk=panel.pk), Value(person.pk)).get()


def answers(person, panel):
    return {name: can(person, f"juries.{name}", panel) for name in ASKED}


def people_of(jury):
    """Everyone there is about a jury, those who hold less than it seems last."""
    found = [jury.agent, jury.chair, jury.jurors[1].user, UserFactory()]
    names = ("substitute", "secretary", "gone", "away", "applicant", "session")
    seats = {name: Juror.objects.create(panel=jury.panel, user=UserFactory(), has_voice=False) for name in names}
    substitute, secretary, gone, away, applicant, session = seats.values()
    Juror.objects.filter(pk=substitute.pk).update(is_substitute=True)
    Juror.objects.filter(pk=secretary.pk).update(is_secretary=True)
    Juror.objects.filter(pk=gone.pk).update(left_at=clock.now())
    Recusal.objects.create(juror=away, category="other")
    Juror.objects.filter(pk__in=[applicant.pk, session.pk]).update(is_secretary=True)
    Membership.objects.create(user=applicant.user, structure=jury.submissions[0].structure, role=Membership.Role.EDITOR)
    Recusal.objects.create(juror=session, category="other")
    return [*found, *(one.user for one in seats.values())]


def test_a_panel_read_for_someone_answers_as_the_database_does(jury):
    for person in people_of(jury):
        assert answers(person, told(jury.panel, person)) == answers(person, Panel.objects.get(pk=jury.panel.pk))


def test_it_never_answers_for_somebody_else(jury):
    people = people_of(jury)
    for reader in (jury.agent, jury.chair):
        for person in people:
            assert answers(person, told(jury.panel, reader)) == answers(person, Panel.objects.get(pk=jury.panel.pk))


@pytest.mark.parametrize("role", ["agent", "chair"])
def test_a_recusal_from_the_session_closes_the_next_page(client, jury, role):
    person = getattr(jury, role)
    own = Juror.objects.get_or_create(panel=jury.panel, user=person, defaults={"has_voice": False})[0]
    client.force_login(person)
    pages = [reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk}) for name in ("organise", "chair", "standing")]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    Recusal.objects.create(juror=own, category="other")
    assert {client.get(page).status_code for page in pages} <= {403, 404}
