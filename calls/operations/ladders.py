"""Ladders of a call: agents choose their rungs, and the sweep writes the steps that came due."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.notifications import steps
from bethune_smartcity.notifications.models import Step
from bethune_smartcity.notifications.pulse import last_sweep
from bethune_smartcity.notifications.rungs import Rung
from calls.ladders import Due, Ladder, step_of
from calls.models import Call, Reminder
from calls.queries.ladders import Planned, chosen_rungs, steps_of

MOST_DAYS, MOST_HOURS, MOST_DAYS_AFTER = 180, 96, 30
MOST_RUNGS = 12
# What a sweep found due it has written: only what came due since may have been missed.
MARGIN = timedelta(hours=1)
# Someone whose row was being written while a step was may have been overlooked: they are looked for again.
OVERLAP = timedelta(minutes=2)


def check_rung(ladder: Ladder, rung: Rung) -> None:
    """Raise Invalid for a length of time that the ladder does not take."""
    longest = MOST_DAYS if rung.unit == "d" else MOST_HOURS
    if rung.amount > 0:
        longest = min(longest, MOST_DAYS_AFTER)
    if abs(rung.amount) > longest:
        message = _("Give %(longest)s at most.") % {"longest": Rung(longest, rung.unit).length}
        raise Invalid("too_long", message, field="amount")
    if (rung.amount > 0 and not ladder.after) or (rung.amount == 0 and not ladder.upon):
        raise Invalid("too_late", _("This reminder is sent before the date only."), field="amount")


@transaction.atomic
def add_rung(call: Call, ladder: Ladder, rung: Rung, *, by: Any) -> Reminder:
    """Let `ladder` have one more rung on `call`: it leaves at its instants to come, and sends nothing that is past.

    Returns its row. Raises Forbidden, Invalid (a length it does not take) or Conflict (it is there, or there are
    twelve).
    """
    require(by, ladder.permission, call)
    check_rung(ladder, rung)
    there = _held(call, ladder)
    if rung.hours in {one.hours for one in there}:
        raise Conflict("there", _("This reminder is planned already."), field="amount")
    if len(there) >= MOST_RUNGS:
        raise Conflict("too_many", _("A dozen reminders is enough: take one out first."), field="amount")
    return _keep(call, ladder, rung, "add_reminder", is_on=True, by=by)


@transaction.atomic
def remove_rung(call: Call, ladder: Ladder, rung: Rung, *, by: Any) -> Reminder:
    """Take a rung out of `ladder` on `call`. Returns its row. Raises Forbidden or Conflict (it is not there)."""
    require(by, ladder.permission, call)
    if rung not in _held(call, ladder):
        raise Conflict("gone", _("This reminder is no longer planned."))
    return _keep(call, ladder, rung, "remove_reminder", is_on=False, by=by)


@transaction.atomic
def reset_ladder(call: Call, ladder: Ladder, *, by: Any) -> None:
    """Give `ladder` the portal's own rungs back on `call`; those past send nothing. Raises Forbidden."""
    require(by, ladder.permission, call)
    there = _held(call, ladder)
    for rung in set(there) - set(ladder.defaults):
        _keep(call, ladder, rung, "remove_reminder", is_on=False, by=by)
    for rung in set(ladder.defaults) - set(there):
        _keep(call, ladder, rung, "add_reminder", is_on=True, by=by)


def _held(call: Call, ladder: Ladder) -> list[Rung]:
    """The rungs in force, the call's row held: two agents choose one after the other."""
    Call.objects.select_for_update(no_key=True).values_list("pk").get(pk=call.pk)
    return [one.rung for one in chosen_rungs(ladder, [call.pk])[call.pk]]


def _keep(call: Call, ladder: Ladder, rung: Rung, verb: str, *, is_on: bool, by: Any) -> Reminder:
    row, _made = Reminder.objects.update_or_create(
        call=call, ladder=ladder.name, code=rung.code, defaults={"is_on": is_on, "since": clock.now()}
    )
    record(call, verb, by=by, data={"ladder": ladder.name, "rung": rung.code})
    return row


def plan(ladder: Ladder, until: datetime) -> int:
    """Write the steps of `ladder` due at the aware instant `until` and not written. Returns how many messages.

    Of the steps of one target only the nearest is written; those it overtook, and those whose date is past, are let go
    with a line in the journal when nobody was told by them.
    """
    found = ladder.targets(ladder.dated.rows(None, until), until)
    begun = [target for target in found if target.since is not None]
    due: dict[Any, list[Planned]] = defaultdict(list)
    for step in steps_of(ladder, begun):
        if step.is_kept and step.at <= until:
            due[step.target.place].append(step)
    missed_since = (last_sweep() or until) - MARGIN if due else until
    return sum(_climb(ladder, found, missed_since, until) for found in due.values())


def _climb(ladder: Ladder, due: list[Planned], missed_since: datetime, until: datetime) -> int:
    """Let go what was missed among the steps `due` of one target, and write the nearest."""
    is_over = due[0].target.is_over
    for step in due if is_over else due[:-1]:
        if _was_missed(step, missed_since):
            steps.drop(step.sending, why="late" if is_over else "superseded")
    return 0 if is_over else _write(ladder, due[-1], until)


def _was_missed(step: Planned, missed_since: datetime) -> bool:
    """Whether nobody was told by it: it was held back, or came due while nothing went round."""
    if step.row is None:
        return step.at > missed_since
    return step.state in steps.OPEN


def _write(ladder: Ladder, step: Planned, until: datetime) -> int:
    row, sending = step.row, step.sending
    if step.state not in {Step.State.PLANNED, Step.State.WRITTEN} or not steps.claim(sending, row):
        return 0
    done = row.written_at if row else None
    at = sending.at if sending.at <= until else step.at
    after = done - OVERLAP if done else None
    told = ladder.write(Due(step.target, step_of(sending.rung, sending.anchor), at, after, until))
    if told or not done:
        steps.wrote(sending, told)
    return told
