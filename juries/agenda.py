"""The dates of a person's pitches and of the juries they sit on, for their own calendar."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.calendars import Entry
from calls.queries import my_submissions, shown_state
from calls.workflow import SubmissionState
from juries.models import Juror, Slot
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
    if panel.state in AT_WORK and panel.due_at is not None and panel.due_at >= since and seat.has_voice:
        yield _dated(seat, "sheets", _("Sheets to hand in"), wording.last_minute(panel.due_at))
    if panel.held_from is not None and panel.held_from >= since.astimezone(clock.PARIS).date():
        last = panel.held_until or panel.held_from
        yield _dated(
            seat,
            "finale",
            _("Finale"),
            panel.held_from,
            until=last + timedelta(days=1),
            place=panel.place,
            is_busy=True,
        )


def _dated(seat: Juror, name: str, label: str, at: Any, **told: Any) -> Entry:
    panel = seat.panel
    return Entry(
        uid=f"jury-{panel.pk}-{name}",
        summary=f"{label} – {panel.call.short_title}",
        at=at,
        url=reverse("juries:room", kwargs={"pk": panel.pk}),
        description=f"{panel.call.title}, {panel.get_stage_display()}",
        **told,
    )
