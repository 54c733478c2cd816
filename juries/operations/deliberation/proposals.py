"""What the jury intends for each application. Nothing of it binds, or is told, before the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.text import validate_plain
from bethune_smartcity.lifecycle.moves import record
from calls.models import Prize, Submission
from juries.models import Panel, Proposal
from juries.queries.panels import IN_SCOPE, candidates

from .motions import check_deliberating
from .ranking import frozen_ranking

Verdict = Proposal.Verdict


@dataclass(frozen=True)
class Allotment:
    """A jury's prize and who gets it (None: nobody), how much in euros, with what support, and why."""

    prize: Prize
    submission: Submission | None
    amount: Decimal | None = None
    support: str = ""
    reason: str = ""


def awaiting(panel: Panel) -> Any:
    """The submissions that await this panel's decision, by number."""
    return candidates(panel).select_related("pillar", "structure")


def jury_prizes(panel: Panel) -> list[Prize]:
    """The prizes the jury of this stage gives: those of the call, by rank, in a finale; none in a reading."""
    if panel.stage == Panel.Stage.READING:
        return []
    return list(Prize.objects.filter(call=panel.call_id, kind=Prize.Kind.JURY).order_by("rank"))


def _begin(panel: Panel, by: Any) -> Panel:
    """The panel's row, held, when `by` may propose now."""
    require(by, "juries.chair_panel", panel)
    panel = Panel.objects.select_for_update(of=("self",)).select_related("call").get(pk=panel.pk)
    check_deliberating(panel)
    return panel


@transaction.atomic
def propose(
    panel: Panel,
    submission: Submission,
    *,
    verdict: str,
    prize: Prize | None = None,
    amount: Decimal | None = None,
    support: str = "",
    reason: str = "",
    by: Any,
) -> Proposal:
    """Propose what becomes of `submission`, in place of what was proposed before.

    A finale keeps those to whom it gives a prize; `amount` is in euros. Returns the proposal. Raises Forbidden,
    Invalid or Conflict (not in deliberation, prize already proposed to another).
    """
    panel = _begin(panel, by)
    proposal = Proposal(
        panel=panel,
        submission=submission,
        verdict=verdict,
        prize=prize,
        amount=amount,
        support=support.strip(),
        reason=reason.strip(),
    )
    _check(panel, proposal)
    others = Proposal.objects.filter(panel=panel, prize=prize).exclude(submission=submission)
    holder = others.select_related("submission").first() if prize else None
    if holder:
        sentence = _("This prize is already proposed to %s: free it first.") % holder.submission.title
        raise Conflict("prize_taken", sentence, field="prize")
    Proposal.objects.filter(panel=panel, submission=submission).delete()
    proposal.save()
    record(panel, "propose", by=by, reason=proposal.reason, data=_journalled(proposal))
    return proposal


def _check(panel: Panel, proposal: Proposal) -> None:
    if proposal.verdict not in Verdict.values:
        raise Invalid("unknown_verdict", _("Choose what is proposed."), field="verdict")
    if proposal.submission.call_id != panel.call_id or proposal.submission.state != IN_SCOPE[Panel.Stage(panel.stage)]:
        raise Invalid("not_here", _("This application does not await this jury's decision."), field="submission")
    prize = proposal.prize
    if prize is not None and prize not in jury_prizes(panel):
        raise Invalid("not_a_jury_prize", _("Choose one of the prizes this jury gives."), field="prize")
    if panel.stage == Panel.Stage.FINALE and (proposal.verdict == Verdict.KEEP) != (prize is not None):
        raise Invalid("prize_and_verdict", _("A laureate has a prize, and only a laureate has one."), field="prize")
    if prize is None and proposal.amount is not None:
        raise Invalid("amount_without_prize", _("An amount goes with a prize."), field="amount")
    try:
        proposal.clean_fields(exclude=["panel", "submission", "prize"])
    except ValidationError as fault:
        name, sentences = next(iter(fault.message_dict.items()))
        raise Invalid("bad_value", sentences[0], field=name) from fault
    if proposal.amount is not None and proposal.amount < 0:
        raise Invalid("bad_amount", _("An amount is 0 or more."), field="amount")


