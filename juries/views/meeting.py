"""The meeting that settles a shortlist: the leading applications side by side, what is proposed, and the pillars.

For members of the panel. What a member stands aside from is neither shown nor counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import can
from juries.aside import kept_from
from juries.forms.chair import ProposalForm
from juries.models import Panel, Proposal, StandingLine
from juries.operations.deliberation import (
    Ranking,
    departures,
    ranking_with_proposals,
    sentence_of,
)
from juries.queries.debate import Comments, comments_by
from juries.queries.panels import IN_SCOPE
from juries.queries.standings import lines_apart
from juries.scoring.bands import agreement
from juries.views.balance import balance_of
from juries.views.chair import ReadPanel
from juries.views.disclosed import OnceDisclosed
from juries.views.ranked import AGREEMENTS, VERDICTS, band_of, figure, sheets_counted, why_above
from juries.workflow import DEBATING, PanelState

LEADING = 20
"""Applications a meeting looks at side by side, those tied with the last of them beside."""
BEYOND = 5
"""At least as many more than there are places to give."""


@dataclass(frozen=True)
class Row:
    """An application as the meeting sees it; figures are written in the reader's language.

    `chance` is in per cent. `comments` and `remarks` are what its readers wrote and how much was said. `proposal` is
    one of those of it, which differ by their prize alone; `lacks`: the reasons it still needs, for who leads.
    """

    line: StandingLine
    score: str
    margin: str
    chance: str
    spread: str
    agreement: str
    band: SafeString
    counted: str
    is_tied: bool
    opens_cut: bool
    why: tuple[str, str]
    comments: Comments
    remarks: int
    proposal: Proposal | None = None
    prizes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    tone: str = ""
    lacks: list[str] = field(default_factory=list)
    form: ProposalForm | None = None


def leading(lines: Sequence[StandingLine], places: int) -> list[StandingLine]:
    """The first of `lines` (in order): twenty, or five more than `places`, and those tied with the last of them."""
    wanted = max(LEADING, places + BEYOND)
    last = lines[wanted - 1].rank if len(lines) > wanted else None
    return [line for i, line in enumerate(lines) if i < wanted or (last is not None and line.rank == last)]


class Meeting(OnceDisclosed, ReadPanel):
    """The grid of the meeting; for who leads, a form to propose in each row while the panel deliberates."""

    permission = "juries.see_debate"
    template_name = "juries/chair/meeting.html"

    @cached_property
    def aside(self) -> frozenset[UUID]:
        """The applications this person stands aside from."""
        return kept_from(self.object, self.request.user)

    @cached_property
    def table(self) -> tuple[Ranking, list[Proposal]]:
        return ranking_with_proposals(self.object)

    @property
    def ranking(self) -> Ranking:
        return self.table[0]

    @cached_property
    def lines(self) -> list[StandingLine]:
        return lines_apart(self.ranking.lines, self.aside)

    @cached_property
    def proposals(self) -> dict[Any, list[Proposal]]:
        """What is proposed of the applications this person may know of, by their key: several where it is prizes."""
        found: dict[Any, list[Proposal]] = {}
        for one in self.table[1]:
            if one.submission_id not in self.aside:
                found.setdefault(one.submission_id, []).append(one)
        return found

    @property
    def told(self) -> list[Proposal]:
        """The same, one after the other."""
        return [one for each in self.proposals.values() for one in each]

    @cached_property
    def leads(self) -> bool:
        return can(self.request.user, "juries.chair_panel", self.object)

    @cached_property
    def proposes(self) -> bool:
        """Whether this person writes proposals here: a palmarès is written on a page of its own."""
        is_time = self.object.stage == Panel.Stage.READING and self.object.state == PanelState.DELIBERATION
        return is_time and self.leads

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel, shown = self.object, leading(self.lines, self.object.places)
        standing_url = reverse("juries:standing", kwargs={"pk": panel.pk})
        crumbs = [(panel.call.title, panel.call.get_absolute_url()), (_("Standing"), standing_url)]
        return super().get_context_data(
            panel=panel,
            call=panel.call,
            rows=self.rows(shown),
            left_out=len(self.lines) - len(shown),
            by_mean=panel.basis == Panel.Basis.MEAN,
            reads_all=len(self.lines) == len(self.ranking.lines),
            kept=len({one.submission_id for one in self.told if one.verdict == Proposal.Verdict.KEEP}),
            leads=self.leads,
            compares=panel.stage == Panel.Stage.FINALE and panel.state in DEBATING,
            standing_url=standing_url,
            crumbs=[*crumbs, (_("Jury meeting"), "")],
            **self.balance,
            **kwargs,
        )

    @property
    def balance(self) -> dict[str, Any]:
        """What a shortlist keeps of each pillar, among all that is ranked."""
        if self.object.stage != Panel.Stage.READING:
            return {}
        return balance_of([line.submission for line in self.lines], self.told)

    def rows(self, shown: Sequence[StandingLine]) -> list[Row]:
        keys = [line.submission_id for line in shown]
        comments = comments_by(self.object, keys)
        names = {str(line.submission_id): line.submission.title for line in self.lines}
        return [self.row(line, names, comments[line.submission_id]) for line in shown]

    @cached_property
    def ranks(self) -> list[int | None]:
        return [line.rank for line in self.ranking.lines]

    @cached_property
    def unexplained(self) -> dict[Any, list[str]]:
        """What who leads is asked to explain, by application: proposals the ranking does not give, without a reason."""
        if not self.proposes:
            return {}
        found: dict[Any, list[str]] = {}
        for each in departures(self.object, self.ranking, self.told, []):
            for proposal in self.proposals.get(each.submission.pk, []):
                if not proposal.reason.strip():
                    found.setdefault(proposal.submission_id, []).append(sentence_of(each))
        return found

    def row(self, line: Any, names: dict[str, str], comments: Comments) -> Row:
        panel, proposals = self.object, self.proposals.get(line.submission_id, [])
        proposal = proposals[0] if proposals else None
        official = line.mean if panel.basis == Panel.Basis.MEAN else line.adjusted
        return Row(
            line=line,
            score=figure(official),
            margin=figure(line.margin),
            chance="" if line.probability is None else figure(100 * line.probability, 0),
            spread=figure(line.spread, 1),
            agreement=str(AGREEMENTS.get(agreement(line.spread) or "", "")),
            band=band_of(line.band),
            counted=sheets_counted(line.sheets, get_language()),
            is_tied=line.rank is not None and self.ranks.count(line.rank) > 1,
            opens_cut=line.order == panel.places + 1,
            why=why_above(line, names, is_cut=line.order == panel.places),
            comments=comments,
            remarks=line.remarks,
            proposal=proposal,
            prizes=[one.prize.name for one in proposals if one.prize],
            reasons=[one.reason for one in proposals if one.reason],
            tone=VERDICTS[proposal.verdict] if proposal else "",
            lacks=self.unexplained.get(line.submission_id, []),
            form=self.form_for(line, proposal),
        )

    def form_for(self, line: StandingLine, proposal: Proposal | None) -> ProposalForm | None:
        """The form of a row; none for what no longer awaits the decision."""
        if not self.proposes or line.submission.state != IN_SCOPE[Panel.Stage(self.object.stage)]:
            return None
        given = {"verdict": proposal.verdict, "reason": proposal.reason} if proposal else {}
        return ProposalForm(initial=given, auto_id=f"{line.submission.number}-%s")
