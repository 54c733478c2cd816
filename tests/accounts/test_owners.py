"""A structure is never left to nobody: its last owner who can sign in stays; where none can, another is named."""

import pytest

from bethune_smartcity.accounts import operations
from bethune_smartcity.accounts.models import Membership, Structure, User
from bethune_smartcity.accounts.owners import is_ownerless, ownerless
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.journal import lines_told
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from tests.admin.screens import act_on, address, request_of, screen_of
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import draft

pytestmark = pytest.mark.django_db
WHY = "Its founder left the company; the company wrote to us on 3 May."


@pytest.fixture
def administrator():
    return UserFactory(is_administrator=True)


@pytest.fixture
def structure():
    return StructureFactory(name="Navette (démo)")


@pytest.fixture
def left(structure, administrator):
    """A structure whose only owner can no longer sign in."""
    operations.deactivate(owner_of(structure), by=administrator)
    return structure


def seat(structure, person):
    return Membership.objects.select_related("structure").get(structure=structure, user=person)


def browser(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_owner_who_cannot_sign_in_does_not_count(structure, administrator):
    owner = owner_of(structure)
    gone = join(structure, "owner")
    operations.deactivate(gone, by=administrator)
    for act in (
        lambda: operations.remove_member(seat(structure, owner), by=owner),
        lambda: operations.change_role(seat(structure, owner), "editor", by=owner),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "last_owner"
    assert seat(structure, owner).role == "owner"
    operations.remove_member(seat(structure, gone), by=owner)
    join(structure, "owner")
    operations.remove_member(seat(structure, owner), by=owner)


def test_others_leave_a_structure_without_an_owner(left):
    reader = join(left, "reader")
    operations.remove_member(seat(left, reader), by=reader)
    assert not left.memberships.filter(user=reader).exists()


def test_a_structure_left_to_nobody_is_known(structure, left, administrator):
    StructureFactory()
    assert list(ownerless()) == [left]
    assert is_ownerless(left)
    operations.reactivate(owner_of(left), by=administrator)
    assert not ownerless().exists()
    assert not is_ownerless(left)


@pytest.mark.parametrize("role", ["editor", "reader", None])
def test_an_administrator_names_another_owner(structure, administrator, role):
    application, left = draft(structure=structure), structure
    operations.deactivate(owner_of(left), by=administrator)
    person = join(left, role) if role else UserFactory()
    membership = operations.name_owner(left, person, by=administrator, reason=WHY)
    assert (membership.role, left.memberships.filter(user=person).count()) == ("owner", 1)
    assert can(person, "accounts.manage_members", left)
    assert can(person, "calls.edit_submission", application)
    line = JournalEntry.objects.get(verb="name_owner")
    assert (line.subject_id, line.actor, line.reason) == (str(left.pk), administrator, WHY)
    (told,) = lines_told([line], lambda _line: screen_of(Structure), None)
    assert str(person) in str(told.act)


def test_everyone_of_the_structure_is_told_and_why(left, administrator):
    editor, person = join(left, "editor"), UserFactory(name="Camille")
    operations.name_owner(left, person, by=administrator, reason=WHY)
    told = Message.objects.filter(kind="accounts.owner_named")
    assert set(told.values_list("recipient", flat=True)) == {editor.pk, person.pk}
    for message in told:
        assert "Camille" in message.body
        assert WHY in message.body
        assert "Navette (démo)" in message.subject
        assert f"/espace/structures/{left.pk}/" in message.body


def test_nobody_else_names_and_nobody_themselves(left, administrator):
    for person in (AgentFactory(), join(left, "editor"), owner_of(left)):
        with pytest.raises(Forbidden):
            operations.name_owner(left, UserFactory(), by=person, reason=WHY)
    with pytest.raises(Conflict) as refused:
        operations.name_owner(left, administrator, by=administrator, reason=WHY)
    assert refused.value.code == "own_account"
    assert is_ownerless(left)


def test_an_owner_who_can_sign_in_names_others_themselves(structure, administrator):
    with pytest.raises(Conflict) as refused:
        operations.name_owner(structure, UserFactory(), by=administrator, reason=WHY)
    assert refused.value.code == "has_owner"
    assert structure.memberships.count() == 1


def test_the_reason_and_someone_who_can_sign_in_are_asked(left, administrator):
    with pytest.raises(Invalid) as refused:
        operations.name_owner(left, UserFactory(), by=administrator, reason=" ")
    assert refused.value.field == "reason"
    with pytest.raises(Invalid) as refused:
        operations.name_owner(left, UserFactory(is_active=False), by=administrator, reason=WHY)
    assert refused.value.field == "person"
    assert is_ownerless(left)


# --- The back office ---


def test_the_back_office_tells_what_a_deactivation_leaves_and_names_an_owner(client, structure, administrator):
    browser(client, administrator)
    owner, person = owner_of(structure), UserFactory()
    answer = act_on(client, User, "deactivate", owner)
    assert "Navette (démo)" in answer.context["notices"][0]
    page = client.get(address(Structure, "change", structure.pk))
    assert page.context["notices"]
    assert [act["url"] for act in page.context["acts"]] == [address(Structure, "act", structure.pk, "name_owner")]
    assert client.get(address(Structure, "list"), {"owner": "none"}).context["cl"].result_count == 1
    unknown = act_on(client, Structure, "name_owner", structure, person="nobody@demo.example", reason=WHY)
    assert unknown.status_code == 422
    assert unknown.context["form"].errors["person"]
    done = act_on(client, Structure, "name_owner", structure, person=f" {person.email.upper()} ", reason=WHY)
    assert done.status_code == 200
    assert seat(structure, person).role == "owner"
    assert not done.context["notices"]
    assert not done.context["acts"]
    assert not client.get(address(User, "change", owner.pk)).context["notices"]
    assert client.get(address(Structure, "list"), {"owner": "none"}).context["cl"].result_count == 0


def test_agents_who_manage_no_accounts_are_not_offered_it(client, left):
    agent = AgentFactory()
    join(left, "reader", agent)
    browser(client, agent)
    assert not client.get(address(Structure, "change", left.pk)).context["acts"]
    assert act_on(client, Structure, "name_owner", left, person=agent.email, reason=WHY).status_code == 403
    assert is_ownerless(left)


def test_nobody_deletes_a_person_so_no_structure_loses_one(client, structure, administrator):
    """An account's door is closed, never its row taken away: what cascades from it cascades for nobody."""
    screen, owner = screen_of(User), owner_of(structure)
    for person in (administrator, AgentFactory()):
        assert not screen.has_delete_permission(request_of(person, "POST"), owner)
    browser(client, administrator)
    assert client.post(address(User, "delete", owner.pk), {"post": "yes"}).status_code == 403
    ticked = {"action": "delete_selected", "_selected_action": [str(owner.pk)], "post": "yes"}
    client.post(address(User, "list"), ticked)
    assert owner_of(structure) == owner
