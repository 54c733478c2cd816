"""The second reading: an act, once all first sheets are handed in, that gives those that lead more readers."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from juries import notices
from juries.models import Assignment, Panel, SecondReading
from juries.operations.checks import held, require_state
from juries.operations.dates import carry_reminders
from juries.queries.board import progress
from juries.queries.panels import short_of_readings
from juries.queries.standings import inputs_of
from juries.scoring.assignment import Plan
from juries.scoring.second import LEADING, MORE, leading, plan_again
from juries.scoring.standing import compute
from juries.workflow import PanelState

from .assignments import Planned, Table, outcome_of, priced, shares_of, table_of
from .bounds import check_before_finale, check_to_come
from .planning import keep_outcome

MOST = 500


@transaction.atomic
def begin_second_reading(
    panel: Panel,
    *,
    by: Any,
    leading: int = LEADING,
    readings: int = MORE,
    seed: int = 1,
    due_at: datetime | None = None,
) -> Planned:
    """Close the first reading and give the `leading` applications, ties included, `readings` more readers each.

    First readings that an application lacks, because a juror abstains or stands aside, are made up for, whether it
    leads or not. First sheets stay as they were handed in; the standing will count them all. Which applications lead
    is told, no score is. `seed` and the digest of the inputs are kept; `due_at` (aware instant) is the new date for
    sheets, None leaves it. Jurors with something new to read are told. Returns what was planned. Raises Forbidden,
    Invalid (leading, readings, due_at), or Conflict: not a reading, sheets not open or still missing, begun already,
    nobody left.
    """
    require(by, "juries.organise_panel", panel)
    _check_figures(leading, readings)
    check_to_come(due_at)
    fresh = held(panel)
    _check_ready(fresh)
    check_before_finale(fresh, due_at)
    table = table_of(fresh)
    again = _leading_of(fresh, leading)
    found = _plan(fresh, table, again, readings, seed)
    added = _open(table, found)
    if not added:
        raise Conflict("nobody_left", _("Every juror who may read these applications has read them already."))
    fresh.second_begun_at = clock.now()
    fresh.due_at = due_at or fresh.due_at
    fresh.save(update_fields=["second_begun_at", "due_at"])
    panel.second_begun_at, panel.due_at = fresh.second_begun_at, fresh.due_at
    row = SecondReading.objects.create(
        panel=fresh, leading=leading, readings=readings, seed=seed, plan_digest=found.digest
    )
    row.submissions.set(submission for submission in table.submissions if str(submission.pk) in again)
    told = {"seed": seed, "digest": found.digest, "applications": sorted(again), "pairs": added}
    record(panel, "begin_second_reading", by=by, data={**told, "lacking": found.shortfall})
    carry_reminders(fresh, ("due_at",), by=by)
    notices.second_reading(fresh)
    planned = outcome_of(table, found, added=added)
    keep_outcome(panel, planned, seed=seed, by=by)
    return planned


def _check_figures(leading: int, readings: int) -> None:
    for name, figure in (("leading", leading), ("readings", readings)):
        if not 1 <= figure <= MOST:
            raise Invalid("out_of_range", _("Choose a number from 1 to %(most)s.") % {"most": MOST}, field=name)


def _check_ready(panel: Panel) -> None:
    if panel.stage != Panel.Stage.READING:
        raise Conflict("not_a_reading", _("In a finale everyone marks every finalist: there is no second reading."))
    require_state(panel, [PanelState.OPEN], _("The sheets of this panel are not open."))
    if panel.second_begun_at is not None:
        raise Conflict("begun_already", _("The second reading has begun already."))
    found = progress(panel, list(panel.jurors.all()))
    if found.missing or not found.handed_in:
        raise Conflict("first_incomplete", _("Some first sheets are still to be handed in, or taken away."))


def _leading_of(panel: Panel, count: int) -> list[str]:
    return leading(compute(inputs_of(panel)).lines, count)


def _plan(panel: Panel, table: Table, again: list[str], more: int, seed: int) -> Plan:
    own = set(Assignment.objects.filter(juror__panel=panel).values_list("submission", "juror")) - table.abstained
    costs, outsiders = priced(table)
    leading, owed = set(again), _owed(panel)
    wanted = [(more if str(one.pk) in leading else 0) + owed[one.pk] for one in table.submissions]
    return plan_again(
        costs,
        first=table.places(own),
        again=[i for i, extra in enumerate(wanted) if extra],
        more=wanted,
        shares=shares_of(table),
        forbidden=table.places(table.forbidden),
        outsiders=outsiders,
        seed=seed,
    )


def _owed(panel: Panel) -> Counter[Any]:
    """How many first readings each application lacks, by its key: jurors abstain, or stand aside."""
    return Counter({one.pk: asked - given for one, given, asked in short_of_readings(panel)})


def _open(table: Table, found: Plan) -> int:
    """Write the new pairs down beside those there are. Returns how many."""
    jurors = [juror.pk for juror in table.jurors]
    known = set(Assignment.objects.filter(juror__in=jurors).values_list("submission", "juror"))
    pairs = [(table.submissions[i].pk, table.jurors[j].pk) for i, j in found.pairs]
    fresh = [pair for pair in pairs if pair not in known]
    origin = Assignment.Origin.SECOND
    Assignment.objects.bulk_create(Assignment(submission_id=i, juror_id=j, origin=origin) for i, j in fresh)
    Assignment.objects.filter(juror__in=jurors).note_declared()
    return len(fresh)
