"""Messages that failed, and those that wait for their instant, as the first page counts them: read once for both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message

DAYS = 30
State = Message.State


@dataclass(frozen=True)
class Outgoing:
    """So many messages of a kind in a state, due on a day in Paris; the first of them was written at `since`."""

    state: str
    kind: str
    day: date
    count: int
    since: datetime


def outgoing(messages: QuerySet[Message], moment: datetime) -> list[Outgoing]:
    """Those of `messages` that failed, or leave within DAYS of the aware instant `moment`. One statement."""
    waiting = Q(state=State.PENDING, due_at__gt=moment, due_at__lt=moment + timedelta(days=DAYS))
    found = messages.filter(waiting | Q(state=State.FAILED)).annotate(day=TruncDate("due_at", tzinfo=clock.PARIS))
    rows = found.order_by().values_list("state", "kind", "day").annotate(n=Count("pk"), since=Min("created_at"))
    return [Outgoing(*row) for row in rows]


def in_state(found: Iterable[Outgoing], state: str) -> list[Outgoing]:
    return [one for one in found if one.state == state]
