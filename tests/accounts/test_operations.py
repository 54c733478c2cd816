"""Structures and their people, and the way in of the first agent."""

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.urls import reverse

from bethune_smartcity.accounts import operations
from bethune_smartcity.accounts.models import Structure, User
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join, owner_of
from tests.post import letters

pytestmark = pytest.mark.django_db
CHOSEN = {"name": "First agent", "password": "a-long-password-of-ours"}


def test_whoever_founds_a_structure_owns_it():
    person = UserFactory()
    structure = operations.found_structure(by=person, name="First (démo)", country="BE")
    assert owner_of(structure) == person
    assert JournalEntry.objects.get(verb="found").actor == person


def test_owners_bring_people_in_and_one_owner_stays():
    structure = StructureFactory()
    owner, person = owner_of(structure), UserFactory()
    membership = operations.add_member(structure, person, "editor", by=owner)
    with pytest.raises(Conflict):
        operations.add_member(structure, person, "reader", by=owner)
    with pytest.raises(Invalid):
        operations.add_member(structure, UserFactory(), "king", by=owner)
    with pytest.raises(Forbidden):
        operations.add_member(structure, UserFactory(), "reader", by=person)
    with pytest.raises(Conflict):
        operations.remove_member(structure.memberships.get(user=owner), by=owner)
    with pytest.raises(Forbidden):
        operations.remove_member(membership, by=UserFactory())
    operations.remove_member(membership, by=person)
    assert not structure.memberships.filter(user=person).exists()


def test_a_structure_is_changed_by_those_who_write_for_it():
    structure = StructureFactory()
    operations.edit_structure(structure, by=join(structure, "editor"), city="Lens")
    assert Structure.objects.get(pk=structure.pk).city == "Lens"
    for person in (join(structure, "reader"), UserFactory(), AgentFactory()):
        with pytest.raises(Forbidden):
            operations.edit_structure(structure, by=person, city="Lille")


def enrolment_link(*args):
    """The address `create_agent` prints, without its host."""
    out = StringIO()
    call_command("create_agent", *args, stdout=out)
    return out.getvalue().strip().removeprefix("https://portail.example")


def test_the_first_agent_comes_in_by_a_link_that_serves_once(client):
    link = enrolment_link("First.Agent@demo.example")
    assert client.get(link).status_code == 200
    short = client.post(link, CHOSEN | {"password": "short"})
    assert "password" in short.context["form"].errors
    assert client.post(link, CHOSEN).status_code == 302
    agent = User.objects.get(email="first.agent@demo.example")
    assert (agent.is_agent, agent.is_administrator, agent.name) == (True, True, "First agent")
    assert EmailAddress.objects.get(user=agent).verified
    assert int(client.session["_auth_user_id"]) == agent.pk
    client.logout()
    assert client.get(link).status_code == 404
    assert client.login(email=agent.email, password=CHOSEN["password"])


def test_an_agent_without_the_administrator_s_rights(client):
    enrolment_link("second@demo.example", "--agent-only")
    assert not User.objects.get(email="second@demo.example").is_administrator
    with pytest.raises(CommandError):
        enrolment_link("not an address")
    assert client.get("/inscription/agent/AAAA/made-up/").status_code == 404
    with pytest.raises(Forbidden):
        operations.enrol_agent("third@demo.example", by=AgentFactory())


def test_what_a_code_says_is_kept_nowhere(client, mailoutbox):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    row = Message.objects.get(kind="account")
    assert (row.recipient, row.address, row.state) == (person, person.email, "pending")
    assert not mailoutbox, "the request waits for no mail"
    (sent,) = letters()
    code = re.search(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$", sent.body, re.MULTILINE)[0]
    for kept in (row, Message.objects.get(pk=row.pk)):
        assert (kept.subject, kept.body) == ("", "")
        assert code not in str(vars(kept))
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("sent", "")
    client.post(reverse("account_request_login_code"), {"email": "nobody@demo.example"})
    assert len(letters()) == 1


def test_nobody_stands_above_the_rules():
    administrator = AgentFactory(is_administrator=True)
    assert not can(administrator, "calls.apply_decision")
    assert not administrator.has_perm("calls.apply_decision")
    assert not hasattr(administrator, "is_superuser")
