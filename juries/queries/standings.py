"""Standings: what they are computed from, which one is current, what a juror may see of it."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce

from bethune_smartcity.core.pages import counted_page
from bethune_smartcity.core.statements import Compiled
from calls.models import Criterion, Submission
from juries.aside import ASIDE
from juries.models import Assignment, Panel, Remark, Sheet, Standing, StandingLine
from juries.models.panel import OF_MARKING
from juries.queries.panels import candidates, criteria_of, frozen_at
from juries.scoring.standing import FORMAT, without_tied
from juries.workflow import SheetState

IN_FORCE = Compiled(
    lambda panel: Standing.objects.filter(panel=panel, voided_at__isnull=True).order_by("-number").defer("inputs")[:1],
    panel=Panel._meta.pk,
)


def current_standing(panel: Panel) -> Standing | None:
    """The standing in force: the last one frozen, unless a reopening voided it. Its inputs, large, wait until asked."""
    standing = IN_FORCE.first(panel=panel.pk)
    if standing is not None:
        standing.panel = panel
    return standing


def standing_with_inputs(panel: Panel) -> Standing | None:
    """The standing in force with the inputs it was frozen from."""
    return panel.standings.filter(voided_at__isnull=True).order_by("-number").first()


# What a line shows: of an application and its pillar little is read.
SHOWN = (
    *("standing", "order", "rank", "sheets", "mean", "adjusted", "margin", "band", "spread", "second_look", "why"),
    *("submission__number", "submission__title", "submission__pillar__hook", "submission__pillar__pictogram"),
)


def lines_apart(lines: Sequence[StandingLine], aside: Collection[UUID]) -> list[StandingLine]:
    """`lines` of a ranking without those of `aside`. Where some are left out, none says what was counted over all those
    tied: what is missing from it would be told.
    """
    shown = [line for line in lines if line.submission_id not in aside]
    return _untold(shown) if len(shown) < len(lines) else shown


def _untold(lines: list[StandingLine]) -> list[StandingLine]:
    for line in lines:
        line.why = without_tied(line.why)
    return lines


def lines_for(
    standing: Standing, viewer: Any, *, number: Any = 1, per_page: int = 50, debated: bool = False
) -> tuple[Page[StandingLine], int]:
    """Page `number` of the lines of `standing` in order, without those `viewer` stands aside from, and how many sheets
    all of those lines count (see `lines_apart`); `debated`: each with `remarks`, how many there are on it. One
    statement.
    """
    panel = standing.panel
    aside = ASIDE.within(user=viewer.pk, call=panel.call_id)
    seen = standing.lines.exclude(submission__in=aside)
    # Beside the lines, not over them: a window would have every line joined and counted before the page is cut.
    every = standing.lines.order_by().values("standing")
    out = every.filter(submission__in=aside)
    sheets = Value(standing.figures["sheets"]) if "sheets" in standing.figures else _total(every, Sum("sheets"))
    # Lines are numbered from 1: the last one tells how many they are.
    last = Coalesce(Subquery(standing.lines.order_by("-order").values("order")[:1]), 0)
    hidden = _total(out, Count("pk"))
    lines = seen.annotate(hidden=hidden, whole=last - hidden, counted=sheets - _total(out, Sum("sheets")))
    lines = lines.select_related("submission__pillar").only(*SHOWN).order_by("order")
    page = counted_page(with_remarks(lines, panel) if debated else lines, number, per_page)
    if page.object_list and page.object_list[0].hidden:
        _untold(list(page.object_list))
    return page, page.object_list[0].counted if page.object_list else 0


def _total(lines: QuerySet[Any, Any], figure: Any) -> Coalesce:
    """A figure of `lines`, by their standing: 0 without any."""
    return Coalesce(Subquery(lines.annotate(n=figure).values("n")), 0)


def with_remarks(lines: QuerySet[StandingLine], panel: Panel) -> QuerySet[StandingLine]:
    """`lines`, each with `remarks`: how many are made of its application before `panel`."""
    said = Remark.objects.free().filter(panel=panel, submission=OuterRef("submission")).order_by().values("submission")
    return lines.annotate(remarks=Coalesce(Subquery(said.annotate(n=Count("pk")).values("n")), 0))


def aside_numbers(panel: Panel, viewer: Any) -> set[str]:
    """The numbers of the applications of the call from which `viewer` stands aside, by declaration or as a member."""
    own = Submission.objects.filter(call=panel.call_id).exclude(number=None)
    aside = Q(recusals__juror__user=viewer) | Q(structure__memberships__user=viewer)
    return set(own.filter(aside).values_list("number", flat=True))


def counted_sheets(panel: Panel) -> QuerySet[Sheet]:
    """The sheets that count: handed in on an assignment, by a juror with a voice, or who had one until they left, and
    who does not stand aside. Once the panel has decided, those that its frozen standing knew.
    """
    asked = Assignment.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
    frozen = frozen_at(panel)
    weighed = candidates(panel).order_by().values("pk")
    if frozen is not None:
        weighed = StandingLine.objects.filter(standing__panel=panel, standing__at=frozen).values("submission")
    return Sheet.objects.free(frozen).filter(
        Exists(asked),
        OF_MARKING,
        juror__panel=panel,
        state=SheetState.HANDED_IN,
        submission__in=weighed,
    )


def _described(criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.pk,
        "label": criterion.label_fr or criterion.label,
        "weight": f"{criterion.weight.normalize():f}",
        "minimum": f"{criterion.minimum.normalize():f}",
        "maximum": f"{criterion.maximum.normalize():f}",
        "counted": criterion.counted,
    }


def inputs_of(panel: Panel) -> dict[str, Any]:
    """Everything the standing of `panel` depends on, as plain JSON (see juries.scoring.standing). Four statements."""
    criteria = list(criteria_of(panel))
    submissions = list(candidates(panel).values_list("pk", "number", "title"))
    jurors = list(panel.jurors.marking().order_by("pk").values_list("pk", flat=True))
    row = {number: place for place, (_pk, number, _title) in enumerate(submissions)}
    column = {pk: place for place, pk in enumerate(jurors)}
    return {
        "format": FORMAT,
        "call": panel.call.slug,
        "stage": str(panel.stage),
        "basis": str(panel.basis),
        "ridge": panel.ridge,
        "places": panel.places,
        "criteria": [_described(criterion) for criterion in criteria],
        "submissions": [{"id": str(pk), "label": f"{number} {title}"} for pk, number, title in submissions],
        "jurors": jurors,
        "sheets": [
            {"submission": row[number], "juror": column[juror], "marks": list(map(_text, values))}
            for number, juror, *values in _marked(panel, criteria)
        ],
    }


def _marked(panel: Panel, criteria: list[Criterion]) -> QuerySet[Any, Any]:
    """(number of the application, juror, mark on each of `criteria`) of the sheets that count. One statement, a row a
    sheet.
    """
    columns = {
        f"on_{place}": FilteredRelation("marks", condition=Q(marks__criterion=criterion))
        for place, criterion in enumerate(criteria)
    }
    rows = counted_sheets(panel).annotate(**columns).order_by("submission__number", "juror")
    # As texts: no figure is made of each by the database's driver.
    return rows.values_list("submission__number", "juror", *(Cast(f"{name}__value", TextField()) for name in columns))


@lru_cache(maxsize=1024)
def _text(value: str | None) -> str | None:
    """A mark as it is frozen. Few are different, and a large call has a hundred thousand."""
    return None if value is None else f"{Decimal(value):.1f}"
