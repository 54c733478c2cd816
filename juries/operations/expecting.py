"""The ladder of finalists: each is reminded of what is still awaited, an answer or a deck, before the date."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import gathering
from bethune_smartcity.notifications.planners import so_many
from bethune_smartcity.notifications.rungs import Rung
from calls.ladders import Due, Ladder, Target
from calls.models import Submission
from juries import notices
from juries.models import Panel
from juries.queries.attendance import ANSWERED_IN, still_expected
from juries.queries.organised import organised_calls

from .reminders import DATED, is_of_late


def targets(panels: list[Any], moment: datetime) -> list[Target]:
    """The dates at which decks are due of those of `panels`, of DATED, that are finales, as at the aware instant
    `moment`."""
    finales = (panel for panel in panels if panel.stage == Panel.Stage.FINALE)
    return [_target(panel, moment) for panel in finales if is_of_late(panel.deck_due_at, moment)]


def _target(panel: Any, moment: datetime) -> Target:
    due_at = panel.deck_due_at
    is_over = due_at <= moment or panel.state not in ANSWERED_IN
    return Target(panel.call, panel, due_at, panel.made_at or panel.call.opens_at, is_over)


def finalists_by_panel(aimed: Collection[Target]) -> dict[Any, int]:
    """From how many finalists of each finale something is still awaited, by its place. One statement."""
    places = {target.subject.pk: target.place for target in aimed}
    awaited = finales_of(still_expected(places, clock.now()))
    counts = Counter(awaited.values())
    return {places[panel]: n for panel, n in counts.items()}


def finales_of(finalists: QuerySet[Submission, Any]) -> dict[Any, Any]:
    """The panel of each of `finalists`, by their keys. One statement."""
    return dict(finalists.order_by().values_list("pk", "call__panels"))


def words_of_finalists(count: int) -> str:
    return so_many(count, ngettext("%(n)d finalist", "%(n)d finalists", count) % {"n": count})


def write_expected(due: Due) -> int:
    """Write a step to the finalists who knew that they were before it came due. Returns how many messages."""
    panel = due.target.subject
    if due.after is not None or not isinstance(panel, Panel):
        return 0
    finalists = still_expected([panel.pk], due.at).select_related("call").order_by("number")
    with gathering():
        return sum(notices.finalist_reminded(panel, one, due.step) for one in finalists)


def still_awaited(messages: list[Message]) -> set[int]:
    """The keys of those of `messages`, about finalists, that still serve: something is awaited by the date they say.

    Two statements.
    """
    about = {UUID(message.about_id) for message in messages}
    panels = Panel.objects.filter(
        call__submissions__pk__in=about, stage=Panel.Stage.FINALE, state__in=ANSWERED_IN
    ).distinct()
    dues = {panel.pk: panel.deck_due_at for panel in panels}
    found = finales_of(still_expected(dues, clock.now()).filter(pk__in=about))
    waiting = {str(pk): dues[panel] for pk, panel in found.items()}
    return {
        message.pk
        for message in messages
        if message.about_id in waiting and message.expires_at in (None, waiting[message.about_id])
    }


FINALISTS = Ladder(
    name="juries.finalists",
    kind=notices.EXPECTED,
    title=_("Finalists"),
    told=_("Each finalist is told what is still awaited: the answer, or the deck."),
    before=_("%(length)s before the decks are due"),
    upon="",
    after="",
    defaults=(Rung(-7), Rung(-2)),
    permission="juries.create_panel",
    seen="juries.create_panel",
    seen_by=organised_calls,
    run_by=organised_calls,
    dated=DATED,
    targets=targets,
    counts=finalists_by_panel,
    people=words_of_finalists,
    write=write_expected,
)
