"""Settling the decision: what still lacks, and the minutes written when nothing does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import move
from calls.models import Prize
from juries.models import Minutes, Panel, Proposal, PublicVote
from juries.operations.voting import public_winner
from juries.queries.board import jurors_of, quorum

from .minutes import write_content
from .proposals import awaiting, jury_prizes
from .ranking import Cause, Departure, departures, frozen_ranking


@dataclass(frozen=True)
class Gap:
    """Something the decision still lacks, in a sentence."""

    code: str
    sentence: str


def proposals_of(panel: Panel) -> list[Proposal]:
    """The panel's proposals with their applications and prizes."""
    proposals = Proposal.objects.filter(panel=panel).select_related("submission__structure", "prize", "panel")
    return list(proposals.order_by("prize__rank", "submission__number"))


def gaps(panel: Panel) -> list[Gap]:
    """What the decision still lacks: quorum, proposals, reasons, the envelope, the public vote."""
    proposals = proposals_of(panel)
    checks: tuple[Callable[[Panel, list[Proposal]], Iterator[Gap]], ...] = (
        _quorum_gap,
        _unproposed,
        _unexplained,
        _beyond_envelope,
        _public_vote_gap,
    )
    return [gap for check in checks for gap in check(panel, proposals)]


def _quorum_gap(panel: Panel, proposals: list[Proposal]) -> Iterator[Gap]:
    there = quorum(jurors_of(panel), panel)
    if not there.is_met:
        sentence = _("%(present)s voices are present, and the quorum is %(needed)s.")
        yield Gap("no_quorum", sentence % {"present": there.present, "needed": there.needed})


def _unproposed(panel: Panel, proposals: list[Proposal]) -> Iterator[Gap]:
    proposed = {proposal.submission_id for proposal in proposals}
    titles = [one.title for one in awaiting(panel) if one.pk not in proposed]
    if titles:
        shown = ", ".join(titles[:5]) + (" …" if len(titles) > 5 else "")
        yield Gap("no_proposal", _("Nothing is proposed yet for: %s.") % shown)


def _unexplained(panel: Panel, proposals: list[Proposal]) -> Iterator[Gap]:
    reasons = {proposal.submission_id: proposal.reason for proposal in proposals}
    for departure in departures(panel, frozen_ranking(panel), proposals, jury_prizes(panel)):
        # What has no proposal yet is missing as such.
        if not reasons.get(departure.submission.pk, "to be proposed").strip():
            yield Gap("no_reason", sentence_of(departure))


def sentence_of(departure: Departure) -> str:
    """What a departure asks the jury to explain."""
    sentences = {
        Cause.ABOVE_RANK: _("Give the reason why %(title)s is placed above its rank."),
        Cause.BELOW_RANK: _("Give the reason why %(title)s is not kept in spite of its rank."),
        Cause.WITHHELD: _("Give the reason why %(prize)s goes to nobody, %(title)s standing at its place."),
        Cause.TIE: _("Say how the tie in which %(title)s stands was settled."),
        Cause.AMOUNT: _("Give the reason why %(title)s gets another amount than announced for %(prize)s."),
    }
    return sentences[departure.cause] % {"title": departure.submission.title, "prize": departure.prize}


def _beyond_envelope(panel: Panel, proposals: list[Proposal]) -> Iterator[Gap]:
    envelope, spent = panel.call.envelope, sum((one.amount or Decimal(0) for one in proposals), Decimal(0))
    if envelope is not None and spent > envelope:
        sentence = _("%(spent)s are proposed, and the envelope holds %(envelope)s.")
        yield Gap("envelope", sentence % {"spent": wording.amount(spent), "envelope": wording.amount(envelope)})


def _public_vote_gap(panel: Panel, proposals: list[Proposal]) -> Iterator[Gap]:
    vote = public_vote_of(panel)
    if vote is None:
        return
    if vote.disclosed_at is None:
        yield Gap("vote_not_disclosed", _("The public vote is not counted and disclosed to the jury yet."))
        return
    try:
        public_winner(vote)
    except Conflict as tie:
        yield Gap("public_tie", str(tie))


def public_vote_of(panel: Panel) -> PublicVote | None:
    """The public vote that a finale waits for: the one of a call that announced a public prize."""
    if panel.stage == Panel.Stage.READING or public_prize_of(panel) is None:
        return None
    return PublicVote.objects.filter(call=panel.call_id).select_related("call", "winner").first()


def public_prize_of(panel: Panel) -> Prize | None:
    return Prize.objects.filter(call=panel.call_id, kind=Prize.Kind.PUBLIC).order_by("rank").first()


@transaction.atomic
def decide(panel: Panel, *, by: Any) -> Panel:
    """Settle the jury's proposals and write the minutes, ready to be signed.

    Returns the panel. Raises Forbidden, or Conflict with every sentence of what is still lacking: quorum, a proposal
    for each application, a reason for each departure from the ranking or the announcement, the public vote.
    """
    # Held first: a proposal written meanwhile would slip past the check.
    Panel.objects.select_for_update().get(pk=panel.pk)
    panel = move(panel, "decide", by=by, guard=_check_complete)
    content = write_content(panel, proposals_of(panel), public_vote_of(panel))
    Minutes.objects.update_or_create(
        panel=panel, defaults={"content": content, "digest": digest(content), "written_at": clock.now()}
    )
    return panel


def _check_complete(panel: Panel) -> None:
    lacking = gaps(panel)
    if lacking:
        raise Conflict(lacking[0].code, " ".join(gap.sentence for gap in lacking))
