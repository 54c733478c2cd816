"""Whom someone meets in the back office. Apps that bring people together say so, each for its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from .models import Invitation, Membership, Structure, User
from .rules import is_administrator

Keys = Callable[[Any], list[QuerySet[Any, Any]]]


@dataclass(frozen=True)
class Acquaintance:
    """One app's part: `people(user)` and `structures(user)` give sets of keys of those `user` meets there."""

    people: Keys
    structures: Keys


_acquaintances: dict[str, Acquaintance] = {}


def register_acquaintance(name: str, acquaintance: Acquaintance) -> None:
    """Add an app's part; the same name again replaces it."""
    _acquaintances[name] = acquaintance


def structures_met(user: Any) -> QuerySet[Structure]:
    """The structures `user` may list: their own and those they meet; all of them for who manages accounts."""
    if is_administrator(user):
        return Structure.objects.all()
    own = Membership.objects.filter(user=user).values("structure")
    met = [keys for each in _acquaintances.values() for keys in each.structures(user)]
    return Structure.objects.filter(_among([own, *met]))


def people_met(user: Any) -> QuerySet[User]:
    """The people `user` may list: themselves, members of the structures they meet, and others they meet."""
    if is_administrator(user):
        return User.objects.all()
    members = memberships_met(user).values("user")
    met = [members, *(keys for each in _acquaintances.values() for keys in each.people(user))]
    return User.objects.filter(Q(pk=user.pk) | _among(met))


def memberships_met(user: Any) -> QuerySet[Membership]:
    """Who belongs to the structures `user` may list."""
    if is_administrator(user):
        return Membership.objects.all()
    return Membership.objects.filter(structure__in=structures_met(user).values("pk"))


def invitations_met(user: Any) -> QuerySet[Invitation]:
    """Whom the structures that `user` may list invited."""
    if is_administrator(user):
        return Invitation.objects.all()
    return Invitation.objects.filter(structure__in=structures_met(user).values("pk"))


def _among(sets: list[QuerySet[Any, Any]]) -> Q:
    """The condition to be in one of `sets` of keys."""
    condition = Q(pk__in=[])
    for keys in sets:
        condition |= Q(pk__in=keys)
    return condition
