"""How one line of the standing was computed: every figure with the numbers it is made of, to be found again by hand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain
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
from juries.scoring.ranking import HeadToHead, displayed
from juries.scoring.retrace import Reading, Spread, Trace, compared, counted, duel, retrace, tied_with
from juries.scoring.totals import OUT_OF
from juries.views.chair import OnPanel
from juries.views.ranked import figure, why
from juries.views.sums import FINE, added, bracketed, fitted, plain, signed

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
        counts = self.counts(below) if "among" in self.line.why else []
        return {"line": below, "pairs": pairs, "why": reason, "counts": counts, **self.against(below)}

    def counts(self, below: StandingLine) -> list[tuple[str, list[tuple[str, HeadToHead]]]]:
        """Of this line and of the one `below`, how jurors put each against every other of those tied with both."""
        inputs, is_mean = self.standing.inputs, self.object.basis == Panel.Basis.MEAN
        scores = {str(one.submission_id): one.mean if is_mean else one.adjusted for one in self.lines}
        keys = [str(one.submission_id) for one in (self.line, below)]
        tied = tied_with(inputs, *keys, scores)
        return [
            (self.titled(key), [(self.titled(other), counted(inputs, key, other)) for other in tied if other != key])
            for key in keys
        ]

    def titled(self, key: str) -> str:
        """The title of an application by its id, for who may know of it."""
        one = next(line.submission for line in self.lines if str(line.submission_id) == key)
        return _("an application from which you stand aside") if one.pk in self.aside else one.title

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


def counted_sum(reading: Reading, criteria: Iterable[dict[str, Any]]) -> tuple[str, str]:
    """The total of a sheet, and the sum it comes from, as the page says it in words."""
    counted = [
        (one, Decimal(mark)) for one, mark in zip(criteria, reading.marks, strict=True) if one["counted"] and mark
    ]
    parts, exact = [], Fraction(0)
    for one, mark in counted:
        weight, low, high = (Decimal(one[name]) for name in ("weight", "minimum", "maximum"))
        parts.append(f"{shown(weight)} × ({shown(mark)} − {shown(low)}) ÷ ({shown(high)} − {shown(low)})")
        exact += Fraction(weight) * Fraction(mark - low) / Fraction(high - low)
    whole = sum((Decimal(one["weight"]) for one, _mark in counted), Decimal(0))
    top, bottom = (OUT_OF * exact / Fraction(whole)).as_integer_ratio()
    total = plain(fitted([], reading.total, lambda _given: Decimal(top) / bottom).result)
    return total, f"20 × ({' + '.join(parts)}) ÷ {shown(whole)} = {total}"


def gap_sum(reading: Reading, aside: Collection[UUID]) -> str:
    """The sum of a juror's gaps; what regards applications its reader stands aside from comes as one number."""
    hidden = {str(key) for key in aside}
    told = [pair for key, *pair in reading.against if key not in hidden]
    rest = [total - adjusted for key, total, adjusted in reading.against if key in hidden]
    operands = [*chain.from_iterable(told), *([fsum(rest)] if rest else [])]
    found = fitted(operands, reading.gaps, lambda given: _gaps(given, len(told)))
    pairs = zip(found.operands[: 2 * len(told) : 2], found.operands[1 : 2 * len(told) : 2], strict=True)
    parts = [f"({plain(total)} − {bracketed(adjusted)})" for total, adjusted in pairs]
    parts += [f"({signed(one)})" for one in found.operands[2 * len(told) :]]
    return f"{' + '.join(parts)} = {signed(found.result)}"


def _gaps(given: Sequence[Decimal], pairs: int) -> Decimal:
    """The sum of so many differences, and of what comes after them."""
    return sum(given[: 2 * pairs : 2]) - sum(given[1 : 2 * pairs : 2]) + sum(given[2 * pairs :], Decimal(0))


