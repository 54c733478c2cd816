"""The instants a demonstration may be moved to, read off the open call's own dates."""

from datetime import datetime, timedelta

from bethune_smartcity.core import clock
from calls.models import Call
from juries.models import Panel, PublicVote, Slot

# The call that the demonstration lets people walk through.
WALKED = "mobilite"
# What is expected of a call that has not said: days after the close.
READING = timedelta(days=21)
FINALE = timedelta(days=50)
PUBLICATION = timedelta(days=10)
LATER = timedelta(days=182)


def walked_call() -> Call | None:
    """The demonstration's open call; should it be gone, the latest call that is not archived."""
    calls = Call.objects.filter(announced_at__isnull=False)
    return calls.filter(slug=WALKED).first() or calls.filter(archived_at__isnull=True).order_by("-opens_at").first()


def moments_of(call: Call | None) -> dict[str, datetime]:
    """The instants of `call` by their code in `core.demo.MOMENTS`, each after the one before; empty without a call.

    The present is not among them: it is nobody's date.
    """
    if call is None:
        return {}
    close = call.closes_at + timedelta(hours=1)
    reading = max(close + timedelta(hours=1), _sheets_due(call) - timedelta(hours=2))
    finale = max(reading + timedelta(days=1), _finale(call))
    publication = max(finale + timedelta(hours=1), _publication(call, finale))
    return {
        "after-close": close,
        "reading-due": reading,
        "finale-day": finale,
        "publication": publication,
        "in-six-months": publication + LATER,
    }


def _sheets_due(call: Call) -> datetime:
    panel = Panel.objects.filter(call=call, stage=Panel.Stage.READING).first()
    return (panel and panel.due_at) or call.screening_until or call.closes_at + READING


def _finale(call: Call) -> datetime:
    slot = Slot.objects.filter(panel__call=call, panel__stage=Panel.Stage.FINALE).order_by("starts_at").first()
    if slot:
        return slot.starts_at - timedelta(minutes=30)
    vote = PublicVote.objects.filter(call=call).first()
    return vote.opens_at if vote else _morning(call.closes_at + FINALE)


def _publication(call: Call, finale: datetime) -> datetime:
    return (call.results_at or _morning(finale + PUBLICATION)) + timedelta(minutes=5)


def _morning(moment: datetime) -> datetime:
    return clock.start_of(moment.astimezone(clock.PARIS).date()) + timedelta(hours=9)
