"""What the register holds of a link is shown to who declares it and to who answers, and to nobody else."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.accounts import operations as accounts
from bethune_smartcity.accounts.models import Membership
from juries.models import Declaration, Recusal
from juries.operations import panels
from juries.queries.hints import hints
from tests.factories.accounts import StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of
from tests.factories.juries import Jury, prepared, seat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def told(applicant, *, person=None, capacity="", call=None):
    """The hints on a juror and the application of the structure `applicant`."""
    call = call or CallFactory(closed=True)
    agent = agent_of(call)
    submission = admitted(call, applicant, by=agent)
    panel = panels.create_panel(call, "reading", by=agent)
    juror = seat(panel, agent, person or UserFactory(), capacity=capacity)
    return hints([(juror, submission.pk)]).get((submission.pk, juror.pk), [])


def eolia(**fields):
    owner = UserFactory(name="Anna Delatour", email=f"anna-{uuid.uuid4().hex}@eolia.fr")
    return StructureFactory(name="Eolia SAS", owner=owner, **fields)


def test_nothing_in_common_says_nothing():
    assert told(eolia(website="https://eolia.fr")) == []


def test_an_address_at_the_applicants_domain():
    assert told(eolia(), person=UserFactory(email="x@mail.eolia.fr")) == ["The same e-mail or website: eolia.fr."]
    site = StructureFactory(website="https://www.helios.fr/about")
    assert told(site, person=UserFactory(email="y@helios.fr")) == ["The same e-mail or website: helios.fr."]


@pytest.mark.parametrize("address", ["someone@gmail.com", "someone@demo.example"])
def test_a_domain_of_everyone_says_nothing(address):
    owner = UserFactory(email=f"other{address[7:]}")
    assert told(StructureFactory(owner=owner), person=UserFactory(email=address)) == []


def test_a_member_is_said_to_be_one_and_a_former_one_until_when():
    applicant = eolia()
    member = UserFactory()
    join(applicant, Membership.Role.READER, member)
    assert told(applicant, person=member) == ["Member of the applicant’s structure."]
    accounts.remove_member(member.memberships.get(), by=owner_of(applicant))
    (sentence,) = told(applicant, person=member)
    assert sentence.startswith("Member of the applicant’s structure until ")


def test_someone_elses_leaving_says_nothing():
    applicant = eolia()
    member = join(applicant, Membership.Role.READER)
    accounts.remove_member(member.memberships.get(), by=owner_of(applicant))
    assert told(applicant) == []


def test_a_structure_they_share():
    applicant = eolia()
    other = StructureFactory(name="Nord Conseil", city="Arras")
    join(other, Membership.Role.READER, owner_of(applicant))
    assert "Someone of the applicant belongs to Nord Conseil as well." in told(applicant, person=owner_of(other))


def test_a_structure_that_resembles_or_is_near():
    applicant = eolia(registration_number="123 456 782 00010", city="Lens")
    other = StructureFactory(name="Nord Conseil", registration_number="12345678200028", city="LENS")
    assert told(applicant, person=owner_of(other)) == [
        "In common with Nord Conseil: the same number.",
        "In the same town as Nord Conseil: Lens.",
    ]


def test_a_family_name_and_a_capacity():
    assert told(eolia(), person=UserFactory(name="Marc DELATOUR")) == [
        "Someone of the applicant has the same family name."
    ]
    assert told(eolia(), capacity="Director, Eolia") == [
        "The capacity of the juror names the structure: “Director, Eolia”."
    ]
    assert told(eolia(), capacity="Director, Eoliaville") == []


@pytest.fixture
def jury():
    """A panel whose second juror has an address at the first applicant's domain."""
    call = CallFactory(closed=True)
    agent = agent_of(call)
    submissions = [admitted(call, eolia(), by=agent, title="Wind"), admitted(call, by=agent, title="Sun")]
    panel = panels.create_panel(call, "reading", by=agent, readings=2)
    jurors = [seat(panel, agent, is_chair=True), seat(panel, agent, UserFactory(email="juror@eolia.fr"))]
    panels.accept_charter(jurors[1], by=jurors[1].user)
    return Jury(call, panel, agent, jurors, submissions)


HINT = "The same e-mail or website: eolia.fr."


def page(client, person, name, jury):
    client.force_login(person)
    return client.get(reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})).content.decode()


def test_the_juror_reads_it_under_that_application_tied_to_its_field(jury, client):
    shown = page(client, jury.jurors[1].user, "links", jury)
    assert shown.count(HINT) == 1
    hooks = f"hints-link-{jury.submissions[0].pk}"
    assert f'id="{hooks}"' in shown
    assert f'aria-describedby="{hooks}"' in shown
    assert HINT not in page(client, jury.chair, "links", jury)


def test_a_hint_decides_nothing(jury, client):
    page(client, jury.jurors[1].user, "links", jury)
    client.post(reverse("juries:links", kwargs={"pk": jury.panel.pk}), {"rest": "on"})
    assert Declaration.objects.filter(juror=jury.jurors[1]).count() == 2
    assert not Recusal.objects.exists()


def test_who_answers_reads_it_and_others_do_not(jury, client):
    juror = jury.jurors[1]
    recusal = panels.declare_recusal(juror, jury.submissions[0], "unsure", by=juror.user)
    for name in ("chair", "organise"):
        assert HINT in page(client, jury.chair, name, jury)
        assert HINT not in page(client, jury.agent, name, jury)
    assert HINT not in page(client, juror.user, "links", jury)
    panels.confirm_recusal(recusal, by=jury.chair)
    for name in ("chair", "organise"):
        assert HINT not in page(client, jury.chair, name, jury)


def test_a_chair_who_stands_aside_reads_nothing_of_it(jury, client):
    juror, chair = jury.jurors[1], jury.jurors[0]
    panels.declare_recusal(juror, jury.submissions[0], "unsure", by=juror.user)
    panels.accept_charter(chair, by=chair.user)
    panels.declare_recusal(chair, jury.submissions[0], "family", by=chair.user)
    for name in ("chair", "organise"):
        assert HINT not in page(client, jury.chair, name, jury)


@pytest.mark.parametrize("applications", [1, 3, 100])
def test_one_statement_however_many_pairs(applications):
    jury = prepared(jurors=2, applications=applications)
    pairs = [(juror, one.pk) for juror in jury.jurors for one in jury.submissions]
    hints(pairs)
    with CaptureQueriesContext(connection) as statements:
        hints(pairs)
    assert len(statements) == 1
