"""Bringing people into a structure: by their address, for a time, answered once by whoever reads that address."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid, TooOften
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.lifecycle.moves import move, record
from bethune_smartcity.notifications.forgetting import GONE
from bethune_smartcity.notifications.models import Message

from . import notices
from .models import Invitation, Membership, Structure
from .rules import addresses_of
from .workflow import InvitationState

LIFETIME = timedelta(days=14)
OVER = "invitation_over"
# After its end, how long one can still be told what became of it.
KEPT = timedelta(days=30)
# What one person may send in a day: the portal mails strangers on their word.
A_DAY, DAY = 30, timedelta(days=1)
# What one address may be asked, by anyone.
A_WEEK_TO_ONE, WEEK = 3, timedelta(days=7)


def unanswered(rows: QuerySet[Invitation], moment: Any) -> QuerySet[Invitation]:
    """Those of `rows` that may still be answered at a moment (or the slot of one)."""
    return rows.filter(state=InvitationState.PENDING, expires_at__gt=moment)


def acceptable(rows: QuerySet[Invitation], moment: Any) -> QuerySet[Invitation]:
    """Those of `rows` that may be accepted at a moment (or the slot of one): unanswered, and whoever made them still
    manages the structure's people. The page, the act and the message that leaves ask this.
    """
    managing = {"role": Membership.Role.OWNER, "user__is_active": True}
    owners = Membership.objects.filter(structure=OuterRef("structure"), user=OuterRef("invited_by"), **managing)
    return unanswered(rows.filter(Exists(owners)), moment)


def stands(invitation: Invitation) -> bool:
    """Whether `invitation` may still be accepted."""
    return acceptable(Invitation.objects.filter(pk=invitation.pk), clock.now()).exists()


def open_invitations(structure: Structure) -> QuerySet[Invitation]:
    """The invitations of `structure` that may still be answered, the newest first."""
    return unanswered(structure.invitations.all(), clock.now())


def sent_to(user: Any) -> QuerySet[Invitation]:
    """The unanswered invitations to addresses that `user` proved to read, those among them that fell included."""
    mine = Invitation.objects.filter(email__in=addresses_of(user)).select_related("structure", "invited_by")
    return unanswered(mine, clock.now())


def invitations_to(user: Any) -> QuerySet[Invitation]:
    """The invitations `user` may answer."""
    return acceptable(sent_to(user), clock.now())


def joined_by(user: Any, pk: Any) -> Structure | None:
    """The structure of an invitation to an address of `user` who acts for it already; None otherwise. One statement."""
    mine = Structure.objects.filter(invitations__in=Invitation.objects.filter(pk=pk, email__in=addresses_of(user)))
    return mine.filter(people=user).first()


@transaction.atomic
def invite(structure: Structure, address: str, role: str, *, by: Any) -> Invitation:
    """Ask whoever reads `address` to act for `structure` in `role`; they are written to. Returns the invitation.

    Raises Forbidden, Invalid (address, role), Conflict (a member, or invited already) or TooOften (30 a day by one
    person, 3 a week to one address).
    """
    require(by, "accounts.manage_members", structure)
    address = checked_address(address)
    if role not in Membership.Role.values:
        raise Invalid("unknown_role", _("Choose a role."), field="role")
    Structure.objects.select_for_update().get(pk=structure.pk)
    _check_not_in(structure, address)
    _check_pace(by)
    _check_peace(address)
    invitation = Invitation.objects.create(
        structure=structure, email=address, role=role, invited_by=by, expires_at=clock.now() + LIFETIME
    )
    record(structure, "invite", by=by, data={"role": role})
    notices.invitation(invitation)
    return invitation


def checked_address(typed: str, *, field: str = "address") -> str:
    """The address as it is kept. Raises Invalid, at `field`, for what is none."""
    address = typed.strip().lower()
    try:
        validate_email(address)
        MaxLengthValidator(254)(address)
    except ValidationError as error:
        raise Invalid("bad_address", _("Enter an address such as name@company.example."), field=field) from error
    return address


def _check_not_in(structure: Structure, address: str) -> None:
    """Raise Conflict for a member or someone invited; an invitation whose time is over makes room."""
    if structure.people.filter(email__iexact=address).exists():
        raise Conflict("already_member", _("This person is already a member."), field="address")
    former = structure.invitations.filter(email=address, state=InvitationState.PENDING).first()
    if former is None:
        return
    if former.expires_at > clock.now():
        raise Conflict("already_invited", _("This address is invited already."), field="address")
    former.delete()


def _check_pace(person: Any) -> None:
    moment = clock.now()
    lately = Invitation.objects.filter(invited_by=person, made_at__gt=moment - DAY).order_by("-made_at")
    oldest = lately.values_list("made_at", flat=True)[A_DAY - 1 : A_DAY].first()
    if oldest is not None:
        wait = int((oldest + DAY - moment).total_seconds()) + 1
        raise TooOften("too_many_invitations", _("You sent many invitations today: go on tomorrow."), retry_after=wait)


def _check_peace(address: str) -> None:
    """Raise TooOften for an address that was asked again and again, by whomever, whatever it answered."""
    moment = clock.now()
    lately = Invitation.objects.filter(email=address, made_at__gt=moment - WEEK).order_by("-made_at")
    oldest = lately.values_list("made_at", flat=True)[A_WEEK_TO_ONE - 1 : A_WEEK_TO_ONE].first()
    if oldest is not None:
        wait = int((oldest + WEEK - moment).total_seconds()) + 1
        sentence = _("This address was invited several times lately: let it answer, or ask in another way.")
        raise TooOften("too_many_to_one", sentence, retry_after=wait, field="address")


@transaction.atomic
def accept(invitation: Invitation, *, by: Any) -> Membership:
    """Act for the structure from now on. Whoever was given a role there meanwhile keeps it. Returns the membership.

    Raises Forbidden (not to an address of theirs) or Conflict (answered, withdrawn, too late, or made by someone who
    no longer manages the structure's people).
    """
    move(invitation, "accept", by=by, guard=check_stands, closed_at=clock.now())
    structure = invitation.structure
    membership, created = Membership.objects.get_or_create(
        user=by, structure=structure, defaults={"role": invitation.role}
    )
    if created:
        record(structure, "join", by=by, data={"role": membership.role})
        notices.joined(membership)
    return membership


def decline(invitation: Invitation, *, by: Any) -> Invitation:
    """Say no. Returns the invitation. Raises Forbidden or Conflict."""
    return move(invitation, "decline", by=by, guard=_check_in_time, closed_at=clock.now())


def withdraw(invitation: Invitation, *, by: Any) -> Invitation:
    """Take an open invitation back. Returns it. Raises Forbidden or Conflict."""
    return move(invitation, "withdraw", by=by, guard=_check_in_time, closed_at=clock.now())


def check_stands(invitation: Invitation) -> None:
    """What was offered by someone who could give it stands as long as they can. Raises Conflict when it fell, or its
    time is over.
    """
    if not stands(invitation):
        raise Conflict(OVER, _("This invitation is over: ask for another one."))


def _check_in_time(invitation: Invitation) -> None:
    if invitation.expires_at <= clock.now():
        raise Conflict(OVER, _("This invitation is over: ask for another one."))


def _ended(until: Any) -> QuerySet[Invitation]:
    return Invitation.objects.filter(Q(closed_at__lte=until) | Q(closed_at__isnull=True, expires_at__lte=until))


def _mailed(until: Any) -> QuerySet[Message]:
    mailed = Message.objects.filter(kind=notices.INVITED, recipient__isnull=True, state__in=GONE)
    return mailed.filter(due_at__lte=until)


ENDED, MAILED = (Compiled(build, until=Message._meta.get_field("due_at")) for build in (_ended, _mailed))


def forget(until: datetime) -> int:
    """Delete, at the aware instant `until`, invitations that ended a month before, and what was mailed for them to
    addresses without an account. Returns 0: nothing is written.
    """
    ENDED.delete(until=until - KEPT)
    MAILED.delete(until=until - LIFETIME - KEPT)
    return 0
