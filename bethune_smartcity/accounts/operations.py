"""Accounts, structures and their people."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.notifications.returning import give_back

from . import notices
from .enrolment import mail_enrolment
from .identity import checked
from .models import Membership, Structure, User
from .owners import active_owners, is_ownerless
from .uses import IDENTITY, follow, lock_of

# What makes a registration number right or wrong.
NUMBERED = frozenset({"kind", "country", "registration_number"})


@transaction.atomic
def found_structure(*, by: Any, **fields: Any) -> Structure:
    """Create a structure owned by `by`. `fields` are Structure's own columns. Returns it.

    Raises Forbidden, or Invalid for a number that its country does not give.
    """
    require(by, "accounts.found_structure")
    structure = Structure(**fields)
    _write_number(structure)
    structure.save()
    Membership.objects.create(user=by, structure=structure, role=Membership.Role.OWNER)
    record(structure, "found", by=by)
    return structure


def _write_number(structure: Structure) -> None:
    """Put the registration number as its country writes it."""
    structure.registration_number = checked(
        structure.registration_number, country=str(structure.country), kind=structure.kind
    )


@transaction.atomic
def add_member(structure: Structure, person: User, role: str, *, by: Any) -> Membership:
    """Give `person` a role in `structure`. Returns the membership. Raises Forbidden or Conflict."""
    require(by, "accounts.manage_members", structure)
    if role not in Membership.Role.values:
        raise Invalid("unknown_role", _("Choose a role."), field="role")
    membership, created = Membership.objects.get_or_create(user=person, structure=structure, defaults={"role": role})
    if not created:
        raise Conflict("already_member", _("This person is already a member."))
    record(structure, "add_member", by=by, data={"user": person.pk, "role": role})
    return membership


def _held(rows: models.QuerySet[Any]) -> set[Any]:
    """The keys of `rows`, held until the transaction ends: whoever counts them at the same instant counts after it."""
    return set(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: Any) -> Membership:
    """Give a member another role. Returns the membership.

    Raises Forbidden, Invalid (no such role) or Conflict (the last owner who can sign in stays one).
    """
    structure = membership.structure
    require(by, "accounts.change_role", membership)
    if role not in Membership.Role.values:
        raise Invalid("unknown_role", _("Choose a role."), field="role")
    if role != Membership.Role.OWNER:
        _check_an_owner_stays(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record(structure, "change_role", by=by, data={"user": membership.user_id, "role": role})
    return membership


def _check_an_owner_stays(membership: Membership) -> None:
    """Raise Conflict when nobody who can sign in would own the structure without `membership`."""
    owners = _held(membership.structure.memberships.filter(role=Membership.Role.OWNER))
    # Asked once they are held: who was deactivated until then does not count.
    if membership.pk not in owners or active_owners(membership.structure).exclude(pk=membership.pk).exists():
        return
    if owners == {membership.pk}:
        raise Conflict("last_owner", _("A structure keeps at least one owner."))
    raise Conflict("last_owner", _("No other owner can sign in: name another one first."))


@transaction.atomic
def remove_member(membership: Membership, *, by: Any) -> None:
    """Take a person out of a structure. The last owner who can sign in stays. Raises Forbidden or Conflict."""
    structure = membership.structure
    require(by, "accounts.end_membership", membership)
    _check_an_owner_stays(membership)
    record(structure, "remove_member", by=by, data={"user": membership.user_id})
    membership.delete()


@transaction.atomic
def name_owner(structure: Structure, person: User, *, by: Any, reason: str) -> Membership:
    """Make `person` the owner of a structure which nobody who can sign in owns; its people are told why. Returns the
    membership.

    Raises Forbidden, Invalid (no reason, someone who cannot sign in) or Conflict (oneself, an owner is there).
    """
    require(by, "accounts.name_owner", structure)
    if not reason.strip():
        raise Invalid("reason_missing", _("Give a reason."), field="reason")
    if person == by:
        raise Conflict("own_account", _("Ask another administrator to name you."), field="person")
    if not person.is_active:
        raise Invalid("closed_account", _("This account is deactivated: name someone who can sign in."), field="person")
    Structure.objects.select_for_update().get(pk=structure.pk)
    if not is_ownerless(structure):
        raise Conflict("has_owner", _("An owner of this structure can sign in: naming others is up to them."))
    owner = {"role": Membership.Role.OWNER}
    membership, _created = Membership.objects.update_or_create(user=person, structure=structure, defaults=owner)
    record(structure, "name_owner", by=by, reason=reason, data={"user": person.pk})
    notices.owner_named(membership, reason)
    return membership


@transaction.atomic
def enrol_agent(email: str, *, by: Any, administrator: bool = False) -> User:
    """An agent's account for `email`, new or already there. Returns the user. Raises Forbidden."""
    require(by, "accounts.manage_accounts")
    user, _created = User.objects.get_or_create(email=email.strip().lower())
    user.is_agent = True
    user.is_administrator = user.is_administrator or administrator
    if not user.password:
        user.set_unusable_password()
    user.save()
    record(user, "enrol_agent", by=by, data={"administrator": user.is_administrator})
    return user


