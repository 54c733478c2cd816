"""A frozen standing laid out: each line with its bar and the reason of its rank, drawn once and kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import ceil, floor
from typing import Any, NamedTuple
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import get_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from bethune_smartcity.core.components.marks import badge, pin
from juries.models import Panel, Proposal, Standing, StandingLine
from juries.scoring.bands import AGREED, DIVIDED, NUANCED, agreement, atypical
from juries.scoring.ranking import displayed

WIDTH, INSET = 150, 8
NOWHERE = UUID(int=0)

AGREEMENTS = {
    AGREED: pgettext_lazy("between jurors", "agreement"),
    NUANCED: pgettext_lazy("between jurors", "some gaps"),
    DIVIDED: pgettext_lazy("between jurors", "divided views"),
}
BANDS = {
    StandingLine.Band.SOLID: ("check-circle-fill", "ok"),
    StandingLine.Band.DISCUSS: ("chat-dots", "warn"),
    StandingLine.Band.UNLIKELY: ("dash-circle", "quiet"),
}


@dataclass(frozen=True)
class Axis:
    """The scale all bars of a standing share, in drawing units.

    `ticks` are (x, mark), `ground` what each bar lies on.
    """

    low: float
    high: float
    ticks: tuple[tuple[str, int], ...] = ()
    ground: str = ""

    def x(self, score: float) -> str:
        return f"{INSET + (score - self.low) / (self.high - self.low) * (WIDTH - 2 * INSET):.1f}"


# What a line of a standing says after the reason of its rank.
Beside = Callable[[StandingLine], SafeString]


@dataclass(frozen=True)
class StandingRow:
    """A line as its row shows it; `drawn` and `why` are in the reader's language."""

    line: StandingLine
    drawn: SafeString
    why: tuple[str, str]
    opens_cut: bool


def axis_of(lines: Sequence[StandingLine], scores: Mapping[int, float], places: int) -> Axis | None:
    """The axis from the least to the greatest score, margins included; None without a score."""
    if not scores:
        return None
    margins = {line.pk: line.margin or 0.0 for line in lines}
    low = floor(min(score - margins[pk] for pk, score in scores.items()))
    high = max(ceil(max(score + margins[pk] for pk, score in scores.items())), low + 1)
    step = max(1, round((high - low) / 4))
    axis = Axis(low, high)
    ticks = tuple((axis.x(mark), mark) for mark in range(low, high + 1, step))
    return Axis(low, high, ticks, _ground([x for x, _mark in ticks], _cut(axis, lines, scores, places)))


def _ground(ticks: Sequence[str], cut: str) -> SafeString:
    """The ticks as one path, and the cut."""
    path = "".join(f"M{x} 0V26" for x in ticks)
    dashes = format_html('<path class="range__cut" d="M{} 0V26"/>', cut) if cut else ""
    return format_html('<path class="range__axis" d="{}"/>{}', path, dashes)


def _cut(axis: Axis, lines: Sequence[StandingLine], scores: Mapping[int, float], places: int) -> str:
    """Half-way between the last place and the first beyond, when both are shown."""
    by_order = {line.order: scores.get(line.pk) for line in lines}
    inside, beyond = by_order.get(places), by_order.get(places + 1)
    return "" if inside is None or beyond is None else axis.x((inside + beyond) / 2)


VERDICTS = {Proposal.Verdict.KEEP: "ok", Proposal.Verdict.RESERVE: "info", Proposal.Verdict.DECLINE: "quiet"}


def standing_rows(
    panel: Panel,
    lines: Sequence[StandingLine],
    names: Mapping[str, str],
    beside: Beside | None = None,
    remarks: Mapping[UUID, int] | None = None,
) -> dict[str, Any]:
    """The rows of a standing and their axis.

    `names`: titles by id, for those the sentences speak of; `beside`: what each line says after them; `remarks`: how
    many were made on each application, for those who may read the debate.
    """
    is_mean = panel.basis == Panel.Basis.MEAN
    official = {line.pk: line.mean if is_mean else line.adjusted for line in lines}
    scores = {pk: score for pk, score in official.items() if score is not None}
    axis = axis_of(lines, scores, panel.places)
    links = Links(panel, remarks)
    rows = [_row(line, scores.get(line.pk), axis, panel.places, names, beside, links) for line in lines]
    return {"rows": rows, "axis": axis, "by_mean": is_mean}


