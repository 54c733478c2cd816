"""The chair's board and the pages around it. Before the lock nothing here depends on a mark."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import Guarded, can, or_404
from bethune_smartcity.core.components.marks import sprite_url
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.views import GuardedPage
from juries.aside import kept_from, set_aside
from juries.models import Ballot, Juror, Panel, Proposal, PublicVote, Standing, StandingLine
from juries.operations.deliberation import Desk
from juries.phases import VotePhase, vote_phase_at
from juries.queries.ballots import finalists, leaders, told_turnout, turnout
from juries.queries.board import PER_PAGE, Grid, grid, quorum
from juries.queries.hints import hints
from juries.queries.panels import as_board, one_visible, second_reading_of, with_motions
from juries.queries.running import Running, running_order
from juries.queries.seats import jurors_of
from juries.queries.standings import current_standing, lines_apart, lines_for
from juries.rights import with_rights
from juries.views import presiding, ranked
from juries.views.balance import balance_of
from juries.views.disclosed import OnceDisclosed
from juries.workflow import PANEL, SCORES_KNOWN_TO_JURY, SETTLED, PanelState

TABLED = (PanelState.DELIBERATION, PanelState.DECIDED, PanelState.SIGNED, PanelState.PROCLAIMED)


panel_beside = one_visible("call__public_vote", "second_reading")
panel_to_read = one_visible("call__public_vote", "second_reading", widen=with_rights)
panel_of_board = one_visible("call__public_vote", "second_reading", widen=as_board)


class OnPanel(Guarded):
    """A page about a panel the user may know of; `permission` says what they may do there."""

    permission = "juries.chair_panel"
    object: Panel
    request: HttpRequest
    kwargs: dict[str, Any]

    def fetch(self) -> Panel:
        return or_404(panel_beside(self.request.user, self.kwargs["pk"]))

    @property
    def board_url(self) -> str:
        return reverse("juries:chair", kwargs={"pk": self.kwargs["pk"]})

    def get_success_url(self) -> str:
        return self.board_url

    def get_back_url(self) -> str:
        return self.board_url

    def crumbs(self, *titles: Any) -> list[tuple[str, str]]:
        """The call, the chair's board, then the page itself."""
        call, board = self.object.call, (_("Chair"), self.board_url if titles else "")
        return [(_("Calls"), reverse("calls:list")), (call.title, call.get_absolute_url()), board] + [
            (str(title), "") for title in titles
        ]

    @property
    def vote(self) -> PublicVote | None:
        """The public vote beside a finale."""
        is_finale = self.object.stage == Panel.Stage.FINALE
        return getattr(self.object.call, "public_vote", None) if is_finale else None


class ReadPanel(OnPanel, GuardedPage):
    """A page that only reads: what its visitor holds on the panel comes with it."""

    def fetch(self) -> Panel:
        return or_404(panel_to_read(self.request.user, self.kwargs["pk"]))


