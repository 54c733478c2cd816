"""How one line of the standing was computed: every figure with the numbers it is made of, to be found again by hand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from math import fsum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import can
from bethune_smartcity.core.views import GuardedPage
from juries.aside import set_aside
from juries.forms.sheets import shown
from juries.models import Juror, Panel, Standing, StandingLine
from juries.queries.standings import standing_with_inputs
from juries.scoring.ranking import displayed
from juries.scoring.retrace import Reading, Trace, compared, duel, retrace
from juries.views.chair import OnPanel
from juries.views.ranked import figure, why

FINE = 3
FINEST = 4


class Explanation(OnPanel, GuardedPage):
    """The computation of one application's figures, once the jury knows them. Jurors are named to who leads alone."""

    permission = "juries.see_standing"
    template_name = "juries/chair/explanation.html"

    @cached_property
    def standing(self) -> Standing:
        found = standing_with_inputs(self.object)
        if found is None:
            raise Http404
        return found

    @cached_property
    def lines(self) -> list[StandingLine]:
        rows: QuerySet[StandingLine] = self.standing.lines.select_related("submission").order_by("order")
        return list(rows)

    @cached_property
    def aside(self) -> set[UUID]:
        """The applications this person stands aside from."""
        return set(set_aside(self.object, self.request.user))

    @cached_property
    def line(self) -> StandingLine:
        asked = self.kwargs["submission"]
        for line in self.lines:
            if line.submission_id == asked and asked not in self.aside:
                return line
        raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line, panel = self.line, self.object
        adjusted = {str(one.submission_id): one.adjusted for one in self.lines}
        effects = self.standing.figures.get("effects", {})
        trace = retrace(self.standing.inputs, str(line.submission_id), adjusted=adjusted, effects=effects)
        labels = {one.juror: self.label(n, one.juror) for n, one in enumerate(trace.readings, start=1)}
        url = reverse("juries:standing", kwargs={"pk": panel.pk})
        call = panel.call
        crumbs = [(call.title, call.get_absolute_url()), (_("Standing"), url), (line.submission.title, "")]
        return super().get_context_data(
            panel=panel,
            line=line,
            standing=self.standing,
            standing_url=url,
            criteria=columns(self.standing.inputs["criteria"]),
            figures=Figures(line, trace, self.standing, panel) if trace.readings else None,
            readings=[
                Shown(one, labels[one.juror], self.standing.inputs, named=bool(self.names), aside=self.aside)
                for one in trace.readings
            ],
            next=self.following(labels),
            is_annexed=bool(self.names),
            crumbs=crumbs,
            **kwargs,
        )

    @cached_property
    def names(self) -> dict[int, str]:
        """The jurors by key, for those who may read how each marked; nobody's name for the others."""
        if not can(self.request.user, "juries.see_annex", self.object):
            return {}
        return {one.pk: str(one) for one in Juror.objects.filter(panel=self.object).select_related("user")}

    def label(self, place: int, juror: int) -> str:
        return self.names.get(juror) or _("Reader %(n)s") % {"n": place}

    def following(self, labels: Mapping[int, str]) -> dict[str, Any] | None:
        """The next line and the totals of those who marked both; None for the last line or one that is not shown."""
        key = self.line.why.get("next")
        below = next((one for one in self.lines if str(one.submission_id) == key), None)
        if below is None or below.submission_id in self.aside:
            return None
        rows = duel(self.standing.inputs, str(self.line.submission_id), str(below.submission_id))
        told = {juror: (figure(mine, FINE), figure(theirs, FINE)) for juror, mine, theirs in rows}
        pairs = [(label, *told[juror]) for juror, label in labels.items() if juror in told]
        reason = why(below.submission.title, tuple(sorted(self.line.why.items())), False, get_language())
        return {"line": below, "pairs": pairs, "why": reason, **self.against(below)}

    def against(self, below: StandingLine) -> dict[str, Any]:
        """The figures of this line and of the one `below`, each as the sum it comes from.

        `ties`: (criterion, weight, sum of this line, sum of the other) of what was compared where the scores are equal.
        """
        is_mean = self.object.basis == Panel.Basis.MEAN
        ours, theirs = (line.mean if is_mean else line.adjusted for line in (self.line, below))
        if ours is None or theirs is None:
            return {}
        gap = displayed(ours) - displayed(theirs)
        found: dict[str, Any] = {"gap": f"{figure(ours)} − {figure(theirs)} = {signed_cents(gap)}"}
        if self.line.margin is not None and below.margin is not None:
            both = displayed(self.line.margin) + displayed(below.margin)
            found["margins"] = f"{figure(self.line.margin)} + {figure(below.margin)} = {figure(float(both))}"
        rows = [(_("Plain mean"), "mean"), (_("Adjusted score"), "adjusted"), (_("Margin"), "margin")]
        found["figures"] = [
            (label, figure(getattr(self.line, name)), figure(getattr(below, name))) for label, name in rows
        ]
        if not gap:
            found["ties"] = self.ties(below)
        return found

    def ties(self, below: StandingLine) -> list[tuple[str, str, str, str]]:
        criteria = self.standing.inputs["criteria"]
        found = compared(self.standing.inputs, str(self.line.submission_id), str(below.submission_id))
        return [
            (
                criteria[one.criterion]["label"],
                shown(Decimal(criteria[one.criterion]["weight"])),
                _mean_of(one.ours),
                _mean_of(one.theirs),
            )
            for one in found
        ]