class Links:
    """Where a line of the standing leads: its figures and, for who may read it, the debate."""

    def __init__(self, panel: Panel, remarks: Mapping[UUID, int] | None) -> None:
        self.remarks = remarks
        self.figures, self.debate = (
            reverse(f"juries:{name}", kwargs={"pk": panel.pk, "submission": NOWHERE})
            for name in ("explanation", "debate")
        )

    def of(self, key: UUID) -> tuple[str, str, int]:
        """The address of the figures, that of the debate (empty when closed), how many remarks it holds."""
        figures, debate = (url.replace(str(NOWHERE), str(key)) for url in (self.figures, self.debate))
        return (figures, "", 0) if self.remarks is None else (figures, debate, self.remarks.get(key, 0))


def proposing(panel: Panel, proposals: Mapping[Any, Proposal]) -> Beside:
    """What the chair's board says beside each line in deliberation: what is proposed of it, and how to propose."""

    def beside(line: StandingLine) -> SafeString:
        found = proposals.get(line.submission_id)
        verdict = (str(found.get_verdict_display()), VERDICTS[found.verdict]) if found else None
        return render_to_string(
            "juries/chair/proposed.html", {"panel": panel, "one": line.submission, "verdict": verdict}
        )

    return beside


def _row(
    line: StandingLine,
    score: float | None,
    axis: Axis | None,
    places: int,
    names: Mapping[str, str],
    beside: Beside | None,
    links: Links,
) -> StandingRow:
    one, pillar, said = line.submission, line.submission.pillar, why_above(line, names, is_cut=line.order == places)
    facts = (line.rank, line.sheets, line.mean, line.adjusted, line.margin, line.band, line.spread)
    opens_cut, drawn = line.order == places + 1, pin(pillar) if pillar else SafeString("")
    cells = (get_language(), str(one.number), one.title, drawn, Facts(*facts), axis, score)
    more = beside(line) if beside else SafeString("")
    return StandingRow(
        line, _line(*cells, opens_cut, said, not line.why, more, links.of(line.submission_id)), said, opens_cut
    )


class Facts(NamedTuple):
    """What a line of a standing was frozen with."""

    rank: int | None
    sheets: int
    mean: float | None
    adjusted: float | None
    margin: float | None
    band: str
    spread: float | None


@lru_cache(maxsize=4096)
def _line(
    language: str | None,
    number: str,
    title: str,
    pin: str,
    facts: Facts,
    axis: Axis | None,
    score: float | None,
    opens_cut: bool,
    why: tuple[str, str],
    is_last: bool,
    beside: str,
    links: tuple[str, str, int],
) -> SafeString:
    """A line drawn. It depends on nothing but these inputs, nearly all frozen: kept once drawn."""
    shown = {
        "number": number,
        "title": title,
        "pin": pin,
        "rank": facts.rank,
        "counted": sheets_counted(facts.sheets, language),
        "mean": figure(facts.mean),
        "correction": correction(facts.mean, facts.adjusted),
        "adjusted": figure(facts.adjusted),
        "margin": figure(facts.margin),
        "spread": figure(facts.spread, 1),
        "band": _band(facts.band, language),
        "agreement": str(AGREEMENTS.get(agreement(facts.spread) or "", "")),
        "drawing": "" if axis is None or score is None else _drawing(axis, score, facts.margin),
        "opens_cut": opens_cut,
        "why": why,
        "is_last": is_last,
        "beside": beside,
        **dict(zip(("url", "debate_url", "remarks"), links, strict=True)),
    }
    return render_to_string("juries/chair/standing_line.html", shown)


def band_of(zone: str) -> SafeString:
    """The badge of a zone; nothing without one."""
    return _band(zone, get_language())


@lru_cache(maxsize=32)
def _band(zone: str, _language: str | None) -> SafeString:
    if not zone:
        return SafeString("")
    shape, tone = BANDS[StandingLine.Band(zone)]
    return badge(StandingLine.Band(zone).label, tone, shape)


def _drawing(axis: Axis, score: float, margin: float | None) -> SafeString:
    """The bar of a score: its point, between the two ends of its margin."""
    point = SafeString(f'<circle class="range__point" cx="{axis.x(score)}" cy="13" r="5.5"/>')
    if margin is None:
        return SafeString(axis.ground + point)
    low, high = axis.x(score - margin), axis.x(score + margin)
    ends = SafeString(f'<path class="range__whisker" d="M{low} 13H{high}M{low} 7V19M{high} 7V19"/>')
    return SafeString(axis.ground + ends + point)


@lru_cache(maxsize=256)
def sheets_counted(count: int, _language: str | None) -> str:
    return ngettext("%(n)s sheet", "%(n)s sheets", count) % {"n": count}


def figure(value: float | None, places: int = 2) -> str:
    """A figure of the standing as it is read, halves up: "3,46"; empty without one."""
    if value is None:
        return ""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:f}".replace(".", get_format("DECIMAL_SEPARATOR"))