def _journalled(proposal: Proposal) -> dict[str, Any]:
    return {
        "submission": str(proposal.submission_id),
        "verdict": proposal.verdict,
        "prize": proposal.prize_id,
        "amount": None if proposal.amount is None else str(proposal.amount),
    }


def _replace(panel: Panel, proposals: Sequence[Proposal], by: Any, verb: str) -> list[Proposal]:
    for proposal in proposals:
        _check(panel, proposal)
    Proposal.objects.filter(panel=panel).delete()
    written = Proposal.objects.bulk_create(proposals)
    record(panel, verb, by=by, data={"proposals": [_journalled(one) for one in written if one.verdict == Verdict.KEEP]})
    return written


@transaction.atomic
def propose_ranking(panel: Panel, *, by: Any) -> list[Proposal]:
    """Propose what the frozen ranking gives, in place of every proposal: the places, or the prizes as announced.

    Those tied across a place are left without a proposal: the jury says who gets it. Returns the proposals. Raises
    Forbidden or Conflict.
    """
    panel = _begin(panel, by)
    ranking, prizes = frozen_ranking(panel), jury_prizes(panel)
    positions: dict[object, int | None] = {}
    for first, group in ranking.groups():
        places = len(prizes) if panel.stage == Panel.Stage.FINALE else panel.places
        last = first + len(group) - 1
        parted = first <= places and len(group) > 1 and (panel.stage == Panel.Stage.FINALE or last > places)
        positions |= {line.submission_id: None if parted else first for line in group}
    drafts = [_ranked(panel, one, positions.get(one.pk, 0), prizes) for one in awaiting(panel)]
    return _replace(panel, [draft for draft in drafts if draft], by, "propose_ranking")


def _ranked(panel: Panel, submission: Submission, position: int | None, prizes: Sequence[Prize]) -> Proposal | None:
    """What a position gives: None for a tie to be settled; 0 stands for no rank."""
    if position is None:
        return None
    draft = Proposal(panel=panel, submission=submission, verdict=Verdict.DECLINE)
    if panel.stage == Panel.Stage.FINALE and 0 < position <= len(prizes):
        prize = prizes[position - 1]
        draft.verdict, draft.prize = Verdict.KEEP, prize
        draft.amount, draft.support = prize.amount, prize.support or ""
    elif panel.stage == Panel.Stage.READING and 0 < position <= panel.places:
        draft.verdict = Verdict.KEEP
    return draft


@transaction.atomic
def allot(panel: Panel, allotments: Sequence[Allotment], *, by: Any) -> list[Proposal]:
    """Propose the whole palmarès of a finale at once, in place of every proposal.

    Who gets no prize is proposed as not selected. The reason given for a prize that goes to nobody is kept with the
    prize. Returns the proposals. Raises Forbidden, Invalid or Conflict.
    """
    seen, panel = panel, _begin(panel, by)
    given = {one.submission.pk: one for one in allotments if one.submission is not None}
    if len(given) < sum(one.submission is not None for one in allotments):
        raise Invalid("twice", _("One application gets one of the jury's prizes at most."))
    withheld = {str(one.prize.pk): one.reason.strip() for one in allotments if one.submission is None}
    seen.withheld = panel.withheld = {prize: _public(reason) for prize, reason in withheld.items() if reason}
    panel.save(update_fields=["withheld"])
    return _replace(panel, [_allotted(panel, one, given.get(one.pk)) for one in awaiting(panel)], by, "allot")


def _public(reason: str) -> str:
    try:
        validate_plain(reason)
    except ValidationError as fault:
        raise Invalid("bad_value", fault.messages[0], field="reason") from fault
    return reason


def _allotted(panel: Panel, submission: Submission, allotment: Allotment | None) -> Proposal:
    if allotment is None:
        return Proposal(panel=panel, submission=submission, verdict=Verdict.DECLINE)
    return Proposal(
        panel=panel,
        submission=submission,
        verdict=Verdict.KEEP,
        prize=allotment.prize,
        amount=allotment.amount,
        support=allotment.support.strip(),
        reason=allotment.reason.strip(),
    )
