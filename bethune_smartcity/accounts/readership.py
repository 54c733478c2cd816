"""Who may read what this app's messages are about, as its pages say it, and until when an invitation leaves."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.readership import Key, Readers, register_readers, register_standing

from . import notices
from .inviting import acceptable
from .models import Invitation, Membership, User

PERSON, MOMENT = User._meta.pk, Message._meta.get_field("due_at")

OF_MEMBERS = Readers(
    Membership,
    Compiled(
        lambda user, about: Membership.objects.filter(pk=about, structure__memberships__user=user),
        user=PERSON,
        about=Membership._meta.pk,
    ),
)
"""Who acts for a structure reads who else does."""


def _shown(user: Any, about: Any, moment: Any) -> QuerySet[Invitation]:
    """The invitation of that key, for who may still answer it, or acts for its structure by now."""
    own = EmailAddress.objects.filter(user=user, verified=True).values(address=Lower("email"))
    mine = acceptable(Invitation.objects.filter(email__in=own), moment)
    acting = Membership.objects.filter(user=user, structure=OuterRef("structure"))
    return Invitation.objects.filter(Q(pk__in=mine.order_by().values("pk")) | Exists(acting), pk=about)


OF_INVITED = Readers(
    Invitation, Compiled(_shown, user=PERSON, about=Invitation._meta.pk, moment=Message._meta.get_field("due_at"))
)


def _acceptable(about: Any, moment: Any) -> QuerySet[Invitation]:
    """The invitation of that key, if it may still be accepted."""
    return acceptable(Invitation.objects.filter(pk=about), moment)


ACCEPTABLE = Compiled(_acceptable, about=Invitation._meta.pk, moment=MOMENT)


def _stands(moment: Any) -> Q:
    return Q(ACCEPTABLE.holds(about=Key(F("about_id"), model=Invitation), moment=moment))


def register() -> None:
    """Called when the portal starts."""
    register_readers([notices.JOINED, notices.OWNER_NAMED], OF_MEMBERS)
    register_readers([notices.INVITED], OF_INVITED)
    register_standing(notices.INVITED, _stands)