def signed(value: float) -> str:
    """A correction with its sign: "+0,03", "−0,16", "0,00"."""
    shown = figure(float(f"{abs(value):.2f}"))
    if round(value, 2) == 0:
        return shown
    return f"+{shown}" if value > 0 else f"−{shown}"


def correction(mean: float | None, adjusted: float | None) -> str:
    """What brings the mean to the adjusted score, both as shown: "−0,16"; empty without them."""
    if mean is None or adjusted is None:
        return ""
    return signed(float(displayed(adjusted) - displayed(mean)))


def why_above(line: StandingLine, names: Mapping[str, str], *, is_cut: bool) -> tuple[str, str]:
    """("Ahead of X:", "gap 0.41, the margins overlap; 4 jurors out of 6 place it ahead"), empty without a next line."""
    name = names.get(str(line.why.get("next", "")))
    return why(name, tuple(sorted(line.why.items())), is_cut, get_language()) if name else ("", "")


@lru_cache(maxsize=4096)
def why(name: str, facts: tuple[tuple[str, Any], ...], is_cut: bool, _language: str | None) -> tuple[str, str]:
    """Why a line stands above the one of `name`, from the facts frozen with it: kept once said."""
    found = dict(facts)
    head = _("Tied with %s:") if found.get("tied") else _("Ahead of %s:")
    parts = [_gap(found), _duel(found), _settled(found), _reversal(found)]
    if is_cut and found.get("margins_overlap"):
        parts.append(_("this is the cut, to be discussed"))
    return head % name, listed(part for part in parts if part) + "."


def listed(parts: Iterable[str]) -> str:
    """Parts of a sentence, one after the other."""
    return pgettext("between clauses", "; ").join(parts)


def _gap(found: Mapping[str, Any]) -> str:
    gap = number_format(str(found.get("gap", "0")), decimal_pos=2)
    if found.get("margins_overlap") is None:
        return _("gap %s") % gap
    if found["margins_overlap"]:
        return _("gap %s, the margins overlap") % gap
    return _("gap %s, the margins do not touch") % gap


def _duel(found: Mapping[str, Any]) -> str:
    ahead = int(found.get("ahead", 0))
    count = {"ahead": ahead, "all": ahead + int(found.get("behind", 0)) + int(found.get("level", 0))}
    if not count["all"]:
        return ""
    words = ngettext(
        "%(ahead)s juror out of %(all)s places it ahead", "%(ahead)s jurors out of %(all)s place it ahead", ahead
    )
    return words % count


def _settled(found: Mapping[str, Any]) -> str:
    if found.get("decided_by") == "criterion" and "criterion_ours" in found:
        ours, theirs = (figure(float(found[name])) for name in ("criterion_ours", "criterion_theirs"))
        words = _("settled by the criterion “%(criterion)s”, %(ours)s against %(theirs)s")
        return words % {"criterion": found.get("criterion"), "ours": ours, "theirs": theirs}
    if found.get("decided_by") == "criterion":
        return _("settled by the criterion “%s”") % found.get("criterion")
    if "among" in found:
        return _among(found)
    return _("settled by the number of jurors") if found.get("decided_by") == "jurors" else ""


def _among(found: Mapping[str, Any]) -> str:
    """How jurors weighed both among more than two that were tied."""
    if found.get("decided_by") == "jurors":
        words = _(
            "settled by the jurors: %(for)s for, %(against)s against, among the %(among)s tied "
            "(the next: %(next_for)s for, %(next_against)s against)"
        )
    else:
        words = _(
            "%(for)s for, %(against)s against, among the %(among)s tied "
            "(the next: %(next_for)s for, %(next_against)s against)"
        )
    return words % found


def _reversal(found: Mapping[str, Any]) -> str:
    return _("plain means alone would give the other order") if found.get("correction_reverses") else ""


def second_look(lines: Sequence[StandingLine]) -> str:
    """Those whom the sum of ranks would place elsewhere: "ECHY: 5 instead of 6"."""
    return listed(
        _("%(title)s: %(other)s instead of %(rank)s")
        % {"title": line.submission.title, "other": line.second_look, "rank": line.rank}
        for line in lines
        if line.second_look is not None and line.rank is not None and line.second_look != line.rank
    )


def atypical_jurors(standing: Standing, jurors: Sequence[Any]) -> list[str]:
    """Jurors whose sheets lie far from the others', for the chair alone: a question, not a fault."""
    discordance = standing.figures.get("discordance", {})
    return [str(juror) for juror in jurors if atypical(discordance.get(str(juror.pk)))]
