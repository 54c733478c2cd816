"""People who leave at one instant: somebody always stays in charge. People who invite at one instant: once."""

from contextlib import suppress

from django.db import IntegrityError

from bethune_smartcity.accounts import inviting, operations
from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.errors import Conflict, DomainError
from tests.factories.accounts import AgentFactory, StructureFactory, join
from tests.racing import meet_before, racing, together

pytestmark = racing


def test_two_owners_who_leave_at_once_leave_one(guarded, monkeypatch):
    structure = StructureFactory()
    join(structure, "owner")
    meet_before(monkeypatch, operations, "record")

    def leaving(membership):
        return lambda: operations.remove_member(membership, by=membership.user)

    came_to = together(*map(leaving, Membership.objects.select_related("user", "structure")))
    assert structure.memberships.count() == sum(isinstance(result, DomainError) for result in came_to) == int(guarded)


def test_two_owners_who_invite_one_address_at_once_are_told_so(guarded, monkeypatch):
    structure = StructureFactory()
    join(structure, "owner")
    meet_before(monkeypatch, inviting, "_check_pace")

    def inviting_as(owner):
        def act():
            with suppress(IntegrityError):  # what stands last, should nobody be held
                return inviting.invite(structure, "colleague@startup.example", "reader", by=owner)

        return act

    came_to = together(*map(inviting_as, User.objects.filter(memberships__structure=structure)))
    assert structure.invitations.count() == 1
    assert sum(isinstance(result, Conflict) for result in came_to) == int(guarded)


def removing(act, agents):
    """Each of two administrators does `act` to the other."""
    one, other = (User.objects.get(pk=agent.pk) for agent in agents)
    return [lambda: act(other, by=one), lambda: act(one, by=other)]


def test_two_administrators_who_dismiss_each_other_at_once_leave_one(guarded, monkeypatch):
    meet_before(monkeypatch, operations, "_set_role")
    agents = AgentFactory.create_batch(2, is_administrator=True)
    together(*removing(operations.dismiss_agent, agents))
    assert User.objects.filter(is_administrator=True, is_active=True).count() == int(guarded)


def test_two_administrators_who_shut_each_other_out_at_once_leave_one(guarded, monkeypatch):
    meet_before(monkeypatch, operations, "_set_role")
    agents = AgentFactory.create_batch(2, is_administrator=True)
    together(*removing(operations.deactivate, agents))
    assert User.objects.filter(is_administrator=True, is_active=True).count() == int(guarded)
