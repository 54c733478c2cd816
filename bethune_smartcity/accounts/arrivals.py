"""Who came to act for structures, or came back to it, since an instant."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from .models import Membership


def arrived(seats: QuerySet[Membership], path: str, since: datetime) -> QuerySet[Membership, Any]:
    """Of `seats`, those taken since the aware instant `since`, or whose holder's account was opened again since.

    As tuples: what `path` finds, the key of the person, and since when they are there to be told.
    """
    reopened = F("user__reopened_at")
    here = Greatest(F("since"), Coalesce(reopened, F("since")))
    fresh = Q(since__gt=since) | Q(user__reopened_at__gt=since)
    return seats.filter(fresh, user__is_active=True).values_list(path, "user", here)
