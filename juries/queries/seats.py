"""The seats of a panel with what each stands aside from, as its boards show them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, Value

from calls.models import Submission
from juries.aside import apart
from juries.models import Juror, Panel, Recusal, Sheet
from juries.queries.panels import frozen_at
from juries.workflow import OUT_OF_THE_RUNNING, PanelState


@dataclass(frozen=True)
class Aside:
    """A recusal of a juror: from one submission, or from the whole session.

    `seat` is the one it was declared from, and `capacity` that seat's. `is_told`: its viewer may know of it.
    `is_over`: what it is about is no longer before the panel, for which an answer changes nothing.
    """

    pk: int
    category: str
    seat: int
    submission: Any
    title: str
    number: str
    declared_at: datetime
    confirmed_at: datetime | None
    capacity: str
    state: str | None
    is_told: bool
    is_over: bool = False

    @property
    def is_doubt(self) -> bool:
        return self.category == Recusal.Category.UNSURE

    @property
    def category_label(self) -> str:
        return str(Recusal.Category(self.category).label)


RECUSAL = "user__juries__recusals"
TOLD_OF = ("pk", "category", "juror", "submission", "submission__title", "submission__number")
COLUMNS = [f"{RECUSAL}__{name}" for name in (*TOLD_OF, "declared_at", "confirmed_at")] + [
    "user__juries__capacity",
    f"{RECUSAL}__submission__state",
]


def jurors_of(panel: Panel, viewer: Any = None) -> list[Juror]:
    """The jurors, the chair first, each with `asides`: what they stand aside from. One statement.

    It reads the recusals of all their seats and keeps those in force here (see RecusalQuerySet.on). `viewer`: who is
    told of them; not of those of others from what they stand aside from as well. `frozen`: see `frozen_at`.
    `has_begun`: a sheet is theirs.
    """
    frozen, told = frozen_at(panel) or Value(None, DateTimeField()), Value(True)
    if viewer is not None:
        own = apart(viewer.pk, f"{RECUSAL}__submission") | Q(user=viewer)
        told = ExpressionWrapper(own, BooleanField())
    columns = {f"aside_{place}": F(path) for place, path in enumerate(COLUMNS)}
    seats = Juror.objects.filter(panel=panel).select_related("user", "stands_in_for__user")
    rows = seats.annotate(frozen=frozen, aside_call=F(f"{RECUSAL}__submission__call"), **columns, aside_told=told)
    rows = rows.annotate(has_begun=Exists(Sheet.objects.filter(juror=OuterRef("pk"))))
    found: dict[int, Any] = {}
    is_final = panel.stage == Panel.Stage.FINALE
    for row in rows:
        juror = found.setdefault(row.pk, row)
        juror.asides = getattr(juror, "asides", [])
        one = Aside(*(getattr(row, name) for name in columns), row.aside_told)
        one = replace(one, is_over=is_final and one.state in OUT_OF_THE_RUNNING)
        if one.seat == row.pk or row.aside_call == panel.call_id:
            juror.asides.append(one)
    return list(found.values())


def removable(panel: Panel, jurors: Iterable[Juror]) -> set[int]:
    """The keys of those of `jurors` (from `jurors_of`) who can be taken off: neither a sheet nor a declaration is
    theirs, and an open panel keeps someone who leads. No statement.
    """
    there = [one for one in jurors if one.left_at is None]
    told = {one.pk: {aside.seat for aside in one.asides if aside.pk} for one in there}  # type: ignore[attr-defined]
    lead = [one.pk for one in there if one.is_chair or one.is_secretary]
    kept = lead if panel.state == PanelState.OPEN and len(lead) == 1 else []
    free = [one.pk for one in there if not one.has_begun and one.pk not in told[one.pk]]  # type: ignore[attr-defined]
    return set(free).difference(kept)


def recusals_among(jurors: Iterable[Juror]) -> list[Recusal]:
    """The recusals that the viewer of `jurors` may know of, last declared first. No statement."""
    found = [_recusal(juror, one) for juror in jurors for one in juror.asides if one.is_told]  # type: ignore[attr-defined]
    return sorted(found, key=lambda one: (one.declared_at, one.pk), reverse=True)


def _recusal(juror: Juror, one: Aside) -> Recusal:
    """A recusal in force on the seat of `juror`, declared from it or from another of the same person."""
    declared = juror if one.seat == juror.pk else Juror(pk=one.seat, user=juror.user, capacity=one.capacity)
    told = Submission(pk=one.submission, title=one.title, number=one.number) if one.submission else None
    when = {"declared_at": one.declared_at, "confirmed_at": one.confirmed_at}
    found = Recusal(pk=one.pk, juror=declared, submission=told, category=one.category, **when)
    found.seat, found.is_over = juror.pk, one.is_over  # type: ignore[attr-defined]
    return found
