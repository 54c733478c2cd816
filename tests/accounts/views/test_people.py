"""The pages on which a structure's people are brought in, given roles and taken off."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from bethune_smartcity.accounts import inviting
from bethune_smartcity.accounts.models import Invitation, Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join, owner_of

pytestmark = pytest.mark.django_db
NEW = "colleague@startup.example"


@pytest.fixture
def structure():
    return StructureFactory(name="Navette (démo)")


@pytest.fixture
def owner(structure):
    return owner_of(structure)


def page(name, **keys):
    return reverse(f"accounts:{name}", kwargs=keys)


def reader_of(address):
    person = UserFactory(email=address)
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person


def test_a_colleague_is_invited_answers_and_leaves(client, structure, owner):
    people = page("people", pk=structure.pk)
    client.force_login(owner)
    answer = client.post(people, {"address": NEW, "role": "editor"}, follow=True)
    assert f"Une invitation part vers {NEW}." in answer.text
    assert "Invitations sans réponse" in answer.text
    colleague = reader_of(NEW)
    client.force_login(colleague)
    asked = page("invitation", pk=Invitation.objects.get().pk)
    assert asked in client.get("/espace/").text
    assert "Navette (démo)" in client.get(asked).text
    assert "Vous agissez désormais pour Navette (démo)." in client.post(asked, {"answer": "accept"}, follow=True).text
    for again in (client.get(asked, follow=True), client.post(asked, {"answer": "decline"}, follow=True)):
        assert "Vous agissez déjà pour Navette (démo)." in again.text.replace("\xa0", " ")
        assert again.redirect_chain[0][0].endswith(people)
    theirs = Membership.objects.get(user=colleague)
    assert client.post(page("end-membership", pk=structure.pk, member=theirs.pk)).status_code == 302
    assert client.get(people).status_code == client.get(asked).status_code == 404


def test_what_is_refused_is_said_and_keeps_what_was_typed(client, structure, owner):
    client.force_login(owner)
    for typed, status in (
        ({"address": "nowhere", "role": "editor"}, 422),
        ({"address": NEW, "role": "king"}, 422),
        ({}, 422),
        ({"address": owner.email, "role": "reader"}, 409),
    ):
        answer = client.post(page("people", pk=structure.pk), typed)
        assert answer.status_code == status
        assert typed.get("address", "") in answer.text
        assert "errorlist" in answer.text


def test_no_is_an_answer(client, structure, owner):
    asked = page("invitation", pk=inviting.invite(structure, NEW, "reader", by=owner).pk)
    client.force_login(reader_of(NEW))
    assert "Vous avez refusé" in client.post(asked, {"answer": "decline"}, follow=True).text
    assert not Membership.objects.filter(user__email=NEW).exists()


def lost_role(invitation):
    Membership.objects.filter(user=invitation.invited_by).update(role="editor")


def left(invitation):
    Membership.objects.filter(user=invitation.invited_by).delete()


def closed(invitation):
    type(invitation.invited_by).objects.filter(pk=invitation.invited_by_id).update(is_active=False)


def erased(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(invited_by=None)


@pytest.mark.parametrize("end", [lost_role, left, closed, erased])
def test_one_whose_maker_may_invite_no_more_says_that_it_is_over_and_nothing_else(client, structure, owner, end):
    second = join(structure, "owner", UserFactory(name="Camille Dubreuil"))
    invitation = inviting.invite(structure, NEW, "owner", by=second)
    asked, colleague = page("invitation", pk=invitation.pk), reader_of(NEW)
    client.force_login(colleague)
    assert "Accepter" in client.get(asked).text
    end(invitation)
    for answer in (client.get(asked), *(client.post(asked, {"answer": word}) for word in ("accept", "decline"))):
        assert answer.status_code == 409
        assert "Cette invitation n’est plus valable" in answer.text
        assert not [told for told in ("Accepter", "Navette", "Camille", "Dubreuil", NEW) if told in answer.text]
    assert asked not in client.get("/espace/").text
    assert not Membership.objects.filter(user=colleague).exists()
    assert Invitation.objects.get().state == "pending"
    with pytest.raises(Conflict):
        inviting.accept(Invitation.objects.get(), by=colleague)
    # To others it stays unknown.
    client.force_login(UserFactory())
    assert client.get(asked).status_code == 404


@pytest.mark.parametrize("is_judged", [True, False], ids=["guarded", "control"])
def test_the_page_the_act_and_the_message_ask_the_same(client, structure, owner, monkeypatch, is_judged):
    """The control: a page that does not ask shows the button."""
    invitation = inviting.invite(structure, NEW, "reader", by=owner)
    lost_role(invitation)
    if not is_judged:
        monkeypatch.setattr(inviting, "stands", lambda _invitation: True)
    client.force_login(reader_of(NEW))
    answer = client.get(page("invitation", pk=invitation.pk))
    assert ("Accepter" in answer.text) == (not is_judged)
    assert answer.status_code == (409 if is_judged else 200)


def test_who_lost_their_role_in_between_is_told_so_without_a_name(client, structure, owner, monkeypatch):
    invitation = inviting.invite(structure, NEW, "reader", by=owner)
    client.force_login(reader_of(NEW))
    seen = inviting.stands
    monkeypatch.setattr(inviting, "stands", lambda one: seen(one) and (lost_role(one) or True))
    answer = client.post(page("invitation", pk=invitation.pk), {"answer": "accept"})
    assert answer.status_code == 409
    assert "Navette" not in answer.text


def test_every_page_by_every_person(client, structure, owner):
    """Outsiders and the city are told nothing; members see, owners do."""
    invitation = inviting.invite(structure, NEW, "reader", by=owner)
    member = Membership.objects.get(user=join(structure, "editor"))
    own = Membership.objects.get(user=owner)
    keys = {"pk": structure.pk}
    pages = {
        page("people", **keys): (200, 200, 200, 404),
        page("change-role", **keys, member=member.pk): (200, 403, 403, 404),
        page("end-membership", **keys, member=member.pk): (200, 200, 403, 404),
        page("end-membership", **keys, member=own.pk): (200, 403, 403, 404),
        page("withdraw-invitation", **keys, invitation=invitation.pk): (200, 403, 403, 404),
        page("invitation", pk=invitation.pk): (404, 404, 404, 404),
    }
    for person, column in ((owner, 0), (member.user, 1), (join(structure, "reader"), 2), (AgentFactory(), 3)):
        client.force_login(person)
        for address, answers in pages.items():
            assert client.get(address).status_code == answers[column], (address, column)
    client.force_login(reader_of(NEW))
    assert [client.get(address).status_code for address in pages] == [404, 404, 404, 404, 404, 200]


def test_a_row_of_another_structure_is_not_reached_through_one_s_own(client, structure, owner):
    other = StructureFactory()
    theirs = Membership.objects.get(structure=other)
    invitation = inviting.invite(other, NEW, "reader", by=theirs.user)
    client.force_login(owner)
    for name, keys in (
        ("change-role", {"member": theirs.pk}),
        ("end-membership", {"member": theirs.pk}),
        ("withdraw-invitation", {"invitation": invitation.pk}),
    ):
        assert client.post(page(name, pk=structure.pk, **keys), {"role": "reader"}).status_code == 404


def test_roles_change_and_the_last_owner_is_told_why_they_stay(client, structure, owner):
    client.force_login(owner)
    member = Membership.objects.get(user=join(structure, "reader"))
    own = Membership.objects.get(user=owner)
    leave = page("end-membership", pk=structure.pk, member=own.pk)
    refused = client.post(leave)
    assert refused.status_code == 409
    assert "garde au moins une personne propriétaire" in refused.text
    change = page("change-role", pk=structure.pk, member=member.pk)
    assert client.post(change, {"role": "king"}).status_code == 422
    assert "Le rôle est changé." in client.post(change, {"role": "owner"}, follow=True).text
    assert client.post(leave).status_code == 302
    assert owner_of(structure) == member.user


def test_an_open_invitation_is_withdrawn(client, structure, owner):
    invitation = inviting.invite(structure, NEW, "reader", by=owner)
    client.force_login(owner)
    withdraw = page("withdraw-invitation", pk=structure.pk, invitation=invitation.pk)
    assert "L’invitation est retirée." in client.post(withdraw, follow=True).text
    assert client.post(withdraw).status_code == 404
    with clock.at(invitation.expires_at):
        assert client.get(withdraw).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_asks_the_same_of_the_database_whatever_the_people(
    client, structure, owner, rows, django_assert_max_num_queries
):
    for number in range(rows):
        join(structure, "reader")
        if number < inviting.A_DAY:
            inviting.invite(structure, f"p{number}@startup.example", "reader", by=owner)
    client.force_login(owner)
    with django_assert_max_num_queries(8):
        client.get(page("people", pk=structure.pk))