@transaction.atomic
def edit_structure(structure: Structure, *, by: Any, **fields: Any) -> Structure:
    """Change a structure's own columns. Returns it.

    Raises Forbidden, Invalid for a number that its country does not give, or Conflict for its identity while an
    application made under it is judged.
    """
    require(by, "accounts.edit_structure", structure)
    kept = Structure.objects.get(pk=structure.pk)
    changed = {name for name, value in fields.items() if getattr(kept, name) != value}
    if changed & IDENTITY and (why := lock_of(structure)):
        raise Conflict("identity_judged", why, field=min(changed & IDENTITY))
    for name, value in fields.items():
        setattr(structure, name, value)
    if changed & NUMBERED:
        _write_number(structure)
    structure.save()
    follow(structure, by=by)
    record(structure, "edit", by=by, data={"fields": sorted(fields)})
    return structure


@transaction.atomic
def complete_enrolment(user: User, *, name: str, password: str) -> User:
    """Give an enrolled agent a name and a password. Whoever holds the link is trusted with the address. Returns it."""
    user.name = name
    user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    record(user, "complete_enrolment", by=user)
    return user


@transaction.atomic
def write_own_name(user: User, name: str, *, by: Any) -> User:
    """Write how `user` is called, where their account does not say it yet; a name already there stays.

    Returns the account. Raises Forbidden (somebody else), or Invalid at field `name`: none, too long, odd.
    """
    require(by, "accounts.write_own_name", user)
    written = _checked_name(name)
    if User.objects.filter(pk=user.pk, name="").update(name=written):
        record(user, "write_own_name", by=by)
    user.refresh_from_db(fields=["name"])
    return user


def _checked_name(name: str) -> str:
    """`name` as it is kept: one line. Raises Invalid at field `name`."""
    written = name.strip()
    if not written:
        raise Invalid("name_missing", _("Write your first and family name."), field="name")
    try:
        User._meta.get_field("name").run_validators(written)
    except ValidationError as error:
        raise Invalid("odd_name", error.messages[0], field="name") from error
    return written


def _check_someone_left(user: User) -> None:
    """Raise Conflict when nobody would administer the portal without `user`."""
    if _held(User.objects.filter(is_administrator=True, is_active=True)) == {user.pk}:
        raise Conflict("last_administrator", _("The portal keeps at least one administrator."))


@transaction.atomic
def deactivate(user: User, *, by: Any) -> User:
    """Close an account's door: its owner can no longer sign in; what they did stays. Returns it.

    A person may be gone for good: of a structure they were the last to own, another owner can be named (name_owner).
    Raises Forbidden or Conflict (one's own account, the last administrator).
    """
    require(by, "accounts.manage_accounts")
    if user == by:
        raise Conflict("own_account", _("Ask another administrator to close your own account."))
    _check_someone_left(user)
    return _set_role(user, "deactivate", by=by, is_active=False)


@transaction.atomic
def reactivate(user: User, *, by: Any) -> User:
    """Open an account's door again: what was withheld from it meanwhile, and still serves, leaves. Returns it. Raises
    Forbidden.
    """
    require(by, "accounts.manage_accounts")
    _set_role(user, "reactivate", by=by, is_active=True, reopened_at=clock.now())
    give_back(user)
    return user


@transaction.atomic
def dismiss_agent(user: User, *, by: Any) -> User:
    """Make an agent or administrator a citizen again; their rights on calls no longer work. Returns the account.

    Raises Forbidden or Conflict (the last administrator).
    """
    require(by, "accounts.manage_accounts")
    _check_someone_left(user)
    return _set_role(user, "dismiss_agent", by=by, is_agent=False, is_administrator=False)


def _set_role(user: User, verb: str, *, by: Any, **columns: Any) -> User:
    for name, value in columns.items():
        setattr(user, name, value)
    user.save(update_fields=list(columns))
    record(user, verb, by=by)
    return user


@transaction.atomic
def send_enrolment(user: User, *, by: Any) -> User:
    """Mail an agent the link on which they choose a password. Returns the account. Raises Forbidden or Conflict."""
    require(by, "accounts.manage_accounts")
    if not (user.is_agent and user.is_active):
        raise Conflict("not_an_agent", _("Only an agent of the city is sent this link."))
    record(user, "send_enrolment", by=by)
    transaction.on_commit(partial(mail_enrolment, user))
    return user
