"""Dates of a public call that change: always with a reason, always told, always shown on its page."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.instants import check_near
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.notifications.steps import carry
from calls import notices
from calls.followers import open_since
from calls.models import Call, DeadlineMove
from calls.phases import Phase, days_before

from .order import check_order
from .publication import DATES
from .reminders import DRAFTS


def check_movable(call: Call, field: str, to: datetime) -> None:
    """Raise Invalid or Conflict when that date of a public call cannot move to the aware instant `to`."""
    if field not in DATES:
        raise Invalid("unknown_date", _("Choose a date of the call."), field="field")
    if call.announced_at is None:
        raise Conflict("not_announced", _("This call is in preparation: edit its dates."))
    before, now = getattr(call, field), clock.now()
    if before is not None and before <= now:
        raise Conflict("date_past", _("This date is past: it no longer moves."), field="field")
    check_near(to, field="to")
    if before is not None and _as_told(field, to) == _as_told(field, before):
        raise Invalid("same", _("This is the date that people are told already: there is nothing to move."), field="to")
    if to <= now:
        raise Invalid("past", _("Choose an instant to come."), field="to")
    dates = {"opens_at": call.opens_at, "closes_at": call.closes_at} | {field: to}
    if dates["closes_at"] <= dates["opens_at"]:
        raise Invalid("closes_first", _("A call closes after it opens."), field="to")


def _as_told(field: str, at: datetime) -> datetime:
    """That instant of the date as people read it: an end at midnight, and a minute before, are the same to them."""
    return at if field == "opens_at" else wording.last_minute(at)


@transaction.atomic
def move_deadline(call: Call, field: str, to: datetime, *, reason: str, by: Any, despite: bool = False) -> DeadlineMove:
    """Move a date of a public call (`opens_at`, `closes_at`, `questions_until`, `screening_until`) to the aware `to`.

    Those it concerns and followers are told; the call's page shows the former date and the reason. Questions that end
    so many days before the close move with it, and no longer once they are moved themselves. Dates that would be in the
    wrong order refuse it, unless `despite`: they are moved by hand. Returns the recorded move. Raises Forbidden,
    Invalid or Conflict.
    """
    require(by, "calls.configure_call", call)
    check_reason(reason)
    _hold(call)
    check_movable(call, field, to)
    check_order(call, field, to, despite=despite)
    moved = _move(call, field, to, reason=reason, by=by, verb="move_deadline")
    notices.deadline_moved(moved)
    if field == "questions_until":
        Call.objects.filter(pk=call.pk).update(questions_days=None)
        call.questions_days = None
    elif field == "closes_at":
        _follow(call, reason, by)
    return moved


def _follow(call: Call, reason: str, by: Any) -> None:
    """Let the questions end as many days before the close of `call`, just moved, as it says; told with the close."""
    call.refresh_from_db(fields=["questions_days", "questions_until"])
    if not call.questions_days:
        return
    until = days_before(call.closes_at, call.questions_days)
    if until != call.questions_until:
        _move(call, "questions_until", until, reason=reason, by=by, verb="move_deadline")


@transaction.atomic
def close_early(call: Call, *, reason: str, by: Any) -> DeadlineMove:
    """Close an open call at the present instant. Returns the recorded move. Raises Forbidden, Invalid or Conflict."""
    require(by, "calls.configure_call", call)
    check_reason(reason)
    _hold(call)
    now = clock.now()
    if call.phase != Phase.OPEN or now <= call.opens_at:
        raise Conflict("not_open", _("Only an open call can be closed early."))
    moved = _move(call, "closes_at", now, reason=reason, by=by, verb="close_early")
    notices.deadline_moved(moved)
    return moved


def _hold(call: Call) -> None:
    """Hold the call's row: what is handed in meanwhile has its stamp before the instant read after this, or waits."""
    Call.objects.select_for_update(no_key=True).values_list("pk").get(pk=call.pk)


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", _("Give a reason."), field="reason")


def _move(call: Call, field: str, to: datetime, *, reason: str, by: Any, verb: str) -> DeadlineMove:
    before = getattr(call, field)
    if not Call.objects.filter(pk=call.pk, **{field: before}).update(**{field: to}):
        raise Conflict("already_changed", _("Someone has just changed this: reload the page."))
    setattr(call, field, to)
    moved = DeadlineMove.objects.create(
        call=call, field=field, before=before or to, after=to, reason=reason.strip(), at=clock.now()
    )
    data = {"field": field, "before": before.isoformat() if before else None, "after": to.isoformat()}
    record(call, verb, by=by, reason=reason, data=data)
    if field == "closes_at":
        carry(DRAFTS.name, call, before=before, to=to, by=by)
    elif field == "opens_at":
        carry(notices.OPENS, call, before=None, to=open_since(call), by=by)
    return moved
