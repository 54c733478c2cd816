"""The link of one's own calendar: made, renewed and withdrawn by its owner alone."""

from secrets import token_urlsafe
from typing import Any

from django.db import transaction

from bethune_smartcity.core import clock
from bethune_smartcity.portal.models import CalendarLink
from juries.operations.tokens import digest_of


@transaction.atomic
def renew(user: Any) -> str:
    """Give `user` a new link; the one they had opens nothing any more.

    Returns its secret, of which a digest alone is kept.
    """
    token = token_urlsafe(32)
    fresh = {"digest": digest_of(token), "made_at": clock.now(), "read_at": None}
    CalendarLink.objects.update_or_create(user=user, defaults=fresh)
    return token


def withdraw(user: Any) -> None:
    """Let the link of `user` open nothing any more; none had is no fault."""
    CalendarLink.objects.filter(user=user).delete()
