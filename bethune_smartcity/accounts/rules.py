"""Who may do what with accounts, structures and the city's own record."""

from typing import Any

import rules
from allauth.account.models import EmailAddress

from .models import Invitation, Membership, Structure, User


@rules.predicate
def is_agent(user: Any) -> bool:
    return bool(getattr(user, "is_active", False) and getattr(user, "is_agent", False))


@rules.predicate
def is_administrator(user: Any) -> bool:
    return bool(getattr(user, "is_active", False) and getattr(user, "is_administrator", False))


@rules.predicate
def is_signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_active", False) and user.is_authenticated)


def role_in(user: Any, structure: Structure | None) -> str:
    """The role of `user` in `structure`, empty when there is none."""
    if structure is None or not getattr(user, "pk", None):
        return ""
    membership = Membership.objects.filter(user=user, structure=structure).only("role").first()
    return membership.role if membership else ""


@rules.predicate
def is_member(user: Any, structure: Structure | None) -> bool:
    return bool(role_in(user, structure))


@rules.predicate
def is_editor(user: Any, structure: Structure | None) -> bool:
    return role_in(user, structure) in {Membership.Role.OWNER, Membership.Role.EDITOR}


@rules.predicate
def is_owner(user: Any, structure: Structure | None) -> bool:
    return role_in(user, structure) == Membership.Role.OWNER


def addresses_of(user: Any) -> set[str]:
    """The addresses which `user` proved to read."""
    proven = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return {address.lower() for address in proven.values_list("email", flat=True)}


@rules.predicate
def is_invited(user: Any, invitation: Invitation | None) -> bool:
    return invitation is not None and bool(getattr(user, "pk", None)) and invitation.email in addresses_of(user)


@rules.predicate
def owns_its_structure(user: Any, row: Invitation | Membership | None) -> bool:
    return row is not None and role_in(user, row.structure) == Membership.Role.OWNER


@rules.predicate
def is_oneself(user: Any, membership: Membership | None) -> bool:
    return membership is not None and membership.user == user


@rules.predicate
def is_own_account(user: Any, account: User | None) -> bool:
    return account is not None and is_signed_in(user) and user.pk == account.pk


rules.add_perm("accounts.manage_accounts", is_administrator)
rules.add_perm("accounts.see_accounts", is_administrator | is_agent)
rules.add_perm("accounts.manage_city", is_administrator)
rules.add_perm("accounts.manage_partners", is_administrator)
rules.add_perm("accounts.use_back_office", is_agent | is_administrator)
rules.add_perm("accounts.move_demo_clock", is_agent)
rules.add_perm("accounts.found_structure", is_signed_in)
rules.add_perm("accounts.edit_structure", is_editor | is_administrator)
rules.add_perm("accounts.write_own_name", is_own_account)
rules.add_perm("accounts.see_members", is_member)
rules.add_perm("accounts.manage_members", is_owner)
rules.add_perm("accounts.answer_invitation", is_invited)
rules.add_perm("accounts.withdraw_invitation", owns_its_structure)
rules.add_perm("accounts.name_owner", is_administrator)
rules.add_perm("accounts.change_role", owns_its_structure)
rules.add_perm("accounts.end_membership", owns_its_structure | is_oneself)

# Apps to the left know nobody; who opens their screens is said here.
rules.add_perm("lifecycle.see_journal", is_agent | is_administrator)
rules.add_perm("notifications.see_messages", is_agent | is_administrator)
rules.add_perm("notifications.manage_messages", is_agent | is_administrator)
rules.add_perm("notifications.see_plan", is_agent)
rules.add_perm("notifications.watch_delivery", is_administrator)