class Board(ReadPanel):
    """Where the jury stands, the one next act, and who did what or, once disclosed, the standing."""

    permission = "juries.see_board"
    template_name = "juries/chair/board.html"

    def fetch(self) -> Panel:
        return or_404(with_motions(panel_of_board.rows(self.request.user, self.kwargs["pk"])))

    @cached_property
    def jurors(self) -> list[Juror]:
        return jurors_of(self.object)

    @cached_property
    def leads(self) -> bool:
        """Whether the user chairs, or acts for the chair: seen from the seats, the page's own permission granted."""
        own = [juror for juror in self.jurors if juror.user_id == self.request.user.pk]
        return any(juror.is_chair or juror.is_secretary for juror in own)

    @cached_property
    def debates(self) -> bool:
        """Whether the user may read the debate, as `juries.see_debate` says: seen from the seats as well."""
        own = [one for one in self.jurors if one.user_id == self.request.user.pk and one.left_at is None]
        return any(not one.is_substitute and all(aside.submission for aside in one.asides) for one in own)

    @cached_property
    def aside(self) -> frozenset[UUID]:
        """The applications the user stands aside from: seen from their seat where they have one (no member of a
        structure that applies leads or organises), else asked for.
        """
        own = [one for one in self.jurors if one.user_id == self.request.user.pk]
        told = frozenset(aside.submission for one in own for aside in one.asides if aside.submission)
        return told if own else kept_from(self.object, self.request.user)

    @property
    def asides(self) -> list[tuple[Juror, Any]]:
        """Who stands aside from what, without others' links with what the user stands aside from as well."""
        told = [(juror, one) for juror in self.jurors for one in juror.asides]
        me = self.request.user.pk
        return [(juror, one) for juror, one in told if one.submission not in self.aside or juror.user_id == me]

    @property
    def is_disclosed(self) -> bool:
        return self.object.state in SCORES_KNOWN_TO_JURY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel = self.object
        part = self.after() if self.is_disclosed else self.before()
        return super().get_context_data(
            panel=panel,
            call=panel.call,
            crumbs=self.crumbs(),
            rail=presiding.rail(panel),
            leads=self.leads,
            jurors=self.jurors,
            quorum=quorum(self.jurors, panel),
            recusals=self.asides,
            to_answer=self.to_answer,
            public=public_card(self.vote, panel, leads=self.leads, counting=not self.is_disclosed),
            in_session=panel.state not in (PanelState.DECIDED, PanelState.SIGNED, PanelState.PROCLAIMED),
            **part,
            **kwargs,
        )

    @property
    def to_answer(self) -> list[tuple[Juror, Any, list[str]]]:
        """The links that wait for who leads to answer, until the decision, each with what the register holds of it."""
        if not self.leads or self.object.state in SETTLED:
            return []
        waiting = [(juror, one) for juror, one in self.asides if one.confirmed_at is None and not one.is_over]
        shown = [(juror, one) for juror, one in waiting if one.submission not in self.aside]
        found = hints((juror, one.submission) for juror, one in shown if one.submission)
        return [(juror, one, found.get((one.submission, juror.pk), [])) for juror, one in shown]

    def before(self) -> dict[str, Any]:
        """Completeness only."""
        found = grid(self.object, self.request.user, self.jurors, number=self.request.GET.get("page", 1))
        missing = self.missing(found) if self.object.state == PanelState.OPEN else []
        order = self.running(found)
        return {
            "grid": found,
            "second": second_reading_of(self.object, found.again),
            "may_read_again": presiding.may_read_again(self.object, found.progress),
            "by_submission": transposed(found) if self.object.stage == Panel.Stage.READING else [],
            "sprite": sprite_url(),
            "next": presiding.next_act(self.object, missing),
            "running": order,
            "may_draw": presiding.may_draw(self.object, order),
            "now": clock.now(),
        }

    def running(self, found: Grid) -> Running | None:
        """The running order of a finale, once drawn."""
        if self.object.stage != Panel.Stage.FINALE:
            return None
        order = running_order(found.slots, found.columns, self.aside)
        return order if order.pitches else None

    @staticmethod
    def missing(found: Grid) -> list[str]:
        n = found.progress.missing
        if not n:
            return []
        words = ngettext(
            "%(n)s sheet out of %(all)s is still to be handed in.",
            "%(n)s sheets out of %(all)s are still to be handed in.",
            n,
        )
        return [words % {"n": n, "all": found.progress.expected}]

    def after(self) -> dict[str, Any]:
        """The frozen standing and, from the deliberation on, what is on the table."""
        panel = self.object
        if panel.state not in TABLED:
            shown = shown_standing(panel, self.request, debates=self.debates)
            return {**shown, **self.hints(shown["standing"]), "next": presiding.next_act(panel)}
        desk = Desk.beside(panel, jurors=self.jurors, vote=self.vote, aside=self.aside)
        gaps = [gap.sentence for gap in desk.gaps] if panel.state == PanelState.DELIBERATION else []
        gone = presiding.stuck_on(desk)
        return {
            **standing_of(
                desk,
                self.request,
                proposes=self.leads and panel.stage == Panel.Stage.READING,
                debates=self.debates,
            ),
            **self.hints(desk.ranking.standing),
            "next": presiding.next_act(panel, gone or gaps, is_stuck=bool(gone)),
            "tabled": True,
            "may_deliberate_again": panel.state in PANEL["deliberate_again"].sources and not gone,
            "gaps": gaps,
            "motions": presiding.motions_told(panel, desk, self.aside),
            "table": envelope(desk),
            "mentions": [one for one in desk.told if one.mention],
            "left": desk.left if len(desk.told) == len(desk.proposals) else None,
            "reads_all": len(shown_lines(desk)) == len(desk.ranking.lines),
            "kept": sum(one.verdict == Proposal.Verdict.KEEP for one in desk.told),
            **self.balance(desk),
        }

    def balance(self, desk: Desk) -> dict[str, Any]:
        """What a shortlist keeps of each pillar, and the pillars it leaves without any, once something is kept."""
        if self.object.stage != Panel.Stage.READING:
            return {}
        return balance_of([line.submission for line in shown_lines(desk)], desk.proposals)

    def hints(self, standing: Standing | None) -> dict[str, Any]:
        """What the chair alone reads beside the standing, and whether it may still be voided."""
        may_reopen = self.object.state in PANEL["reopen"].sources
        atypical = ranked.atypical_jurors(standing, self.jurors) if standing and self.leads else []
        return {"atypical": atypical, "may_reopen": may_reopen}


