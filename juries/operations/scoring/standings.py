"""Locking the marks freezes the standing; reopening voids it."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import move, record
from juries.models import Panel, Standing, StandingLine
from juries.operations.checks import held
from juries.queries.board import progress
from juries.queries.standings import counted_sheets, current_standing, inputs_of
from juries.scoring.standing import as_columns, compute
from juries.workflow import NOT_DECIDED


@transaction.atomic
def lock_panel(panel: Panel, *, by: Any) -> Standing:
    """Close the sheets and freeze the standing in the same transaction; sheets not handed in do not count.

    Returns the standing. Raises Forbidden, or Conflict when no sheet counts.
    """
    held(panel)
    missing = progress(panel, list(panel.jurors.all())).missing
    move(panel, "lock", by=by, guard=_something_counts, data={"missing": missing})
    return _freeze(panel, by=by)


def _something_counts(panel: Panel) -> None:
    if not counted_sheets(panel).exists():
        raise Conflict("nothing_counts", _("No sheet is handed in: there is nothing to lock."))


def _freeze(panel: Panel, *, by: Any, reason: str = "") -> Standing:
    inputs = inputs_of(panel)
    found = compute(inputs)
    number = (panel.standings.aggregate(last=Max("number"))["last"] or 0) + 1
    standing = Standing.objects.create(
        panel=panel, number=number, inputs=inputs, figures=found.figures, digest=digest(inputs)
    )
    StandingLine.objects.bulk_create(
        StandingLine(standing=standing, **{("submission_id" if k == "submission" else k): v for k, v in row.items()})
        for row in map(as_columns, found.lines)
    )
    record(panel, "freeze", by=by, reason=reason, data={"standing": number, "digest": standing.digest})
    return standing


@transaction.atomic
def disclose_panel(panel: Panel, *, by: Any) -> Panel:
    """Show the frozen standing to the jury. Returns the panel. Raises Forbidden or Conflict."""
    return move(panel, "disclose", by=by)


@transaction.atomic
def reopen_panel(panel: Panel, *, reason: str, by: Any) -> Panel:
    """Open the sheets again, for a reason; the standing is void. Returns the panel.

    Raises Forbidden, Invalid (no reason) or Conflict.
    """
    held(panel)
    move(panel, "reopen", by=by, reason=reason)
    _void(panel)
    return panel


def _void(panel: Panel) -> None:
    panel.standings.filter(voided_at__isnull=True).update(voided_at=clock.now())


@transaction.atomic
def freeze_again(panel: Panel, *, by: Any, reason: str) -> Standing | None:
    """Replace the standing when its inputs are no longer what counts, as long as nothing is decided on it.

    Returns the new standing, or None when nothing had to change.
    """
    current = current_standing(panel) if panel.state in NOT_DECIDED else None
    if current is None or current.digest == digest(inputs_of(panel)):
        return None
    _void(panel)
    return _freeze(panel, by=by, reason=reason)
