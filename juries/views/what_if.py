"""Several selections side by side, with what a given envelope gives each: to look at before deciding.

For whoever may read the standing, while the jury debates or deliberates. Nothing is kept, and what its reader stands
aside from is neither shown nor counted: the first ones are the first of those they may know of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core.errors import Conflict
from juries.aside import kept_from
from juries.forms.what_if import Share, WhatIfForm
from juries.models import Panel, Proposal, StandingLine
from juries.operations.deliberation import Ranking, jury_prizes, ranking_with_proposals
from juries.queries.panels import IN_SCOPE
from juries.scoring.selections import Placed, as_announced, by_score, first, in_equal_shares
from juries.views.balance import shares_of
from juries.views.chair import ReadPanel
from juries.views.ranked import figure
from juries.workflow import DEBATING, PanelState

USUAL = 3
"""How many are compared around, where the call announced no prize of the jury."""


@dataclass(frozen=True)
class Selection:
    """Applications and what each gets, in euros, by the key of theirs. `left`: None where part of it is not told."""

    name: str
    amounts: Mapping[Any, Decimal]
    left: Decimal | None
    covered: list[str]
    absent: list[str]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), Decimal(0))


@dataclass(frozen=True)
class Row:
    """An application and, in the order of the selections, their names with what it gets: None where it is left out."""

    line: StandingLine
    score: str
    cells: list[tuple[str, Decimal | None]]


class WhatIf(ReadPanel):
    """The page of a finale; its form is sent by GET."""

    permission = "juries.see_standing"
    template_name = "juries/chair/what_if.html"

    def fetch(self) -> Panel:
        panel = super().fetch()
        if panel.stage != Panel.Stage.FINALE:
            raise Http404
        return panel

    @cached_property
    def table(self) -> tuple[Ranking, list[Proposal]]:
        return ranking_with_proposals(self.object)

    @cached_property
    def aside(self) -> frozenset[Any]:
        return kept_from(self.object, self.request.user)

    @cached_property
    def lines(self) -> list[StandingLine]:
        """What is ranked, still awaits the decision and may be known of."""
        state = IN_SCOPE[Panel.Stage(self.object.stage)]
        lines = [one for one in self.table[0].lines if one.rank is not None and one.submission.state == state]
        return [one for one in lines if one.submission_id not in self.aside]

    def official(self, line: StandingLine) -> float | None:
        return line.mean if self.object.basis == Panel.Basis.MEAN else line.adjusted

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel = self.object
        if panel.state not in DEBATING:
            raise Conflict("wrong_state", _("This is no longer possible, or not yet: the state of the jury says so."))
        standing_url = reverse("juries:standing", kwargs={"pk": panel.pk})
        crumbs = [(panel.call.title, panel.call.get_absolute_url()), (_("Standing"), standing_url)]
        prizes = [prize.amount or Decimal(0) for prize in jury_prizes(panel)]
        total = sum(prizes, Decimal(0)) if panel.call.envelope is None else panel.call.envelope
        form = WhatIfForm(self.request.GET, lines=self.lines, envelope=total)
        selections = self.selections(form.asked, prizes)
        return super().get_context_data(
            panel=panel,
            call=panel.call,
            form=form,
            envelope=form.asked["envelope"],
            selections=selections,
            rows=[self.row(line, selections) for line in self.lines],
            is_extract=bool(self.aside),
            standing_url=standing_url,
            crumbs=[*crumbs, (_("Compare selections"), "")],
            **kwargs,
        )

    def selections(self, asked: Mapping[str, Any], prizes: Sequence[Decimal]) -> list[Selection]:
        """What is proposed now, the first ones of the ranking, and what was picked."""
        ranked = [Placed(str(one.submission_id), one.rank or 0, self.official(one)) for one in self.lines]
        around, found = len(prizes) or USUAL, {}
        for count in (around - 1, around, around + 1):
            kept = first(ranked, count) if 0 < count <= len(ranked) else []
            if kept:
                found[len(kept)] = kept
        named = [(self.first_ones(count), kept) for count, kept in found.items()]
        numbers = {str(one.submission_id): one.submission.number for one in self.lines}
        picked = [one for one in ranked if numbers[one.key] in asked["pick"]]
        if picked:
            named.append((_("Your selection"), picked))
        made = [self.selection(name, self.shared(kept, asked, prizes), asked["envelope"]) for name, kept in named]
        return [*self.proposed(asked["envelope"]), *made]

    @staticmethod
    def first_ones(count: int) -> str:
        return ngettext("The first of the ranking", "The first %(n)s of the ranking", count) % {"n": count}

    @staticmethod
    def shared(kept: Sequence[Placed], asked: Mapping[str, Any], prizes: Sequence[Decimal]) -> dict[str, Decimal]:
        if asked["share"] == Share.ANNOUNCED:
            return as_announced(kept, prizes)
        return (in_equal_shares if asked["share"] == Share.EQUAL else by_score)(kept, asked["envelope"])

    def selection(
        self, name: str, amounts: Mapping[str, Decimal], envelope: Decimal, *, is_whole: bool = True
    ) -> Selection:
        shares = shares_of([one.submission for one in self.lines], amounts.keys())
        named = [(share.pillar.name, share.kept) for share in shares if share.pillar]
        return Selection(
            name=name,
            amounts=amounts,
            left=envelope - sum(amounts.values(), Decimal(0)) if is_whole else None,
            covered=[pillar for pillar, kept in named if kept],
            absent=[pillar for pillar, kept in named if not kept],
        )

    def proposed(self, envelope: Decimal) -> list[Selection]:
        """What is proposed now, each application with all its prizes; nothing before the deliberation."""
        if self.object.state != PanelState.DELIBERATION:
            return []
        known = {one.submission_id for one in self.lines}
        given = [one for one in self.table[1] if one.prize is not None]
        amounts: dict[str, Decimal] = {}
        for one in given:
            if one.submission_id in known:
                key = str(one.submission_id)
                amounts[key] = amounts.get(key, Decimal(0)) + (one.amount or 0)
        is_whole = all(one.submission_id in known for one in given)
        return [self.selection(_("As proposed now"), amounts, envelope, is_whole=is_whole)] if amounts else []

    def row(self, line: StandingLine, selections: Sequence[Selection]) -> Row:
        key = str(line.submission_id)
        cells = [(one.name, one.amounts.get(key)) for one in selections]
        return Row(line, figure(self.official(line)), cells)
