"""Who owns a structure and can sign in; and the structures that nobody owns so."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Membership, Structure

ACTIVE = Q(role=Membership.Role.OWNER, user__is_active=True)


def active_owners(structure: Structure) -> QuerySet[Membership]:
    """The seats of those who own `structure` and can sign in."""
    return structure.memberships.filter(ACTIVE)


def is_ownerless(structure: Structure) -> bool:
    """Whether nobody who can sign in owns `structure`."""
    return not active_owners(structure).exists()


def ownerless() -> QuerySet[Structure]:
    """The structures which nobody who can sign in owns."""
    return Structure.objects.filter(~Exists(Membership.objects.filter(ACTIVE, structure=OuterRef("pk"))))
