"""Bringing colleagues into a structure: invited by address, accepted once, by whoever reads that address."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from bethune_smartcity.accounts import inviting, operations
from bethune_smartcity.accounts.models import Invitation, Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid, TooOften
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join, owner_of

pytestmark = pytest.mark.django_db
NEW = "colleague@startup.example"


@pytest.fixture
def structure():
    return StructureFactory(name="Navette (démo)")


@pytest.fixture
def owner(structure):
    return owner_of(structure)


def reader_of(address, **fields):
    """An account whose owner proved that they read `address`."""
    person = UserFactory(email=address, **fields)
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person


def test_a_colleague_comes_in_with_the_role_they_were_invited_to(structure, owner):
    invitation = inviting.invite(structure, f"  {NEW.upper()} ", "editor", by=owner)
    assert invitation.email == NEW
    colleague = reader_of(NEW)
    assert list(inviting.invitations_to(colleague)) == [invitation]
    inviting.accept(invitation, by=colleague)
    assert Membership.objects.get(user=colleague).role == "editor"
    assert not inviting.invitations_to(colleague).exists()
    assert JournalEntry.objects.filter(verb="join", actor=colleague, subject_id=str(structure.pk)).exists()


def test_an_invitation_serves_once(structure, owner):
    invitation, colleague = inviting.invite(structure, NEW, "reader", by=owner), reader_of(NEW)
    inviting.accept(invitation, by=colleague)
    with pytest.raises(Conflict):
        inviting.accept(invitation, by=colleague)
    operations.remove_member(Membership.objects.get(user=colleague), by=owner)
    with pytest.raises(Conflict):
        inviting.accept(Invitation.objects.get(), by=colleague)


def test_only_who_reads_the_address_answers(structure, owner):
    invitation = inviting.invite(structure, NEW, "owner", by=owner)
    unproven = UserFactory(email=NEW)
    EmailAddress.objects.create(user=unproven, email=NEW, verified=False, primary=True)
    for person in (unproven, reader_of("other@startup.example"), AgentFactory(is_administrator=True), owner):
        assert not inviting.invitations_to(person).exists()
        for answer in (inviting.accept, inviting.decline):
            with pytest.raises(Forbidden):
                answer(invitation, by=person)
    assert not Membership.objects.filter(structure=structure).exclude(user=owner).exists()


def test_a_second_address_of_one_s_own_is_one_s_own(structure, owner):
    invitation, colleague = inviting.invite(structure, NEW, "reader", by=owner), reader_of("main@startup.example")
    EmailAddress.objects.create(user=colleague, email=NEW, verified=True, primary=False)
    inviting.accept(invitation, by=colleague)
    assert Membership.objects.filter(user=colleague, structure=structure).exists()


@pytest.mark.parametrize("role", ["editor", "reader", None])
def test_owners_alone_invite(structure, role):
    person = join(structure, role) if role else UserFactory()
    with pytest.raises(Forbidden):
        inviting.invite(structure, NEW, "reader", by=person)


def test_what_cannot_be_invited_is_said_at_its_field(structure, owner):
    with pytest.raises(Invalid) as refused:
        inviting.invite(structure, NEW, "king", by=owner)
    assert refused.value.field == "role"
    for address in ("", "no address", "a@b", "a@startup.example\nBcc: x@y.example", "x" * 250 + "@y.example"):
        with pytest.raises(Invalid) as refused:
            inviting.invite(structure, address, "reader", by=owner)
        assert refused.value.field == "address"
    with pytest.raises(Conflict) as refused:
        inviting.invite(structure, owner.email, "reader", by=owner)
    assert refused.value.code == "already_member"
    inviting.invite(structure, NEW, "reader", by=owner)
    with pytest.raises(Conflict) as refused:
        inviting.invite(structure, NEW, "editor", by=owner)
    assert (refused.value.code, refused.value.field) == ("already_invited", "address")


def test_an_invitation_ends_by_the_clock(structure, owner):
    invitation, colleague = inviting.invite(structure, NEW, "reader", by=owner), reader_of(NEW)
    with clock.at(invitation.expires_at):
        assert not inviting.invitations_to(colleague).exists()
        with pytest.raises(Conflict) as refused:
            inviting.accept(invitation, by=colleague)
        assert refused.value.code == "invitation_over"
        again = inviting.invite(structure, NEW, "editor", by=owner)
        inviting.accept(again, by=colleague)
    assert Membership.objects.get(user=colleague).role == "editor"
    with pytest.raises(Conflict):
        inviting.withdraw(invitation, by=owner)


def test_declined_or_withdrawn_it_is_over_and_may_be_made_again(structure, owner):
    colleague = reader_of(NEW)
    inviting.decline(inviting.invite(structure, NEW, "reader", by=owner), by=colleague)
    second = inviting.invite(structure, NEW, "reader", by=owner)
    with pytest.raises(Forbidden):
        inviting.withdraw(second, by=join(structure, "editor"))
    inviting.withdraw(second, by=owner)
    with pytest.raises(Conflict):
        inviting.accept(second, by=colleague)
    inviting.accept(inviting.invite(structure, NEW, "reader", by=owner), by=colleague)


def test_who_was_brought_in_meanwhile_keeps_the_role_given(structure, owner):
    invitation, colleague = inviting.invite(structure, NEW, "reader", by=owner), reader_of(NEW)
    operations.add_member(structure, colleague, "editor", by=owner)
    inviting.accept(invitation, by=colleague)
    assert Membership.objects.get(user=colleague).role == "editor"


def test_the_invitation_is_mailed_in_a_language_its_reader_has_and_holds_no_key(structure, owner):
    owner.language = "de"
    owner.save()
    inviting.invite(structure, NEW, "reader", by=owner)
    mail = Message.objects.get(address=NEW)
    assert (mail.recipient, mail.language) == (None, "de")
    assert "Navette (démo)" in mail.subject
    assert f"/de/espace/invitations/{Invitation.objects.get().pk}/" in mail.body
    known = reader_of("known@startup.example", language="nl")
    inviting.invite(structure, known.email, "reader", by=owner)
    assert Message.objects.get(address=known.email).recipient == known
    assert Message.objects.get(address=known.email).language == "nl"


def test_owners_are_told_who_came_in(structure, owner):
    second = join(structure, "owner")
    inviting.accept(inviting.invite(structure, NEW, "reader", by=owner), by=reader_of(NEW, name="Camille"))
    told = Message.objects.filter(kind="accounts.joined")
    assert set(told.values_list("recipient", flat=True)) == {owner.pk, second.pk}
    assert "Camille" in told.first().body


def test_nobody_mails_strangers_through_the_portal_by_the_dozen(structure, owner):
    for number in range(inviting.A_DAY):
        inviting.invite(StructureFactory(owner=owner), f"p{number}@startup.example", "reader", by=owner)
    with pytest.raises(TooOften) as refused:
        inviting.invite(structure, NEW, "reader", by=owner)
    assert 0 < refused.value.retry_after <= 24 * 3600
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        inviting.invite(structure, NEW, "reader", by=owner)


def test_one_address_is_not_pestered_whoever_asks_and_whatever_it_answered(structure, owner):
    person = reader_of(NEW)
    for _round in range(inviting.A_WEEK_TO_ONE):
        inviting.decline(inviting.invite(structure, NEW, "reader", by=owner), by=person)
    other = StructureFactory()
    with pytest.raises(TooOften) as refused:
        inviting.invite(other, NEW, "reader", by=owner_of(other))
    assert refused.value.field == "address"
    with clock.at(clock.now() + inviting.WEEK + timedelta(seconds=1)):
        inviting.invite(other, NEW, "reader", by=owner_of(other))


def test_an_invitation_falls_with_the_rights_of_who_made_it(structure, owner):
    second = join(structure, "owner")
    invitation = inviting.invite(structure, NEW, "owner", by=second)
    operations.remove_member(Membership.objects.get(user=second), by=owner)
    with pytest.raises(Conflict):
        inviting.accept(invitation, by=reader_of(NEW))
    inviting.withdraw(invitation, by=owner)


def test_one_open_invitation_an_address_is_the_database_s_own_word(structure, owner):
    invitation = inviting.invite(structure, NEW, "reader", by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(structure=structure, email=NEW, role="owner", expires_at=invitation.expires_at)


def test_what_ended_is_forgotten_after_a_month(structure, owner):
    declined = inviting.invite(structure, NEW, "reader", by=owner)
    inviting.decline(declined, by=reader_of(NEW))
    late = inviting.invite(structure, "late@startup.example", "reader", by=owner)
    Message.objects.filter(address=late.email).update(state="sent", sent_at=clock.now())
    inviting.forget(declined.closed_at + inviting.KEPT - timedelta(seconds=1))
    assert Invitation.objects.count() == 2
    inviting.forget(declined.closed_at + inviting.KEPT)
    assert list(Invitation.objects.all()) == [late]
    inviting.forget(late.expires_at + inviting.KEPT + timedelta(minutes=1))
    assert not Invitation.objects.exists()
    assert not Message.objects.filter(address=late.email).exists()
    assert Message.objects.filter(address=NEW).exists()  # an account's own mail stays its own


def test_an_owner_changes_roles_and_one_owner_stays(structure, owner):
    colleague = join(structure, "reader")
    theirs, own = (Membership.objects.get(user=person) for person in (colleague, owner))
    with pytest.raises(Conflict) as refused:
        operations.change_role(own, "editor", by=owner)
    assert refused.value.code == "last_owner"
    with pytest.raises(Forbidden):
        operations.change_role(theirs, "owner", by=colleague)
    with pytest.raises(Invalid):
        operations.change_role(theirs, "king", by=owner)
    operations.change_role(theirs, "owner", by=owner)
    operations.change_role(own, "reader", by=owner)
    assert owner_of(structure) == colleague
    with pytest.raises(Forbidden):
        operations.change_role(Membership.objects.get(user=colleague), "reader", by=owner)
    assert JournalEntry.objects.filter(verb="change_role").count() == 2
