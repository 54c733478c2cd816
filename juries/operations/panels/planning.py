"""Plans of readings: made at once or, too large to wait for, asked for by a row, computed by a worker, written in one
act. What the last one came to is kept for the board.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, DomainError
from juries.models import Juror, Panel, PlanRequest
from juries.queries.panels import candidates

from .assignments import Draft, Planned, draft_plan, inputs_of_plan, require_plannable, write_plan

log = logging.getLogger(__name__)
State = PlanRequest.State

# Applications × jurors up to which a plan takes a second or two. 5000 × 100 take a minute: a worker makes it.
AT_ONCE = 15_000
# A claim older than that is of a worker that died; the third is given up.
STALE = timedelta(minutes=35)
ATTEMPTS = 3
UNDER_WAY = (State.WAITING, State.RUNNING)


def is_large(panel: Panel) -> bool:
    """Whether a plan of `panel` is too long to wait for. Two statements."""
    if panel.stage == Panel.Stage.FINALE:
        return False
    return candidates(panel).count() * Juror.objects.filter(panel=panel, has_voice=True).count() > AT_ONCE


@transaction.atomic
def plan_assignments(panel: Panel, *, seed: int, by: Any) -> Planned:
    """Plan who reads what, and write it down.

    A reading is planned by cost (what a juror knows and wishes), with balanced loads, no conflict, an insider and an
    outsider for each application where that can be; a finale is everyone with a voice × every finalist. Sheets begun
    and pairs made by hand stay. Who abstains stays written where they do, and another juror reads instead.
    `seed` and the digest of the inputs are kept, so that the plan can be replayed. When not every reading finds its
    juror, as many as possible do, and the answer says where it is stuck: it stays on the board until another plan. One
    asked of a worker and not made yet is given up for this one. Raises Forbidden or Conflict.
    """
    require(by, "juries.organise_panel", panel)
    planned = write_plan(panel, draft_plan(require_plannable(panel), seed=seed), by=by)
    keep_outcome(panel, planned, seed=seed, by=by)
    return planned


def keep_outcome(panel: Panel, planned: Planned, *, seed: int, by: Any) -> None:
    """Note what a plan of `panel`, held by the caller, came to, in place of what the former one did."""
    now = clock.now()
    ended = {"state": State.DONE, "asked_at": now, "ended_at": now, "told": facts_of(planned)}
    PlanRequest.objects.filter(panel=panel).delete()
    PlanRequest.objects.create(panel=panel, seed=seed, asked_by=getattr(by, "on_behalf_of", by), **ended)


@transaction.atomic
def ask_for_plan(panel: Panel, *, seed: int, by: Any) -> PlanRequest:
    """Ask a worker to plan who reads what: the same plan as at once, for the same seed and inputs.

    Returns the request, in place of the former one. Raises Forbidden or Conflict (too late, or one is under way).
    """
    require(by, "juries.organise_panel", panel)
    require_plannable(panel)
    if PlanRequest.objects.filter(panel=panel, state__in=UNDER_WAY).exists():
        raise Conflict("planning", _("A plan is being computed already."))
    PlanRequest.objects.filter(panel=panel).delete()
    return PlanRequest.objects.create(panel=panel, seed=seed, asked_by=by, asked_at=clock.now())


def make_due_plans() -> int:
    """Make the plans asked for, one after the other. Returns how many were taken in hand."""
    dead = Q(state=State.RUNNING, claimed_at__lt=clock.now() - STALE)
    waiting = PlanRequest.objects.filter(Q(state=State.WAITING) | dead)
    return sum(_make(pk) for pk in waiting.order_by("asked_at").values_list("pk", flat=True))


def _make(pk: int) -> bool:
    """Take a request in hand and end it, made or refused. False when another has it."""
    now = clock.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_at__lt=now - STALE)
    if not PlanRequest.objects.filter(free, pk=pk).update(
        state=State.RUNNING, claimed_at=now, attempts=F("attempts") + 1
    ):
        return False
    request = PlanRequest.objects.select_related("panel__call", "asked_by").get(pk=pk)
    with override(request.asked_by.language):
        try:
            _end(request, State.DONE, told=facts_of(_planned(request)))
        except DomainError as error:
            _end(request, State.REFUSED, refusal=str(error))
        except Exception:
            log.exception("the plan of panel %s failed", request.panel_id)
            _end(request, State.REFUSED, refusal=_("The plan could not be computed: ask for it again."))
    return True


def _end(request: PlanRequest, state: str, **found: Any) -> None:
    """Write how the request ended, unless another took it in hand or it was asked anew meanwhile."""
    _own(request).update(state=state, ended_at=clock.now(), **found)


def _own(request: PlanRequest) -> QuerySet[PlanRequest]:
    """The request as it was taken in hand: no row once another plan took its place or another worker has it."""
    return PlanRequest.objects.filter(pk=request.pk, state=State.RUNNING, claimed_at=request.claimed_at)


def _planned(request: PlanRequest) -> Planned:
    """Compute with nothing held, then write if nothing that counts has changed; compute again if it has."""
    if request.attempts > ATTEMPTS:
        raise Conflict("given_up", _("The plan could not be computed: ask for it again."))
    for _attempt in range(ATTEMPTS):
        draft = draft_plan(Panel.objects.select_related("call").get(pk=request.panel_id), seed=request.seed)
        planned = _written(request, draft)
        if planned is not None:
            return planned
    raise Conflict("changing", _("Applications, jurors or links kept changing while the plan was computed: try again."))


@transaction.atomic
def _written(request: PlanRequest, draft: Draft) -> Planned | None:
    """Write `draft` down; None when its inputs are no longer those of the panel."""
    panel = request.panel
    require(request.asked_by, "juries.organise_panel", panel)
    fresh = require_plannable(panel)
    if not _own(request).exists():
        raise Conflict("superseded", _("Another plan was made meanwhile."))
    if not draft.still_holds(*inputs_of_plan(fresh)):
        return None
    return write_plan(panel, draft, by=request.asked_by)


def facts_of(planned: Planned) -> dict[str, Any]:
    """What a plan came to, as plain data that outlives it."""
    return {
        "pairs": planned.pairs,
        "added": planned.added,
        "removed": planned.removed,
        "lacking": planned.lacking,
        "submissions": [one.number for one in planned.submissions],
        "keys": [str(one.pk) for one in planned.submissions],
        "jurors": [str(one) for one in planned.jurors],
        "reason": planned.reason,
        "needed": planned.needed,
        "places": planned.places,
        "fixed": planned.fixed,
        "loads": [list(load) for load in planned.loads],
        "aside": [[str(one.pk), one.number, str(juror)] for one, juror in planned.aside],
    }
