"""Who may do what with accounts, structures and the city's own record."""

from typing import Any

import rules

from .models import Membership, Structure


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


rules.add_perm("accounts.manage_accounts", is_administrator)
rules.add_perm("accounts.see_accounts", is_administrator | is_agent)
rules.add_perm("accounts.manage_city", is_administrator)
rules.add_perm("accounts.manage_partners", is_administrator)
rules.add_perm("accounts.use_back_office", is_agent | is_administrator)
rules.add_perm("accounts.move_demo_clock", is_agent)
rules.add_perm("accounts.found_structure", is_signed_in)
rules.add_perm("accounts.edit_structure", is_editor | is_administrator)
rules.add_perm("accounts.manage_members", is_owner)

# Apps to the left know nobody; who opens their screens is said here.
rules.add_perm("lifecycle.see_journal", is_agent | is_administrator)
rules.add_perm("notifications.see_messages", is_agent | is_administrator)
rules.add_perm("notifications.manage_messages", is_agent | is_administrator)
rules.add_perm("notifications.watch_delivery", is_administrator)
