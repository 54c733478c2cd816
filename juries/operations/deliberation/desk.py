"""What lies on the table of a deliberation: ranking, proposals, prizes, voices, public vote; and what still lacks."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core import wording
from calls.models import Prize, Submission
from calls.workflow import SubmissionState
from juries.models import Juror, Panel, Proposal, PublicVote
from juries.queries.ballots import leaders
from juries.queries.board import Quorum, quorum
from juries.queries.panels import IN_SCOPE
from juries.queries.seats import jurors_of
from juries.queries.unanswered import may_answer, unanswered
from juries.workflow import PanelState

from .ranking import Cause, Departure, Ranking, departures, frozen_ranking, proposals_of, ranking_with_proposals


@dataclass(frozen=True)
class Gap:
    """Something the decision still lacks, in a sentence."""

    code: str
    sentence: str


def _in_force(panel: Panel, proposals: list[Proposal]) -> list[Proposal]:
    """`proposals` without those of applications withdrawn while the jury deliberates; once decided, they stay told."""
    if panel.state != PanelState.DELIBERATION:
        return proposals
    return [one for one in proposals if one.submission.state != SubmissionState.WITHDRAWN]


def vote_of(panel: Panel) -> PublicVote | None:
    """The public vote beside a finale, as it is now; None in a reading."""
    if panel.stage == Panel.Stage.READING:
        return None
    return PublicVote.objects.filter(call=panel.call_id).select_related("call", "winner").first()


@dataclass
class Desk:
    """One reading of everything a decision rests on. `prizes` are all those of the call; `vote` that of the public.

    `aside`: the keys of the applications its reader stands aside from, of which no sentence tells anything.
    """

    panel: Panel
    jurors: Sequence[Juror]
    ranking: Ranking
    proposals: Sequence[Proposal]
    prizes: Sequence[Prize]
    vote: PublicVote | None
    aside: Collection[UUID] = ()

    @classmethod
    def load(cls, panel: Panel, *, aside: Collection[UUID] = ()) -> "Desk":
        """Read the table of `panel`: four statements, five in a finale."""
        ranking, proposals = frozen_ranking(panel), _in_force(panel, proposals_of(panel))
        prizes = list(Prize.objects.filter(call=panel.call_id).order_by("kind", "rank"))
        return cls(panel, jurors_of(panel), ranking, proposals, prizes, vote_of(panel), aside)

    @classmethod
    def beside(
        cls, panel: Panel, *, jurors: Sequence[Juror], vote: PublicVote | None, aside: Collection[UUID]
    ) -> "Desk":
        """The table of `panel` for a page that has read `jurors` and `vote`: one statement, two in a finale. The lines
        of the ranking have `remarks`.
        """
        ranking, found = ranking_with_proposals(panel)
        proposals = _in_force(panel, found)
        is_reading = panel.stage == Panel.Stage.READING
        # A reading gives no prize.
        prizes = [] if is_reading else list(Prize.objects.filter(call=panel.call_id).order_by("kind", "rank"))
        return cls(panel, jurors, ranking, proposals, prizes, vote, aside)

    @cached_property
    def told(self) -> list[Proposal]:
        """The proposals its reader may know."""
        return [one for one in self.proposals if one.submission_id not in self.aside]

    @property
    def jury_prizes(self) -> list[Prize]:
        """The prizes the jury of this stage gives, by rank: none in a reading."""
        if self.panel.stage == Panel.Stage.READING:
            return []
        return [prize for prize in self.prizes if prize.kind == Prize.Kind.JURY]

    @property
    def public_prize(self) -> Prize | None:
        return next((prize for prize in self.prizes if prize.kind == Prize.Kind.PUBLIC), None)

    @cached_property
    def awaiting(self) -> list[Submission]:
        """The ranked applications that await the decision, in the order of the ranking."""
        state = IN_SCOPE[Panel.Stage(self.panel.stage)]
        return [line.submission for line in self.ranking.lines if line.submission.state == state]

    @cached_property
    def quorum(self) -> Quorum:
        return quorum(self.jurors, self.panel)

    @cached_property
    def departures(self) -> list[Departure]:
        return departures(self.panel, self.ranking, self.proposals, self.jury_prizes)

    @cached_property
    def withheld(self) -> list[tuple[Prize, str]]:
        """The jury's prizes that go to nobody, each with the reason it is told with, once there are proposals."""
        given = {one.prize_id for one in self.proposals}
        free = [prize for prize in self.jury_prizes if prize.pk not in given] if self.proposals else []
        return [(prize, self.panel.withheld.get(str(prize.pk), "")) for prize in free]

    def reason_of(self, departure: Departure) -> str | None:
        """The reason written for a departure, with its own prize; None when nothing is proposed of its application."""
        own = [one for one in self.proposals if one.submission_id == departure.submission.pk]
        if not own:
            return None
        if departure.cause == Cause.WITHHELD and departure.prize is not None:
            return self.panel.withheld.get(str(departure.prize.pk)) or own[0].reason.strip()
        return next((one for one in own if one.prize == departure.prize), own[0]).reason.strip()

    @property
    def spent(self) -> Decimal:
        """Euros proposed so far."""
        return sum((one.amount or Decimal(0) for one in self.proposals), Decimal(0))

    @property
    def left(self) -> Decimal | None:
        """Euros of the envelope that no proposal uses; None without an envelope."""
        return None if self.panel.call.envelope is None else self.panel.call.envelope - self.spent

    @cached_property
    def gaps(self) -> list[Gap]:
        """What the decision still lacks: quorum, answers, proposals, reasons, the envelope, the public vote."""
        checks = (
            self._quorum,
            self._doubts,
            self._unproposed,
            self._unexplained,
            self._beyond_envelope,
            self._public_vote,
            self._mention_of_laureate,
        )
        return list(dict.fromkeys(gap for check in checks for gap in check()))

    @staticmethod
    def _untold() -> Gap:
        """What is said of whatever lacks of an application the reader stands aside from."""
        sentence = _(
            "Something lacks for an application from which you stand aside: another who leads the panel sees to it."
        )
        return Gap("aside", sentence)

    def _quorum(self) -> Iterator[Gap]:
        if not self.quorum.is_met:
            sentence = _("%(present)s voices are present, and the quorum is %(needed)s.")
            yield Gap("no_quorum", sentence % {"present": self.quorum.present, "needed": self.quorum.needed})

    def _doubts(self) -> Iterator[Gap]:
        """A doubt keeps a sheet out of the standing until its answer, which may give it back. Where nobody who leads
        may answer, it holds as a link: waiting would never end.
        """
        weighed = {one.pk for one in self.awaiting}
        for juror, doubt in unanswered(self.jurors):
            is_awaited = any(may_answer(lead, juror, doubt) for lead in self.jurors)
            if not (doubt.is_doubt and is_awaited and doubt.submission in weighed):
                continue
            words = {"juror": juror, "title": doubt.title}
            sentence = _("The doubt of %(juror)s about %(title)s waits for an answer.") % words
            yield self._untold() if doubt.submission in self.aside else Gap("doubt", sentence)

    def _unproposed(self) -> Iterator[Gap]:
        proposed = {proposal.submission_id for proposal in self.proposals}
        lacking = [one for one in self.awaiting if one.pk not in proposed]
        titles = [one.title for one in lacking if one.pk not in self.aside]
        if len(titles) < len(lacking):
            yield self._untold()
        if titles:
            yield Gap("no_proposal", self._lacking(titles))

    @staticmethod
    def _lacking(titles: Sequence[str]) -> str:
        """What has no proposal yet: five by name, the others counted."""
        more = len(titles) - 5
        if more <= 0:
            return _("Nothing is proposed yet for: %s.") % ", ".join(titles)
        words = ngettext(
            "Nothing is proposed yet for: %(names)s and %(n)s other.",
            "Nothing is proposed yet for: %(names)s and %(n)s others.",
            more,
        )
        return words % {"names": ", ".join(titles[:5]), "n": more}

    def _unexplained(self) -> Iterator[Gap]:
        for departure in self.departures:
            # What has no proposal yet is missing as such.
            if self.reason_of(departure) == "":
                is_told = departure.submission.pk not in self.aside
                yield Gap("no_reason", sentence_of(departure)) if is_told else self._untold()

    def _beyond_envelope(self) -> Iterator[Gap]:
        envelope = self.panel.call.envelope
        if envelope is None or self.spent <= envelope:
            return
        if len(self.told) < len(self.proposals):
            yield Gap("envelope", _("More is proposed than the envelope holds."))
        else:
            sentence = _("%(spent)s are proposed, and the envelope holds %(envelope)s.")
            words = {"spent": wording.amount(self.spent), "envelope": wording.amount(envelope)}
            yield Gap("envelope", sentence % words)

    def _public_vote(self) -> Iterator[Gap]:
        """A vote is told in the minutes whether or not a prize goes with it."""
        if self.vote is None or self.panel.stage == Panel.Stage.READING:
            return
        if self.vote.disclosed_at is None:
            yield Gap("vote_not_disclosed", _("The public vote is not counted and disclosed to the jury yet."))
        elif self.public_prize is not None and len(self.leading) > 1 and self.vote.winner_id is None:
            names = ", ".join(one.title for one in self.leading)
            is_told = not any(one.pk in self.aside for one in self.leading)
            sentence = _("The public vote is tied between %s: record the choice made.") % names
            yield Gap("public_tie", sentence) if is_told else self._untold()

    def _mention_of_laureate(self) -> Iterator[Gap]:
        """The public's choice may come after the jury's words."""
        chosen = self.public_laureate
        if chosen is None or not any(one.mention for one in self.proposals if one.submission_id == chosen.pk):
            return
        sentence = _("The public gives its prize to %s: take its special mention back.") % chosen.title
        yield self._untold() if chosen.pk in self.aside else Gap("mention_of_laureate", sentence)

    @property
    def public_laureate(self) -> Submission | None:
        """Who gets the public prize, once the vote is disclosed and its tie settled."""
        vote = self.vote
        if vote is None or vote.disclosed_at is None or self.public_prize is None:
            return None
        return self.leading[0] if len(self.leading) == 1 else vote.winner

    @cached_property
    def leading(self) -> list[Submission]:
        """Those with the most ballots of the public, once counted: several in a tie."""
        totals = self.vote.totals.get("submissions", {}) if self.vote else {}
        running = {str(one.pk): one for one in self.awaiting if str(one.pk) in totals}
        return [running[pk] for pk in leaders({"submissions": {pk: totals[pk] for pk in running}})]


def sentence_of(departure: Departure) -> str:
    """What a departure asks the jury to explain."""
    sentences = {
        Cause.ABOVE_RANK: _("Give the reason why %(title)s is placed above its rank."),
        Cause.LOWERED: _("Give the reason why %(title)s is placed below its rank."),
        Cause.FURTHER: _("Give the reason why %(title)s gets %(prize)s on top of a better prize."),
        Cause.BELOW_RANK: _("Give the reason why %(title)s is not kept in spite of its rank."),
        Cause.WITHHELD: _("Give the reason why %(prize)s goes to nobody, %(title)s standing at its place."),
        Cause.TIE: _("Say how the tie in which %(title)s stands was settled."),
        Cause.AMOUNT: _("Give the reason why %(title)s gets another amount than announced for %(prize)s."),
    }
    return sentences[departure.cause] % {"title": departure.submission.title, "prize": departure.prize}
