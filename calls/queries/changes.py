"""When what the public reads of calls changes by itself."""

from collections.abc import Iterator
from datetime import datetime

from bethune_smartcity.core.changes import dates_in
from calls.models import Call, CallDate

DATES = (
    "announced_at",
    "opens_at",
    "closes_at",
    "questions_until",
    "screening_until",
    "results_at",
    "archived_at",
)


def changes(after: datetime, until: datetime) -> Iterator[datetime]:
    """The dates of calls and of their calendars, ends of steps included, after `after` and not after `until`.

    Two statements.
    """
    yield from dates_in(Call.objects.all(), DATES, after, until)
    yield from dates_in(CallDate.objects.filter(with_time=True), ("at", "ends_at"), after, until)
