"""The ladders of a jury: each juror is told how many sheets they have still to hand in, before and after the date."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.models import User
from bethune_smartcity.lifecycle.history import last_time
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import gathering
from bethune_smartcity.notifications.planners import so_many
from bethune_smartcity.notifications.rungs import Rung
from bethune_smartcity.notifications.serving import at_their_date, standing
from calls.ladders import LOOKED_BACK, Dated, Due, Ladder, Target
from calls.models import Call
from calls.queries import in_brief
from juries import notices
from juries.left_to_read import to_read
from juries.models import Assignment, Juror, Panel
from juries.queries.organised import organised_calls
from juries.queries.panels import unfinished
from juries.workflow import PanelState


def _dated(calls: QuerySet[Call], since: Any) -> QuerySet[Panel]:
    dated = Panel.objects.filter(Q(due_at__gt=since) | Q(deck_due_at__gt=since), call__in=calls)
    running = dated.exclude(state=PanelState.PROCLAIMED).select_related("call")
    return in_brief(running, "call__").annotate(opened_at=last_time(Panel, "open"), made_at=last_time(Panel, "create"))


DATED = Dated(_dated, Panel._meta.get_field("due_at"))
"""The panels whose sheets are due on a day, or their decks: one read for the ladders of both."""


def is_of_late(date: datetime | None, moment: datetime) -> bool:
    """Whether there is a date, and it is not past for long at the aware instant `moment`."""
    return date is not None and date > moment - LOOKED_BACK


def targets(stage: str, panels: list[Any], moment: datetime) -> list[Target]:
    """The dates of those of `panels`, of DATED, that are of that stage, as at the aware instant `moment`."""
    return [target_of(panel) for panel in panels if panel.stage == stage and is_of_late(panel.due_at, moment)]


def target_of(panel: Any) -> Target:
    """The date of a panel read with when it opened; one in preparation has not begun, one that is locked is over."""
    begun = panel.state != PanelState.PREPARATION
    since = (panel.opened_at or panel.call.opens_at) if begun else None
    return Target(panel.call, panel, panel.due_at, since, is_over=begun and panel.state != PanelState.OPEN)


def lacking(panels: Collection[Any] | QuerySet[Any, Any]) -> QuerySet[Assignment, Any]:
    """The readings of those panels that are still expected: in a finale, of those who are present."""
    present = Juror.objects.filter(panel=OuterRef("juror__panel"), has_voice=True, is_present=True)
    awaited = Q(juror__is_present=True) | ~Exists(present) | ~Q(juror__panel__stage=Panel.Stage.FINALE)
    asked = Assignment.objects.free().lasting().filter(juror__panel__in=panels, juror__has_voice=True)
    return unfinished(asked).filter(awaited, juror__user__is_active=True).order_by()


def jurors_by_panel(aimed: Collection[Target]) -> dict[Any, int]:
    """How many jurors of each panel have sheets to hand in, by its place. One statement."""
    places = {target.subject.pk: target.place for target in aimed}
    rows = lacking(places).values_list("juror__panel").annotate(n=Count("juror", distinct=True))
    return {places[panel]: n for panel, n in rows}


def words_of_jurors(count: int) -> str:
    return so_many(count, ngettext("%(n)d juror", "%(n)d jurors", count) % {"n": count})


def write_left(due: Due) -> int:
    """Write a step to the jurors who had something to read before it came due. Returns how many messages."""
    panel = due.target.subject
    if due.after is not None or not isinstance(panel, Panel):
        return 0
    readings = to_read(lacking([panel.pk]))
    begun = {user for user, rows in readings.items() if min(row.given_at for row in rows) <= due.at}
    readers = User.objects.filter(pk__in=begun).order_by("pk")
    with gathering():
        left = {user: readings[user.pk] for user in readers}
        return notices.sheets_left(panel, due.step, left, is_late=due.moment >= due.target.anchor)


def sheets_still_due(messages: list[Message]) -> set[int]:
    """The keys of those of `messages`, about panels, whose juror has sheets left for the date they say.

    Two statements.
    """
    panels = Panel.objects.filter(pk__in={message.about_id for message in messages}, state=PanelState.OPEN)
    dues = {str(pk): due_at for pk, due_at in panels.values_list("pk", "due_at")}
    left = {(str(panel), user) for panel, user in lacking(set(dues)).values_list("juror__panel", "juror__user")}
    asked = [message for message in messages if (message.about_id, message.recipient_id) in left]
    return at_their_date(dues, asked)


def nudged_still_late(messages: list[Message]) -> set[int]:
    """The keys of those of `messages`, about seats, whose juror has sheets left on an open panel. One statement."""
    seats = {int(message.about_id) for message in messages}
    open_panels = Panel.objects.filter(jurors__in=seats, state=PanelState.OPEN).values("pk")
    return standing(lacking(open_panels).filter(juror__in=seats).values_list("juror", flat=True), messages)


def text_of(rung: Rung) -> str:
    """The key of the text of a rung: the date itself tells that it is past."""
    return f"{notices.REMINDER}.{'late' if rung.amount >= 0 else 'before'}"


def _ladder(stage: str, title: Any) -> Ladder:
    return Ladder(
        name=f"juries.{stage}",
        kind=notices.REMINDER,
        title=title,
        told=_("Each juror is told how many sheets are left, with a link to their room."),
        before=_("%(length)s before the sheets are due"),
        upon=_("when the sheets are due"),
        after=_("%(length)s after the sheets were due"),
        defaults=(Rung(-3), Rung(-1), Rung(1)),
        permission="juries.create_panel",
        seen="juries.create_panel",
        seen_by=organised_calls,
        run_by=organised_calls,
        dated=DATED,
        targets=partial(targets, stage),
        counts=jurors_by_panel,
        people=words_of_jurors,
        write=write_left,
        text=text_of,
    )


READING = _ladder(Panel.Stage.READING.value, _("Jurors of the reading"))
FINALE = _ladder(Panel.Stage.FINALE.value, _("Jurors of the finale"))
