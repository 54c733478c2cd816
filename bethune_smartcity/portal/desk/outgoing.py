"""Messages that failed, as the first page counts them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from bethune_smartcity.notifications.models import Message


@dataclass(frozen=True)
class Failed:
    """So many messages that failed; the first of them was written at `since`, None without any."""

    count: int
    since: datetime | None


def failed(messages: QuerySet[Message]) -> Failed:
    """Those of `messages` that failed. One statement."""
    found = messages.filter(state=Message.State.FAILED).order_by().aggregate(n=Count("pk"), since=Min("created_at"))
    return Failed(found["n"], found["since"])
