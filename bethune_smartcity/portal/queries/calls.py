"""Which call the home page speaks of first, and which it tells in figures."""

from datetime import datetime
from itertools import chain

from calls.models import Call
from calls.phases import Phase, phase_at
from calls.queries import PublicCalls
from juries.models import PublicVote


def current_call(calls: PublicCalls, moment: datetime) -> Call | None:
    """The call people can act on first: an open one, else a coming, a judged, a published one; no archived one."""
    published = (call for call in calls.past if phase_at(call, moment) == Phase.PUBLISHED)
    return next(chain(calls.open, calls.coming, calls.judged, published), None)


def open_vote(call: Call | None, moment: datetime) -> PublicVote | None:
    """The public vote of a call in its jury's hands, when one may vote at the aware instant `moment`."""
    if call is None or phase_at(call, moment) != Phase.CLOSED:
        return None
    return PublicVote.objects.filter(call=call, opens_at__lte=moment, closes_at__gt=moment).first()


def told_call(calls: PublicCalls, moment: datetime) -> Call | None:
    """The latest call whose results are public: the one told in figures."""
    told = [call for call in calls.past if call.results_at is not None and call.results_at <= moment]
    return max(told, key=lambda call: call.results_at) if told else None