def transposed(found: Grid) -> list[dict[str, Any]]:
    """The grid by application, for panels with more of them than jurors."""
    by_submission = zip(*(row.marks for row in found.rows), strict=True)
    return [
        {"submission": column.submission, "progress": column.progress, "marks": marks}
        for column, marks in zip(found.columns, by_submission, strict=False)
    ]


def public_card(vote: PublicVote | None, panel: Any, *, leads: bool, counting: bool) -> dict[str, Any] | None:
    """The public vote beside the board of `panel`, read as that: turnout (`counting`) until the count, then totals for
    those who know them. No statement.
    """
    if vote is None:
        return None
    phase = vote_phase_at(vote, clock.now())
    card: dict[str, Any] = {"vote": vote, "phase": phase.value}
    if counting and phase in (VotePhase.OPEN, VotePhase.CLOSED):
        card["turnout"] = told_turnout(panel.turnout)
    if vote.disclosed_at is not None or (leads and vote.counted_at is not None):
        card["totals"] = vote.totals
    return card


def envelope(desk: Desk) -> list[dict[str, Any]]:
    """Each prize of the jury with what was announced and what is proposed, without those whose laureate the reader
    stands aside from.
    """
    holders = {proposal.prize_id: proposal for proposal in desk.told if proposal.prize_id}
    untold = {one.prize_id for one in desk.proposals if one.submission_id in desk.aside}
    prizes = [prize for prize in desk.jury_prizes if prize.pk not in untold]
    return [{"prize": prize, "proposal": holders.get(prize.pk)} for prize in prizes]


def named(lines: list[StandingLine]) -> dict[str, str]:
    return {str(line.submission_id): line.submission.title for line in lines}


def shown_standing(panel: Panel, request: HttpRequest, *, debates: bool) -> dict[str, Any]:
    """One page of the frozen standing as this viewer may see it, without what they stand aside from.

    `debates`: whether they may read the debate.
    """
    standing = current_standing(panel)
    if standing is None:
        return {"standing": None}
    number = request.GET.get("page", 1)
    page, sheets = lines_for(standing, request.user, number=number, per_page=PER_PAGE, debated=debates)
    lines = list(page.object_list)
    found = laid_out(panel, standing, page, lines, {}, remarks=remarks_of(lines) if debates else None)
    is_extract = bool(lines) and bool(lines[0].hidden)  # type: ignore[attr-defined]
    return {**found, **second_look(lines, is_extract=is_extract), "sheets": sheets}


def remarks_of(lines: Iterable[StandingLine]) -> dict[UUID, int]:
    """How many remarks there are on the application of each of `lines`, read with them."""
    return {line.submission_id: line.remarks for line in lines}  # type: ignore[attr-defined]


