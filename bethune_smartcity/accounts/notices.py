"""What people are told about the structures they act for, or are asked to."""

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.notifications.kinds import Kind, Urgency, register_kind
from bethune_smartcity.notifications.operations import Mailbox, notify

from .models import Invitation, Membership, User

# Written in the reader's language: the text is made when the message is.
instant = lazy(wording.instant, str)

INVITED, JOINED, OWNER_NAMED = "accounts.invited", "accounts.joined", "accounts.owner_named"


def register_kinds() -> None:
    """Name the messages of this app; called when the portal starts."""
    register_kind(
        Kind(INVITED, _("Invitation into a structure"), template="accounts/emails/invited", urgency=Urgency.ACT)
    )
    register_kind(Kind(JOINED, _("Someone joined a structure"), template="accounts/emails/joined"))
    named = _("The city named an owner of a structure")
    register_kind(Kind(OWNER_NAMED, named, template="accounts/emails/owner_named"))


def invitation(made: Invitation) -> None:
    """Write to whom it asks: in their language, or in the inviter's where they have no account."""
    known = User.objects.filter(email__iexact=made.email, is_active=True).first()
    language = made.invited_by.language if made.invited_by else get_language() or "fr"
    notify(
        INVITED,
        subject=made,
        recipients=[known or Mailbox(made.email, language, "guest")],
        page="accounts:invitation",
        keys={"pk": made.pk},
        context={"expires": instant(made.expires_at)},
    )


def joined(membership: Membership) -> None:
    """Tell the owners who came in."""
    owners = User.objects.filter(
        memberships__structure=membership.structure, memberships__role=Membership.Role.OWNER, is_active=True
    ).exclude(pk=membership.user_id)
    notify(
        JOINED,
        subject=membership,
        recipients=owners,
        page="accounts:people",
        keys={"pk": membership.structure_id},
        step=str(membership.pk),
    )


def owner_named(membership: Membership, reason: str) -> None:
    """Tell everyone who acts for the structure whom the city made its owner, and why."""
    notify(
        OWNER_NAMED,
        subject=membership,
        recipients=User.objects.filter(memberships__structure=membership.structure, is_active=True),
        page="accounts:people",
        keys={"pk": membership.structure_id},
        step=str(clock.now().timestamp()),
        context={"reason": reason},
    )