def columns(criteria: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The criteria as they head the table: label, weight and scale, as they are read."""
    return [
        {
            "label": one["label"],
            "counted": one["counted"],
            "weight": shown(Decimal(one["weight"])),
            "scale": f"{shown(Decimal(one['minimum']))}–{shown(Decimal(one['maximum']))}",
        }
        for one in criteria
    ]


def counted_sum(reading: Reading, criteria: Iterable[dict[str, Any]]) -> str:
    """The total of a sheet as the sum it comes from, as the page says it in words."""
    counted = [(one, mark) for one, mark in zip(criteria, reading.marks, strict=True) if one["counted"]]
    parts = []
    for one, mark in counted:
        weight, low, high, value = (
            shown(Decimal(str(x))) for x in (one["weight"], one["minimum"], one["maximum"], mark)
        )
        parts.append(f"{weight} × ({value} − {low}) ÷ ({high} − {low})")
    whole = shown(sum((Decimal(one["weight"]) for one, _mark in counted), Decimal(0)))
    return f"20 × ({' + '.join(parts)}) ÷ {whole} = {figure(reading.total, FINE)}"


def gap_sum(reading: Reading, aside: Collection[UUID]) -> str:
    """The sum of a juror's gaps; what regards applications its reader stands aside from comes as one number."""
    hidden = {str(key) for key in aside}
    told = [(total, adjusted) for key, total, adjusted in reading.against if key not in hidden]
    parts = [f"({figure(total, FINE)} − {_bracketed(adjusted)})" for total, adjusted in told]
    if len(told) < len(reading.against):
        rest = fsum(total - adjusted for key, total, adjusted in reading.against if key in hidden)
        parts.append(f"({signed(rest)})")
    return f"{' + '.join(parts)} = {signed(reading.gaps)}"


def _bracketed(value: float) -> str:
    """A score to three decimals, in brackets where it is below zero: nothing clamps an adjusted score."""
    return f"({_plain(value)})" if value < 0 else _plain(value)


def _mean_of(marks: Sequence[Decimal]) -> str:
    """A mean of marks as the sum it comes from, to two decimals as ties are judged."""
    mean = displayed(sum(marks, Decimal(0)) / len(marks)) if marks else None
    told = " + ".join(shown(mark) if mark == round(mark, 1) else figure(float(mark), FINE) for mark in marks)
    return f"({told}) ÷ {len(marks)} = {figure(float(mean))}" if mean is not None else "–"


def signed_cents(value: Decimal) -> str:
    """A gap to two decimals, with its sign when below zero."""
    return f"−{figure(float(-value))}" if value < 0 else figure(float(value))


class Shown:
    """A reading as its row shows it; its severity is there for who may know it.

    `aside`: the applications its reader stands aside from, of which no figure is told.
    """

    def __init__(
        self, reading: Reading, label: str, inputs: Mapping[str, Any], *, named: bool, aside: Collection[UUID]
    ) -> None:
        self.label = label
        self.sum = counted_sum(reading, inputs["criteria"])
        self.marks = ["–" if mark is None else shown(Decimal(mark)) for mark in reading.marks]
        self.total = figure(reading.total, FINE)
        if named:
            self.effect, self.sheets, self.gaps = signed(reading.effect), reading.sheets, signed(reading.gaps)
            self.gap_sum = gap_sum(reading, aside)


class Figures:
    """The figures of a line, each as the sum it comes from."""

    def __init__(self, line: StandingLine, trace: Trace, standing: Standing, panel: Panel) -> None:
        totals, effects = [one.total for one in trace.readings], [one.effect for one in trace.readings]
        n, of = len(totals), trace.spread
        self.ridge = shown(Decimal(str(standing.inputs["ridge"])))
        self.is_calibrated = standing.figures.get("calibrated") is not False
        self.mean = f"({_sum(totals)}) ÷ {n} = {figure(line.mean, FINE)}"
        self.severity = f"({_sum(effects)}) ÷ {n} = {signed(sum(effects) / n)}"
        self.average = signed(sum(effects) / n)
        self.adjusted = f"{figure(line.mean, FINE)} − ({self.average}) = {figure(line.adjusted, FINE)}"
        sigma2 = standing.figures["sigma2"]
        top = " + ".join(figure(part, FINEST) for part in (of.prior, of.residuals, of.penalty))
        self.sigma2 = f"({top}) ÷ (4 + {of.sheets} − {of.submissions}) = {figure(sigma2, FINEST)}"
        self.margin = f"√({figure(sigma2, FINEST)} ÷ {n}) = {figure(line.margin, FINE)}"
        self.spread_of = of
        self.squares = squares(line, totals)
        self.chance = "" if line.probability is None else figure(100 * line.probability, 1)
        self.places = panel.places


def squares(line: StandingLine, totals: Sequence[float]) -> str:
    """The gap between jurors as the sum it comes from; empty below two sheets."""
    if line.spread is None or line.mean is None:
        return ""
    parts = " + ".join(f"({figure(total, FINE)} − {figure(line.mean, FINE)})²" for total in totals)
    return f"√(({parts}) ÷ {len(totals) - 1}) = {figure(line.spread, FINE)}"


def _sum(values: Sequence[float]) -> str:
    first, *rest = values
    return "".join([_plain(first), *(f" − {_plain(-one)}" if one < 0 else f" + {_plain(one)}" for one in rest)])


def _plain(value: float) -> str:
    shown = figure(abs(value), FINE)
    return f"−{shown}" if value < 0 else shown


def signed(value: float) -> str:
    """A figure to three decimals with its sign: "+0,030", "−0,164", "0,000"."""
    text = figure(abs(value), FINE)
    if round(value, FINE) == 0:
        return text
    return f"+{text}" if value > 0 else f"−{text}"