def standing_of(desk: Desk, request: HttpRequest, *, proposes: bool, debates: bool) -> dict[str, Any]:
    """The same from a ranking already at hand; `proposes`: the lines say what is proposed of them."""
    if desk.ranking.standing is None:
        return {"standing": None}
    lines = shown_lines(desk)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page", 1))
    proposals = {proposal.submission_id: proposal for proposal in desk.proposals}
    beside = ranked.proposing(desk.panel, proposals) if proposes else None
    remarks = remarks_of(lines) if debates else None
    found = laid_out(desk.panel, desk.ranking.standing, page, list(page.object_list), named(lines), beside, remarks)
    is_extract = len(lines) < len(desk.ranking.lines)
    told = second_look(list(page.object_list), is_extract=is_extract)
    return {**found, **told, "sheets": sum(line.sheets for line in lines)}


def second_look(lines: list[StandingLine], *, is_extract: bool) -> dict[str, Any]:
    """The second look at `lines`; nothing of it where some are left out: the places it gives to the others would tell
    the one it gives to what is hidden, which no line of the ranking does.
    """
    return {"second_look": "" if is_extract else ranked.second_look(lines), "is_extract": is_extract}


def shown_lines(desk: Desk) -> list[StandingLine]:
    """The lines of the ranking without those the reader stands aside from."""
    return lines_apart(desk.ranking.lines, desk.aside)


def laid_out(
    panel: Panel,
    standing: Standing,
    page: Page[Any],
    lines: list[StandingLine],
    names: dict[str, str],
    beside: ranked.Beside | None = None,
    remarks: Mapping[UUID, int] | None = None,
) -> dict[str, Any]:
    return {
        "standing": standing,
        "page": page,
        "meets": remarks is not None,
        **ranked.standing_rows(panel, lines, names or named(lines), beside, remarks),
    }


class StandingPage(OnceDisclosed, ReadPanel):
    """The frozen standing, for the whole jury once it is disclosed."""

    permission = "juries.see_standing"
    template_name = "juries/chair/standing_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object.call
        crumbs = [(call.title, call.get_absolute_url()), (_("Jury"), self.object.get_absolute_url())]
        return super().get_context_data(
            panel=self.object,
            call=call,
            crumbs=[*crumbs, (_("Standing"), "")],
            **shown_standing(
                self.object, self.request, debates=can(self.request.user, "juries.see_debate", self.object)
            ),
            **kwargs,
        )


class VotePage(OnPanel, GuardedPage):
    """The public vote as the jury may know it: the chair from the count on, the others once it is disclosed."""

    permission = "juries.see_panel"
    template_name = "juries/chair/vote.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        vote = self.vote
        if vote is None:
            raise Conflict("no_vote", _("No public vote is held beside this panel."))
        counts = can(self.request.user, "juries.count_vote", vote)
        known = vote.counted_at is not None and (counts or can(self.request.user, "juries.see_totals", vote))
        aside = set_aside(self.object, self.request.user) if known else []
        is_open = known and self.object.state not in SETTLED
        told_apart = known and bool({str(pk) for pk in aside} & set(leaders(vote.totals)))
        return super().get_context_data(
            panel=self.object,
            call=self.object.call,
            vote=vote,
            phase=vote_phase_at(vote, clock.now()).value,
            turnout=turnout(vote),
            lines=totals_of(vote, aside) if known else None,
            is_tied=is_open and not told_apart and vote.winner_id is None and len(leaders(vote.totals)) > 1,
            winner_reason="" if told_apart else vote.winner_reason,
            counts=counts,
            crumbs=self.crumbs(_("Public vote")),
            **kwargs,
        )


def totals_of(vote: PublicVote, aside: Iterable[UUID] = ()) -> list[dict[str, Any]]:
    """The ballots of each finalist by channel, the most voted first, those without a ballot included, without those
    the viewer stands `aside` from.
    """
    given, hidden = vote.totals.get("submissions", {}), set(aside)
    none = dict.fromkeys((*Ballot.Channel.values, "total"), 0)
    running = [one for one in finalists(vote.call, clock.now()) if one.pk not in hidden]
    rows = [{"title": one.title, **given.get(str(one.pk), none)} for one in running]
    return sorted(rows, key=lambda row: (-row["total"], row["title"].casefold()))
