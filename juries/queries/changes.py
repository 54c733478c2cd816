"""When what the public reads of juries and votes changes by itself."""

from collections.abc import Iterator
from datetime import datetime

from bethune_smartcity.core.changes import dates_in
from juries.models import Award, Panel, PublicVote

VOTE_DATES = ("opens_at", "closes_at", "counted_at", "disclosed_at")


def changes(after: datetime, until: datetime) -> Iterator[datetime]:
    """The hours of publications and votes after `after` and not after `until`. Three statements."""
    yield from dates_in(Panel.objects.all(), ("publish_at",), after, until)
    yield from dates_in(Award.objects.all(), ("publish_at",), after, until)
    yield from dates_in(PublicVote.objects.all(), VOTE_DATES, after, until)
