"""The dates of a person's pitches and of the juries they sit on or organise, for their own calendar."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.calendars import Entry
from calls.queries import my_submissions, shown_state
from calls.workflow import SubmissionState
from juries.models import Juror, Panel, Slot
from juries.queries.organised import organised_panels
from juries.rules import seats
from juries.workflow import PanelState

# Where an application stands for everyone once it is known to be a finalist.
FINALISTS = frozenset({SubmissionState.SHORTLISTED, SubmissionState.LAUREATE, SubmissionState.DECLINED})
AT_WORK = (PanelState.PREPARATION, PanelState.OPEN)


def own_dates(user: Any, moment: datetime, since: datetime) -> Iterator[Entry]:
    """The pitches of `user`, and the days by which and on which their juries work.

    As they may be known at the aware instant `moment`: a pitch says that one is a finalist. Those past before `since`
    are left out. In the language in force. Two statements.
    """
    mine = my_submissions(user).order_by().values("pk")
    slots = Slot.objects.filter(submission__in=mine, starts_at__gte=since)
    for slot in slots.select_related("submission__call", "panel").order_by("pk"):
        if shown_state(slot.submission, moment) in FINALISTS:
            yield _pitch(slot)
    days = Q(panel__held_from__gte=since.astimezone(clock.PARIS).date())
    sheets = Q(panel__state__in=AT_WORK, panel__due_at__gte=since, has_voice=True)
    for seat in seats(user).filter(days | sheets).select_related("panel__call").order_by("pk"):
        yield from _duties(seat, since)


def run_dates(user: Any, since: datetime) -> Iterator[Entry]:
    """The finales that `user`, an agent, organises, and the instants the decisions of their panels become public.

    Those past before the aware instant `since` are left out. In the language in force. One statement, none for others.
    """
    if not is_agent(user):
        return
    first = since.astimezone(clock.PARIS).date()
    for panel in organised_panels(user).filter(Q(held_from__gte=first) | Q(publish_at__gte=since)).order_by("pk"):
        page = reverse("juries:organise", kwargs={"pk": panel.pk})
        if panel.held_from is not None and panel.held_from >= first:
            yield _finale(panel, page)
        if panel.publish_at is not None and panel.publish_at >= since and panel.publish_at != panel.call.results_at:
            yield _dated(panel, "public", _("Decisions public"), panel.publish_at, page)


def _pitch(slot: Slot) -> Entry:
    label, call = _("Your pitch"), slot.submission.call
    return Entry(
        uid=f"pitch-{slot.panel_id}-{slot.submission_id}",
        summary=f"{label} – {call.short_title}",
        at=slot.starts_at,
        until=slot.starts_at + timedelta(minutes=slot.minutes),
        url=reverse("calls:submission", kwargs={"pk": slot.submission_id}),
        description=slot.submission.title,
        place=slot.panel.place,
        is_busy=True,
    )


def _duties(seat: Juror, since: datetime) -> Iterator[Entry]:
    panel = seat.panel
    room = reverse("juries:room", kwargs={"pk": panel.pk})
    if panel.state in AT_WORK and panel.due_at is not None and panel.due_at >= since and seat.has_voice:
        yield _dated(panel, "sheets", _("Sheets to hand in"), wording.last_minute(panel.due_at), room)
    if panel.held_from is not None and panel.held_from >= since.astimezone(clock.PARIS).date():
        yield _finale(panel, room)


def _finale(panel: Panel, page: str) -> Entry:
    """The days of a finale: the same date for who sits there and for who organises it."""
    first = panel.held_from
    last = panel.held_until or first
    span = {"until": last + timedelta(days=1), "place": panel.place, "is_busy": True}
    return _dated(panel, "finale", _("Finale"), first, page, **span)


def _dated(panel: Panel, name: str, label: str, at: Any, page: str, **told: Any) -> Entry:
    return Entry(
        uid=f"jury-{panel.pk}-{name}",
        summary=f"{label} – {panel.call.short_title}",
        at=at,
        url=page,
        description=f"{panel.call.title}, {panel.get_stage_display()}",
        **told,
    )
