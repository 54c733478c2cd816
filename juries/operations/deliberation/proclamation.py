"""Proclaiming: awards, moves and notices in one transaction, public at one instant and not before."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import acting_for, is_system, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import move, record
from bethune_smartcity.notifications.operations import release
from calls.models import Call, Prize, Submission
from calls.operations.decisions import decline, elect, publish_decisions_at, reserve, shortlist
from calls.operations.publication import set_results_at
from calls.workflow import SubmissionState
from juries.models import Award, Mention, Minutes, Panel, Proposal
from juries.notices import DECISION, MENTIONED, SLOT, decided, decision_step
from juries.operations.attendance import forget_needs
from juries.operations.voting import public_winner
from juries.workflow import PanelState

from .desk import Desk
from .minutes import decided_otherwise
from .reopening import check_all_there

Verdict = Proposal.Verdict


@transaction.atomic
def proclaim(panel: Panel, *, publish_at: datetime | None = None, by: Any) -> Panel:
    """Proclaim a signed decision, public from the aware instant `publish_at` (now when None).

    A reading shortlists, keeps its reserve and declines; a finale writes the awards, the public prize included, and the
    special mentions, elects and declines, and gives the call the instant of its results. Applicants are told at that
    instant. Returns the panel. Raises Forbidden, Invalid (an instant in the past) or Conflict (an application of the
    decision withdrawn since, among others), and then nothing is written.
    """
    moment = clock.now()
    public_at = publish_at or moment
    if public_at < moment:
        raise Invalid("publish_in_the_past", _("Choose an instant to come."), field="publish_at")
    move(panel, "proclaim", by=by, guard=partial(_check_ready, by=by), publish_at=public_at)
    actor = by if is_system(by) else acting_for(by)
    desk = Desk.load(panel)
    _check_as_signed(desk)
    if panel.stage == Panel.Stage.READING:
        _apply_reading(desk, public_at, actor)
    else:
        _apply_finale(desk, public_at, actor)
    return panel


def _check_ready(panel: Panel, *, by: Any) -> None:
    check_all_there(panel, by=by)
    _check_finalists_known(panel)


def _check_finalists_known(panel: Panel) -> None:
    """A finale is not proclaimed before its finalists are public: its decisions would replace theirs."""
    if panel.stage == Panel.Stage.READING:
        return
    hidden = Submission.objects.filter(
        call=panel.call_id, state=SubmissionState.SHORTLISTED, decision_public_at__gt=clock.now()
    )
    late = hidden.order_by("-decision_public_at").first()
    if late:
        when = wording.instant(late.decision_public_at)
        raise Conflict("finalists_hidden", _("The finalists are public on %s: proclaim after that.") % when)


def _check_as_signed(desk: Desk) -> None:
    """Nothing else is proclaimed than the minutes tell."""
    minutes = Minutes.objects.filter(panel=desk.panel).first()
    if minutes is not None and decided_otherwise(minutes.content, desk):
        sentence = _("What would be proclaimed is no longer what the minutes tell: nothing was proclaimed.")
        raise Conflict("not_as_signed", sentence)


def _apply_reading(desk: Desk, public_at: datetime, actor: Any) -> None:
    for proposal in desk.proposals:
        submission = proposal.submission
        if proposal.verdict == Verdict.KEEP:
            shortlist(submission, by=actor, public_at=public_at)
        elif proposal.verdict == Verdict.DECLINE:
            decline(submission, by=actor, public_at=public_at)
        else:
            reserve(submission, by=actor, public_at=public_at)
        decided(desk.panel, submission, proposal.verdict, public_at)


def _apply_finale(desk: Desk, public_at: datetime, actor: Any) -> None:
    panel = desk.panel
    awards = [_award(one, one.prize, public_at) for one in desk.proposals if one.prize is not None]
    awards += _public_award(desk, public_at)
    laureates = {award.submission_id for award in awards}
    mentioned = _mention(desk, laureates, public_at)
    # Once each, however many prizes it gets.
    for submission in {one.submission_id: one.submission for one in desk.proposals}.values():
        act, outcome = (elect, "elect") if submission.pk in laureates else (decline, Verdict.DECLINE)
        act(submission, by=actor, public_at=public_at)
        decided(panel, submission, MENTIONED if submission.pk in mentioned else outcome, public_at)
    _release_reserve(panel, public_at, actor)
    forget_needs(panel)
    set_results_at(panel.call, public_at, by=actor)


def _award(proposal: Proposal, prize: Prize, public_at: datetime) -> Award:
    return Award.objects.create(
        call=proposal.panel.call,
        prize=prize,
        submission=proposal.submission,
        amount=proposal.amount,
        support=proposal.support,
        reason=proposal.reason,
        publish_at=public_at,
    )


def _mention(desk: Desk, laureates: Collection[UUID], public_at: datetime) -> set[UUID]:
    """Write the special mentions; the keys of those they go to. Raises Conflict for one of `laureates`: a tie of the
    public may have been settled anew since the decision.
    """
    given = [one for one in desk.proposals if one.mention]
    for one in given:
        if one.submission_id in laureates:
            sentence = _("%s gets a prize: a special mention goes to a finalist without one.")
            raise Conflict("mention_of_laureate", sentence % one.submission.title)
    rows = [
        Mention(call=desk.panel.call, submission=one.submission, words=one.mention, publish_at=public_at)
        for one in given
    ]
    return {row.submission_id for row in Mention.objects.bulk_create(rows)}


def _public_award(desk: Desk, public_at: datetime) -> list[Award]:
    """The public prize as voted: given as announced, or to nobody without a vote or a valid ballot."""
    prize, vote = desk.public_prize, desk.vote
    if prize is None or vote is None:
        return []
    if vote.disclosed_at is None:
        raise Conflict("vote_not_disclosed", _("The public vote is not counted and disclosed to the jury yet."))
    winner = public_winner(vote)
    if winner is None:
        return []
    award = Award(
        call=desk.panel.call, prize=prize, submission=winner, amount=prize.amount, support=prize.support or ""
    )
    award.reason, award.publish_at = vote.winner_reason, public_at
    award.save()
    return [award]


def _release_reserve(panel: Panel, public_at: datetime, actor: Any) -> None:
    """Those whom the reading kept in reserve wait no longer."""
    waiting = Submission.objects.filter(call=panel.call_id, state=SubmissionState.ADMISSIBLE)
    for submission in waiting.select_related("structure"):
        decline(submission, by=actor, public_at=public_at)
        decided(panel, submission, Verdict.DECLINE, public_at)


@transaction.atomic
def publish_now(panel: Panel, *, by: Any) -> Panel:
    """Bring a proclaimed decision's publication forward to this instant: page, states, notices together.

    Returns the panel. Raises Forbidden, or Conflict when it is not proclaimed or already public.
    """
    require(by, "juries.chair_panel", panel)
    panel = Panel.objects.select_for_update(of=("self",)).select_related("call").get(pk=panel.pk)
    moment = clock.now()
    if panel.state != PanelState.PROCLAIMED or panel.publish_at is None or panel.publish_at <= moment:
        raise Conflict("nothing_to_publish", _("There is nothing left to publish."))
    actor = by if is_system(by) else acting_for(by)
    before, panel.publish_at = panel.publish_at, moment
    panel.save(update_fields=["publish_at"])
    _bring_forward(panel.call, panel, before, moment, actor)
    record(panel, "publish_now", by=by, data={"before": before.isoformat()})
    _release_notices(panel)
    return panel


def _release_notices(panel: Panel) -> None:
    """What waited for the publication leaves with it: the decisions, and the hour of the pitch where it is drawn."""
    public = Submission.objects.filter(call=panel.call_id, decision_public_at__lte=clock.now()).only("pk")
    release(DECISION, subjects=public, step=decision_step(panel))
    release(SLOT, subjects=public.filter(state=SubmissionState.SHORTLISTED))


def _bring_forward(call: Call, panel: Panel, before: datetime, moment: datetime, actor: Any) -> None:
    publish_decisions_at(call, before, moment, by=actor)
    if panel.stage == Panel.Stage.FINALE:
        for given in (Award, Mention):
            given.objects.filter(call=call, publish_at=before).update(publish_at=moment)
        set_results_at(call, moment, by=actor)
