"""Who reads what: the plan, and changes by hand."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from calls.models import Submission
from juries import notices
from juries.models import Assignment, Juror, Panel, Sheet
from juries.operations.checks import check_seating, require_seating
from juries.queries.panels import candidates, conflicts
from juries.queries.progress import share_of
from juries.queries.standings import counted_sheets
from juries.scoring.assignment import Plan, balanced_loads, plan
from juries.scoring.costs import reading_cost
from juries.workflow import SheetState

UNKNOWN = (None, None)
"""A pillar the juror neither knows nor names."""
Key = tuple[Any, int]
"""(submission, juror)"""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan came to. `lacking`: readings nobody can take; what follows says why, as an Obstacle does.

    `fixed`: the readings begun or given by hand, which `needed` and `places` leave out. `loads`: of each of `jurors`,
    the readings in the plan and the most it gives them (None: no bound). `aside`: who may not read which of
    `submissions`.
    """

    pairs: int
    added: int
    removed: int
    lacking: int
    submissions: tuple[Submission, ...] = ()
    jurors: tuple[Juror, ...] = ()
    reason: str = ""
    needed: int = 0
    places: int = 0
    fixed: int = 0
    loads: tuple[tuple[int, int | None], ...] = ()
    aside: tuple[tuple[Submission, Juror], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Everything a plan is made from, in a fixed order.

    `abstained`: pairs whose juror cannot judge; their readings are missing, and not for the same juror to do.
    `done`: per application, the sheets handed in by members who left.
    """

    submissions: list[Submission]
    jurors: list[Juror]
    forbidden: set[Key]
    kept: set[Key]
    abstained: set[Key]
    done: Counter[Any]

    def places(self, keys: Collection[Key]) -> set[tuple[int, int]]:
        """The keys as places in the two lists, without those of neither."""
        row = {submission.pk: i for i, submission in enumerate(self.submissions)}
        column = {juror.pk: j for j, juror in enumerate(self.jurors)}
        return {(row[i], column[j]) for i, j in keys if i in row and j in column}


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan computed and not written: from which table, what was asked of it, and what it found."""

    table: Table
    asked: dict[str, Any]
    found: "Plan | FullGrid"
    seed: int

    @property
    def keys(self) -> set[Key]:
        """The readings it found."""
        return {(self.table.submissions[i].pk, self.table.jurors[j].pk) for i, j in self.found.pairs}

    def still_holds(self, table: Table, asked: dict[str, Any]) -> bool:
        """Whether a plan from those inputs would be the same: nothing that counts has changed."""
        alike = all(
            [one.pk for one in now] == [one.pk for one in then]
            for now, then in ((table.submissions, self.table.submissions), (table.jurors, self.table.jurors))
        )
        return alike and asked == self.asked


def require_plannable(panel: Panel) -> Panel:
    """The panel held, while its first readings may be planned. Raises Conflict."""
    fresh = require_seating(panel)
    _check_first(fresh)
    return fresh


def _check_first(panel: Panel) -> None:
    if panel.second_begun_at is not None:
        raise Conflict("second_reading", _("The second reading is under way: change readings one by one."))


def foretell_plan(panel: Panel, *, seed: int) -> tuple[int, int]:
    """How many readings a plan by `seed` would add now, and take away. Nothing is written. Raises Conflict."""
    check_seating(panel)
    _check_first(panel)
    draft = draft_plan(panel, seed=seed)
    fresh, stale = _changes(panel, draft.table, draft.keys)
    return len(fresh), len(stale)


def loose_readings(panel: Panel) -> int:
    """How many readings another plan may take away: planned, their sheet not begun. Raises Conflict. One statement."""
    check_seating(panel)
    _check_first(panel)
    begun = Sheet.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
    loose = Assignment.objects.filter(~Exists(begun), juror__panel=panel, juror__left_at__isnull=True)
    return loose.exclude(origin=Assignment.Origin.HAND).count()


def draft_plan(panel: Panel, *, seed: int) -> Draft:
    """The plan of `panel` as it is now. Nothing is written, and nothing need be held. Raises Conflict."""
    table, asked = inputs_of_plan(panel)
    found = _full_grid(table) if panel.stage == Panel.Stage.FINALE else _best_plan(asked, seed)
    return Draft(table, asked, found, seed)


def inputs_of_plan(panel: Panel) -> tuple[Table, dict[str, Any]]:
    """What a plan of `panel` is made from, as it is now, and what is asked of it. Raises Conflict."""
    table = table_of(panel)
    if not table.submissions:
        raise Conflict("nothing_to_read", _("No application is before this panel yet."))
    if not table.jurors:
        raise Conflict("no_juror", _("No juror with a voice sits on this panel yet."))
    return table, {} if panel.stage == Panel.Stage.FINALE else _asked(panel, table)


def write_plan(panel: Panel, draft: Draft, *, by: Any) -> Planned:
    """Make the readings of `panel`, held by the caller, those of `draft`. Returns what that changed.

    Once sheets are open, jurors with new ones are told.
    """
    table, found, seed = draft.table, draft.found, draft.seed
    keys = draft.keys
    given, removed = _apply(panel, table, keys)
    Panel.objects.filter(pk=panel.pk).update(seed=seed, plan_digest=found.digest)
    panel.seed, panel.plan_digest = seed, found.digest
    line = record(
        panel,
        "plan",
        by=by,
        data={"seed": seed, "digest": found.digest, "pairs": len(keys), "lacking": found.shortfall, "cost": found.cost},
    )
    notices.readings_given(given, str(line.pk))
    return outcome_of(table, found, added=given.total(), removed=removed, most=draft.asked.get("max_load"))


def outcome_of(table: Table, found: Any, *, added: int, removed: int = 0, most: Sequence[int] | None = None) -> Planned:
    """What the plan `found` for `table` came to, once so many readings were added and taken away; `most`: how many it
    gives each juror at most.
    """
    counts = {"pairs": len(found.pairs), "added": added, "removed": removed, "lacking": found.shortfall}
    stuck = found.obstacle
    if stuck is None:
        return Planned(**counts)
    read = Counter(j for _i, j in found.pairs)
    closed = sorted(table.places(table.forbidden))
    return Planned(
        **counts,
        submissions=tuple(table.submissions[i] for i in stuck.submissions),
        jurors=tuple(table.jurors[j] for j in stuck.jurors),
        reason=stuck.reason,
        needed=stuck.needed,
        places=stuck.places,
        fixed=len(table.places(table.kept)),
        loads=tuple((read[j], most[j] if most else None) for j in stuck.jurors),
        aside=tuple((table.submissions[i], table.jurors[j]) for i, j in closed if i in stuck.submissions),
    )


def table_of(panel: Panel) -> Table:
    """Everything a plan of `panel` is made from, as it is now."""
    sheets = Sheet.objects.filter(juror__panel=panel).values_list("submission", "juror")
    abstained = set(sheets.filter(state=SheetState.ABSTAINED))
    hand = Assignment.objects.filter(juror__panel=panel, origin=Assignment.Origin.HAND)
    voices = panel.jurors.filter(has_voice=True).order_by("pk")
    return Table(
        submissions=list(candidates(panel).prefetch_related("other_pillars")),
        jurors=list(voices.select_related("user").prefetch_related("expertise", "wishes")),
        forbidden=conflicts(panel) | abstained,
        kept=(set(sheets) | set(hand.values_list("submission", "juror"))) - abstained,
        abstained=abstained,
        done=Counter(counted_sheets(panel).filter(juror__left_at__isnull=False).values_list("submission", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class FullGrid:
    """A finale's plan: every pair that is allowed."""

    pairs: tuple[tuple[int, int], ...]
    digest: str
    cost: int = 0
    shortfall: int = 0
    obstacle: None = None


def _full_grid(table: Table) -> FullGrid:
    closed = table.places(table.forbidden)
    grid = [(i, j) for i in range(len(table.submissions)) for j in range(len(table.jurors)) if (i, j) not in closed]
    named = [[str(table.submissions[i].pk), table.jurors[j].pk] for i, j in grid]
    return FullGrid(tuple(grid), digest(named))


def shares_of(table: Table) -> list[float]:
    """The share of the readings each juror takes."""
    return [share_of(juror) for juror in table.jurors]


def priced(table: Table) -> tuple[list[list[int]], list[list[bool]]]:
    """What each pair costs, and whether its juror is outside the application's pillars."""
    views = [_view_of(juror) for juror in table.jurors]
    costs = [[reading_cost(*view.get(one.pillar_id, UNKNOWN)) for view in views] for one in table.submissions]
    outside = [[_is_outside(juror, submission) for juror in table.jurors] for submission in table.submissions]
    return costs, outside


def _asked(panel: Panel, table: Table) -> dict[str, Any]:
    """What is asked of a plan, but its seed and the rule of the outsider: the same inputs give the same plan."""
    wanted = min(panel.readings, len(table.jurors))
    readings = [max(0, wanted - table.done[submission.pk]) for submission in table.submissions]
    least, most = balanced_loads(sum(readings), shares_of(table))
    costs, outsiders = priced(table)
    return {
        "costs": costs,
        "readings": readings,
        "min_load": least,
        "max_load": most,
        "forbidden": table.places(table.forbidden),
        "outsiders": outsiders,
        "fixed": table.places(table.kept),
    }


def _best_plan(asked: dict[str, Any], seed: int) -> Plan:
    """The plan with an outsider for each application, or without that rule when it would leave readings out."""
    strict = plan(**asked, require_outsider=True, seed=seed)
    if not strict.shortfall:
        return strict
    relaxed = plan(**asked, require_outsider=False, seed=seed)
    return relaxed if relaxed.shortfall < strict.shortfall else strict


def _view_of(juror: Juror) -> dict[int | None, tuple[str | None, str | None]]:
    """The juror's knowledge of each pillar and their wish, where there is either."""
    levels = {known.pillar_id: known.level for known in juror.expertise.all()}
    wishes = {wish.pillar_id: wish.kind for wish in juror.wishes.all()}
    return {pillar: (levels.get(pillar), wishes.get(pillar)) for pillar in levels.keys() | wishes.keys()}


def _is_outside(juror: Juror, submission: Submission) -> bool:
    pillars = {submission.pillar_id, *(pillar.pk for pillar in submission.other_pillars.all())}
    return not any(expertise.pillar_id in pillars for expertise in juror.expertise.all())


def _apply(panel: Panel, table: Table, keys: set[Key]) -> tuple[Counter[int], int]:
    """Make the assignments those of `keys`; what was begun, abstained from or made by hand stays.

    Returns how many each juror is given, and how many are taken away.
    """
    fresh, stale = _changes(panel, table, keys)
    Assignment.objects.filter(pk__in=stale).delete()
    Assignment.objects.bulk_create(Assignment(submission_id=i, juror_id=j) for i, j in fresh)
    Assignment.objects.filter(juror__panel=panel).note_declared()
    return Counter(j for _i, j in fresh), len(stale)


def _changes(panel: Panel, table: Table, keys: set[Key]) -> tuple[list[Key], list[int]]:
    """What making the assignments those of `keys` adds, in order, and the keys of those it takes away."""
    gone = set(panel.jurors.filter(left_at__isnull=False).values_list("pk", flat=True))
    lasting = keys | table.kept | table.abstained
    rows = list(Assignment.objects.filter(juror__panel=panel))
    known = {(row.submission_id, row.juror_id) for row in rows}
    stale = [row.pk for row in rows if (row.submission_id, row.juror_id) not in lasting and row.juror_id not in gone]
    return sorted(keys - known, key=str), stale


@transaction.atomic
def assign(juror: Juror, submission: Submission, *, by: Any) -> Assignment:
    """Ask `juror` to mark `submission`, by hand; once sheets are open they are told. Asking again changes nothing.

    Returns the assignment. Raises Forbidden, Invalid (no voice, conflict, not before this panel, abstains) or Conflict.
    """
    panel = juror.panel
    require(by, "juries.give_reading", (panel, submission))
    require_seating(panel)
    if not juror.has_voice:
        raise Invalid("no_voice", _("This member of the panel has no voice."), field="juror")
    if not candidates(panel).filter(pk=submission.pk).exists():
        raise Invalid("not_before_panel", _("This application is not before this panel."), field="submission")
    if (submission.pk, juror.pk) in conflicts(panel, [submission.pk]):
        raise Invalid("stands_aside", _("This juror stands aside from this application."), field="juror")
    if _sheet_of(juror.pk, submission.pk, SheetState.ABSTAINED):
        raise Invalid("abstains", _("This juror abstains from this application."), field="juror")
    assignment, created = Assignment.objects.get_or_create(
        juror=juror, submission=submission, defaults={"origin": Assignment.Origin.HAND}
    )
    if created:
        Assignment.objects.filter(pk=assignment.pk).note_declared()
        line = record(panel, "assign", by=by, data={"juror": juror.pk, "submission": str(submission.pk)})
        notices.readings_given({juror.pk: 1}, str(line.pk))
    return assignment


@transaction.atomic
def unassign(assignment: Assignment, *, by: Any) -> None:
    """Take a reading away from a juror; a sheet begun is kept aside, and counts again if it is given back.

    Raises Forbidden, or Conflict once the sheet is handed in or abstained from.
    """
    panel = assignment.juror.panel
    require(by, "juries.give_reading", (panel, assignment.submission))
    require_seating(panel)
    if _sheet_of(assignment.juror_id, assignment.submission_id, SheetState.HANDED_IN):
        raise Conflict("handed_in", _("This sheet is handed in: its reading stays."))
    if _sheet_of(assignment.juror_id, assignment.submission_id, SheetState.ABSTAINED):
        raise Conflict("abstains", _("This juror abstains from this application: the board keeps it."))
    record(panel, "unassign", by=by, data={"juror": assignment.juror_id, "submission": str(assignment.submission_id)})
    assignment.delete()


def _sheet_of(juror: int, submission: Any, state: str) -> bool:
    """Whether a juror's sheet on an application is in `state`."""
    return Sheet.objects.filter(juror=juror, submission=submission, state=state).exists()
