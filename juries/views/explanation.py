"""How one line of the standing was computed: every figure with the numbers it is made of, to be found again by hand."""

from collections.abc import Iterable, Mapping, Sequence
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
from juries.scoring.retrace import Part, Reading, Spread, Trace, compared, counted, duel, parts, retrace, tied_with
from juries.scoring.standing import without_tied
from juries.scoring.totals import OUT_OF
from juries.views.chair import OnPanel
from juries.views.disclosed import OnceDisclosed
from juries.views.ranked import correction, figure, why
from juries.views.sums import FINE, added, bracketed, fitted, plain, signed

FINEST = 4
SPELT_OUT = 600
"""Sheets of a panel up to which what remains of each is written out for who may read it."""


class Explanation(OnceDisclosed, OnPanel, GuardedPage):
    """The computation of one application's figures, once the jury knows them. Jurors are named to who leads alone.

    Who stands aside from an application of the ranking reads the sums that regard this one alone: those over all sheets
    of a juror, or of the panel, would give the marks of what is closed to them as the one number that lacks.
    """

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
        """The applications of the ranking this person stands aside from."""
        return set(set_aside(self.object, self.request.user)) & {line.submission_id for line in self.lines}

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
                Shown(one, labels[one.juror], self.standing.inputs, named=bool(self.names)) for one in trace.readings
            ],
            remains=self.remains(trace.spread, adjusted, effects) if self.names else None,
            reads_all=not self.aside,
            next=self.following(labels),
            is_annexed=bool(self.names),
            crumbs=crumbs,
            **kwargs,
        )

    @cached_property
    def names(self) -> dict[int, str]:
        """The jurors by key, for those who may read how each marked; nobody's name for the others."""
        if self.aside or not can(self.request.user, "juries.see_annex", self.object):
            return {}
        return {one.pk: str(one) for one in Juror.objects.filter(panel=self.object).select_related("user")}

    def remains(self, of: Spread, adjusted: Mapping[str, Any], effects: Mapping[str, Any]) -> dict[str, Any]:
        """What neither score nor severity explains, juror by juror: (name, its sum), and the sum of them all."""
        found = parts(self.standing.inputs, adjusted=adjusted, effects=effects)
        is_short = of.sheets <= SPELT_OUT
        whole = fitted([one.squares for one in found], of.residuals, _sum, places=FINEST)
        rows = [
            (self.names.get(one.juror, ""), remaining(one) if is_short else "", plain(told))
            for one, told in zip(found, whole.operands, strict=True)
        ]
        return {"rows": rows, "sum": f"{added(whole.operands)} = {plain(whole.result)}"}

    def label(self, place: int, juror: int) -> str:
        return self.names.get(juror) or _("Reader %(n)s") % {"n": place}

    def following(self, labels: Mapping[int, str]) -> dict[str, Any] | None:
        """The next line and the totals of those who marked both; None for the last line or one that is not shown."""
        key = self.line.why.get("next")
        below = next((one for one in self.lines if str(one.submission_id) == key), None)
        if below is None or below.submission_id in self.aside:
            return None
        rows = duel(self.standing.inputs, str(self.line.submission_id), str(below.submission_id))
        totals = {juror: (figure(mine, FINE), figure(theirs, FINE)) for juror, mine, theirs in rows}
        pairs = [(label, *totals[juror]) for juror, label in labels.items() if juror in totals]
        told = without_tied(self.line.why) if self.aside else self.line.why
        reason = why(below.submission.title, tuple(sorted(told.items())), False, get_language())
        counts = self.counts(below) if "among" in self.line.why and not self.aside else []
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
        """The title of an application by its id."""
        return next(line.submission.title for line in self.lines if str(line.submission_id) == key)

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
            "scale": _("from %(least)s to %(most)s")
            % {"least": shown(Decimal(one["minimum"])), "most": shown(Decimal(one["maximum"]))},
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


def gap_sum(reading: Reading) -> str:
    """The sum of a juror's gaps, sheet by sheet."""
    operands = list(chain.from_iterable(pair for _key, *pair in reading.against))
    found = fitted(operands, reading.gaps, lambda given: sum(given[::2]) - sum(given[1::2], Decimal(0)))
    pairs = zip(found.operands[::2], found.operands[1::2], strict=True)
    told = [f"({plain(total)} − {bracketed(adjusted)})" for total, adjusted in pairs]
    return f"{' + '.join(told)} = {signed(found.result)}"


def remaining(of: Part) -> str:
    """The sum of the squares of what neither score nor severity explains of a juror's sheets."""
    found = fitted([*chain.from_iterable(of.against), of.effect], of.squares, _remaining)
    *given, effect = found.operands
    pairs = zip(given[::2], given[1::2], strict=True)
    told = [f"({plain(total)} − {bracketed(adjusted)} − {bracketed(effect)})²" for total, adjusted in pairs]
    return f"{' + '.join(told)} = {plain(found.result)}"


def _remaining(given: Sequence[Decimal]) -> Decimal:
    """Totals and adjusted scores in turn, then the effect."""
    *pairs, effect = given
    return _sum([(total - adjusted - effect) ** 2 for total, adjusted in zip(pairs[::2], pairs[1::2], strict=True)])


def _sum(given: Sequence[Decimal]) -> Decimal:
    return sum(given, Decimal(0))


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
    """A reading as its row shows it; its severity is there for who may know it."""

    def __init__(self, reading: Reading, label: str, inputs: Mapping[str, Any], *, named: bool) -> None:
        self.label = label
        self.total, self.sum = counted_sum(reading, inputs["criteria"])
        marks = ("–" if mark is None else shown(Decimal(mark)) for mark in reading.marks)
        self.marks = list(zip((one["label"] for one in inputs["criteria"]), marks, strict=True))
        if named:
            over = reading.sheets + Decimal(str(inputs["ridge"]))
            found = fitted([reading.gaps], reading.effect, lambda given: given[0] / over)
            self.effect, self.sheets, self.gaps = signed(found.result), reading.sheets, signed(found.operands[0])
            self.gap_sum = gap_sum(reading)


class Figures:
    """The figures of a line, each as the sum it comes from. A line without a score has none."""

    def __init__(self, line: StandingLine, trace: Trace, standing: Standing, panel: Panel) -> None:
        # By their value: beside no sheet, and in no order that would tell whose is whose.
        totals, effects = [one.total for one in trace.readings], sorted(one.effect for one in trace.readings)
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
        ours, theirs = displayed(mean), displayed(adjusted)
        self.correction = f"{plain(theirs)} − {plain(ours)} = {correction(mean, adjusted)}"
        self.spread_of = trace.spread
        self.penalty = penalty(trace.spread, standing)
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


def penalty(of: Spread, standing: Standing) -> str:
    """The ridge times the squared severities of all jurors, in the order of their values, as the sum it comes from."""
    ridge = Decimal(str(standing.inputs["ridge"]))
    effects = sorted(one for one in standing.figures.get("effects", {}).values() if one is not None)
    found = fitted(effects, of.penalty, lambda given: ridge * _sum([one**2 for one in given]), places=FINEST)
    told = " + ".join(f"{bracketed(one)}²" for one in found.operands)
    return f"{shown(ridge)} × ({told}) = {plain(found.result)}"


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
