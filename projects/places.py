"""Where a person stands towards projects: member, mentor, partner's contact, agent who follows.

Lists and permissions are both made of these, so that they cannot disagree.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery

from bethune_smartcity.accounts.models import Membership, Partner
from bethune_smartcity.accounts.rules import is_agent, is_signed_in
from calls.models import CallAgent

from .models import Project

EDITORS = (Membership.Role.OWNER, Membership.Role.EDITOR)


def seats_of(user: Any) -> Any:
    """The membership of `user` in the structure of the project at hand."""
    return Membership.objects.filter(structure=OuterRef("structure"), user=user.pk)


def mentored_by(user: Any) -> Exists:
    return Exists(Project.mentors.through.objects.filter(project=OuterRef("pk"), user=user.pk))


def partnered_by(user: Any) -> Exists:
    """`user` is a contact of a partner who carries the project's call with the city."""
    return Exists(Partner.objects.filter(calls=OuterRef("award__call"), contacts=user.pk))


def followed_by(user: Any) -> Q:
    """`user` is an agent whose right covers the project's call; any agent when the city leads the project itself."""
    if not is_agent(user):
        return Q(pk__in=[])
    rights = CallAgent.objects.filter(call=OuterRef("award__call"), user=user.pk, right=CallAgent.Right.FOLLOW)
    return Q(award__isnull=True) | Q(Exists(rights))


def taken_part_in_by(user: Any) -> Q:
    """A project of a structure of `user`, mentored by them, or of a call their company carries with the city."""
    if not is_signed_in(user):
        return Q(pk__in=[])
    return Q(Exists(seats_of(user))) | Q(mentored_by(user)) | Q(partnered_by(user))


@dataclass(frozen=True)
class Place:
    """What one person is to one project. An agent who belongs to the structure is its member and runs nothing."""

    role: str = ""
    mentors: bool = False
    partners: bool = False
    follows: bool = False

    @property
    def is_inside(self) -> bool:
        return bool(self.role) or self.mentors or self.partners or self.follows

    @property
    def edits(self) -> bool:
        return self.role in EDITORS

    @property
    def runs(self) -> bool:
        return self.follows and not self.role


NOWHERE = Place()


def place_of(user: Any, project: Project | None) -> Place:
    """The place of `user` at `project`, read in one statement."""
    if project is None or not is_signed_in(user):
        return NOWHERE
    facts = Project.objects.filter(pk=project.pk).values_list(
        Subquery(seats_of(user).values("role")[:1]),
        mentored_by(user),
        partnered_by(user),
        ExpressionWrapper(followed_by(user), BooleanField()),
    )
    role, mentors, partners, follows = facts.get()
    return Place(role or "", mentors, partners, bool(follows))