def _mean_of(marks: Sequence[Decimal]) -> str:
    """A mean of marks as the sum it comes from, to two decimals as ties are judged."""
    if not marks:
        return "–"
    found = fitted(marks, sum(marks, Decimal(0)) / len(marks), _mean, places=2)
    told = " + ".join(shown(mark) if mark == round(mark, 1) else plain(mark) for mark in found.operands)
    return f"({told}) ÷ {len(marks)} = {plain(found.result)}"


def _mean(given: Sequence[Decimal]) -> Decimal:
    return sum(given, Decimal(0)) / len(given)


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
        self.total, self.sum = counted_sum(reading, inputs["criteria"])
        self.marks = ["–" if mark is None else shown(Decimal(mark)) for mark in reading.marks]
        if named:
            over = reading.sheets + Decimal(str(inputs["ridge"]))
            found = fitted([reading.gaps], reading.effect, lambda given: given[0] / over)
            self.effect, self.sheets, self.gaps = signed(found.result), reading.sheets, signed(found.operands[0])
            self.gap_sum = gap_sum(reading, aside)


class Figures:
    """The figures of a line, each as the sum it comes from. A line without a score has none."""

    def __init__(self, line: StandingLine, trace: Trace, standing: Standing, panel: Panel) -> None:
        totals, effects = [one.total for one in trace.readings], [one.effect for one in trace.readings]
        mean, adjusted, margin = (value or 0.0 for value in (line.mean, line.adjusted, line.margin))
        self.ridge = shown(Decimal(str(standing.inputs["ridge"])))
        self.is_calibrated = standing.figures.get("calibrated") is not False
        found = fitted(totals, mean, _mean)
        self.mean = f"({added(found.operands)}) ÷ {len(totals)} = {plain(found.result)}"
        found = fitted(effects, fsum(effects) / len(effects), _mean)
        self.average = signed(found.result)
        self.severity = f"({added(found.operands)}) ÷ {len(effects)} = {self.average}"
        found = fitted([mean, fsum(effects) / len(effects)], adjusted, lambda given: given[0] - given[1])
        self.adjusted = f"{plain(found.operands[0])} − ({signed(found.operands[1])}) = {plain(found.result)}"
        self.spread_of = trace.spread
        self.sigma2, self.margin = uncertainty(trace.spread, standing.figures["sigma2"], margin, len(totals))
        self.squares = squares(line, totals)
        self.chance = "" if line.probability is None else figure(100 * line.probability, 1)
        self.places = panel.places


def uncertainty(of: Spread, sigma2: float, margin: float, sheets: int) -> tuple[str, str]:
    """σ² and the margin of a line of so many sheets, each as the sum it comes from."""
    parts = [of.prior, of.residuals, of.penalty]
    whole = fitted(parts, sigma2, lambda given: sum(given, Decimal(0)) / of.divisor, places=FINEST)
    top = " + ".join(plain(part) for part in whole.operands)
    root = fitted([sigma2], margin, lambda given: (given[0] / sheets).sqrt())
    return (
        f"({top}) ÷ (4 + {of.sheets} − {of.submissions}) = {plain(whole.result)}",
        f"√({plain(root.operands[0])} ÷ {sheets}) = {plain(root.result)}",
    )


def squares(line: StandingLine, totals: Sequence[float]) -> str:
    """The gap between jurors as the sum it comes from; empty below two sheets."""
    if line.spread is None or line.mean is None:
        return ""
    found = fitted([*totals, line.mean], line.spread, _deviation)
    parts = " + ".join(f"({plain(total)} − {plain(found.operands[-1])})²" for total in found.operands[:-1])
    return f"√(({parts}) ÷ {len(totals) - 1}) = {plain(found.result)}"


def _deviation(given: Sequence[Decimal]) -> Decimal:
    """The standard deviation of all but the last, which is their mean."""
    *totals, mean = given
    return (sum(((total - mean) ** 2 for total in totals), Decimal(0)) / (len(totals) - 1)).sqrt()
