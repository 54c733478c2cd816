"""What the jury intends for each application. Nothing of it binds, or is told, before the decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.text import one_line, validate_plain
from bethune_smartcity.lifecycle.moves import record
from calls.models import Prize, Submission
from juries.aside import kept_from
from juries.models import Panel, Proposal
from juries.queries.panels import IN_SCOPE, candidates

from .motions import check_deliberating
from .ranking import Cause, departures, frozen_ranking
from .reopening import drop_withdrawn

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


def prizes_open_to(panel: Panel, by: Any) -> list[Prize]:
    """The jury's prizes that `by` may give, by rank: none proposed to an application they stand aside from, nor one
    without a laureate at whose place such an application stands.
    """
    return _prizes_apart_from(panel, kept_from(panel, by))


def _prizes_apart_from(panel: Panel, aside: Collection[UUID]) -> list[Prize]:
    prizes = jury_prizes(panel)
    if not aside:
        return prizes
    proposals = list(Proposal.objects.filter(panel=panel).select_related("prize", "submission"))
    shut = {one.prize_id for one in proposals if one.submission_id in aside}
    found = departures(panel, frozen_ranking(panel), proposals, prizes)
    shut |= {one.prize.pk for one in found if one.prize and one.cause == Cause.WITHHELD and one.submission.pk in aside}
    return [prize for prize in prizes if prize.pk not in shut]


def _begin(panel: Panel, by: Any, submission: Submission | None = None) -> Panel:
    """The panel's row, held, when `by` may propose now: of `submission` or of the whole list."""
    if submission is None:
        require(by, "juries.chair_panel", panel)
    else:
        require(by, "juries.propose", (panel, submission))
    panel = Panel.objects.select_for_update(of=("self",)).select_related("call").get(pk=panel.pk)
    check_deliberating(panel)
    drop_withdrawn(panel)
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
    mention: str = "",
    by: Any,
) -> Proposal:
    """Propose what becomes of `submission`, in place of what was proposed before, all its prizes included.

    A finale keeps those to whom it gives a prize (`allot` gives several to one); `amount` is in euros. `mention`: the
    jury's words of a special mention, which a finalist without a prize may be given, put in one paragraph. Returns the
    proposal. Raises Forbidden, Invalid or Conflict (not in deliberation, prize already proposed to another).
    """
    panel = _begin(panel, by, submission)
    proposal = Proposal(
        panel=panel,
        submission=submission,
        verdict=verdict,
        prize=prize,
        amount=amount,
        support=support.strip(),
        reason=reason.strip(),
        mention=one_line(mention),
    )
    _check(panel, proposal)
    others = Proposal.objects.filter(panel=panel, prize=prize).exclude(submission=submission)
    holder = others.select_related("submission").first() if prize else None
    if holder:
        sentence = _("This prize is already proposed to %s: free it first.") % holder.submission.title
        if holder.submission_id in kept_from(panel, by):
            sentence = _("This prize is not yours to propose: an application from which you stand aside is concerned.")
        raise Conflict("prize_taken", sentence, field="prize")
    Proposal.objects.filter(panel=panel, submission=submission).delete()
    proposal.save()
    record(panel, "propose", by=by, reason=proposal.reason, data=_journalled(proposal))
    return proposal


def _check(panel: Panel, proposal: Proposal) -> None:
    if proposal.verdict not in Verdict.values:
        raise Invalid("unknown_verdict", _("Choose what is proposed."), field="verdict")
    if proposal.submission.call_id != panel.call_id or proposal.submission.state != IN_SCOPE[Panel.Stage(panel.stage)]:
        raise Invalid("not_here", _("This application does not await this jury’s decision."), field="submission")
    prize = proposal.prize
    if prize is not None and prize not in jury_prizes(panel):
        raise Invalid("not_a_jury_prize", _("Choose one of the prizes this jury gives."), field="prize")
    if panel.stage == Panel.Stage.FINALE and (proposal.verdict == Verdict.KEEP) != (prize is not None):
        raise Invalid("prize_and_verdict", _("A laureate has a prize, and only a laureate has one."), field="prize")
    _check_mention(panel, proposal)
    try:
        proposal.clean_fields(exclude=["panel", "submission", "prize"])
    except ValidationError as fault:
        name, sentences = next(iter(fault.message_dict.items()))
        raise Invalid("bad_value", sentences[0], field=name) from fault
    _check_amount(proposal)


def _check_amount(proposal: Proposal) -> None:
    if proposal.amount is None:
        return
    if proposal.prize is None:
        raise Invalid("amount_without_prize", _("An amount goes with a prize."), field="amount")
    if proposal.amount < 0:
        raise Invalid("bad_amount", _("An amount is 0 or more."), field="amount")


def _check_mention(panel: Panel, proposal: Proposal) -> None:
    if not proposal.mention:
        return
    if panel.stage != Panel.Stage.FINALE:
        raise Invalid("mention_of_finale", _("The jury of the finale alone gives special mentions."), field="mention")
    if proposal.prize is not None:
        sentence = _("%s gets a prize: a special mention goes to a finalist without one.")
        raise Invalid("mention_of_laureate", sentence % proposal.submission.title, field="mention")


def _journalled(proposal: Proposal) -> dict[str, Any]:
    told = {"mention": True} if proposal.mention else {}
    return {
        "submission": str(proposal.submission_id),
        "verdict": proposal.verdict,
        "prize": proposal.prize_id,
        "amount": None if proposal.amount is None else str(proposal.amount),
        **told,
    }


def _replace(panel: Panel, proposals: Sequence[Proposal], by: Any, verb: str) -> list[Proposal]:
    for proposal in proposals:
        _check(panel, proposal)
    Proposal.objects.filter(panel=panel).exclude(submission__in=kept_from(panel, by)).delete()
    written = Proposal.objects.bulk_create(proposals)
    told = [_journalled(one) for one in written if one.verdict == Verdict.KEEP or one.mention]
    record(panel, verb, by=by, data={"proposals": told})
    return written


@transaction.atomic
def propose_ranking(panel: Panel, *, by: Any) -> list[Proposal]:
    """Propose what the frozen ranking gives, in place of every proposal: the places, or the prizes as announced, one to
    each.

    Those tied across a place are left without a proposal: the jury says who gets it. Special mentions stay, those of
    `mentions_lost` apart. What is proposed of an application `by` stands aside from stays, with its prizes. Returns the
    proposals. Raises Forbidden or Conflict.
    """
    panel = _begin(panel, by)
    aside = kept_from(panel, by)
    words = dict(_mentions(panel, aside).values_list("submission", "mention"))
    fresh = _as_ranked(panel, aside)
    for draft in fresh:
        if draft.prize is None:
            draft.mention = words.get(draft.submission_id, "")
    return _replace(panel, fresh, by, "propose_ranking")


def mentions_lost(panel: Panel, by: Any) -> list[Submission]:
    """The applications whose special mention `propose_ranking` by `by` would not keep: the ranking gives them a prize,
    or leaves them without a proposal, tied for one.
    """
    aside = kept_from(panel, by)
    mentioned = [one.submission for one in _mentions(panel, aside).select_related("submission")]
    if not mentioned:
        return []
    stay = {draft.submission_id for draft in _as_ranked(panel, aside) if draft.prize is None}
    return [one for one in mentioned if one.pk not in stay]


def _mentions(panel: Panel, aside: Collection[UUID]) -> QuerySet[Proposal]:
    """The proposals of special mentions, without those of the applications `aside`."""
    return Proposal.objects.filter(panel=panel).exclude(mention="").exclude(submission__in=aside).order_by("submission")


def _as_ranked(panel: Panel, aside: Collection[UUID]) -> list[Proposal]:
    """What the frozen ranking gives, unsaved, beside what is proposed of the applications `aside`."""
    ranking, prizes = frozen_ranking(panel), jury_prizes(panel)
    positions: dict[object, int | None] = {}
    for first, group in ranking.groups():
        places = len(prizes) if panel.stage == Panel.Stage.FINALE else panel.places
        last = first + len(group) - 1
        parted = first <= places and len(group) > 1 and (panel.stage == Panel.Stage.FINALE or last > places)
        positions |= {line.submission_id: None if parted else first for line in group}
    kept = list(Proposal.objects.filter(panel=panel, submission__in=aside).values_list("submission", "prize"))
    settled, taken = {submission for submission, _prize in kept}, {prize for _submission, prize in kept if prize}
    free = [one for one in awaiting(panel) if one.pk not in settled]
    drafts = [_ranked(panel, one, positions.get(one.pk, 0), prizes) for one in free]
    return [draft for draft in drafts if draft and draft.prize_id not in taken]


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
def allot(
    panel: Panel, allotments: Sequence[Allotment], *, mentions: Mapping[Submission, str] | None = None, by: Any
) -> list[Proposal]:
    """Propose the whole palmarès of a finale at once, in place of every proposal.

    One application may get several prizes, each with its amount and its reason (`departures` asks for one). Who gets
    none is proposed as not selected; `mentions` are the jury's words on those of them it gives a special mention. The
    reason given for a prize that goes to nobody is kept with the prize. What is proposed of an application `by` stands
    aside from stays, with its prizes, which they do not give.
    Returns the proposals. Raises Forbidden, Invalid or Conflict.
    """
    seen, panel = panel, _begin(panel, by)
    aside, words = kept_from(panel, by), _words_of(panel, mentions or {}, by)
    _check_apart(panel, allotments, aside, by)
    given: dict[UUID, list[Allotment]] = {}
    for one in allotments:
        if one.submission is not None:
            given.setdefault(one.submission.pk, []).append(one)
    withheld = {str(one.prize.pk): one.reason.strip() for one in allotments if one.submission is None}
    told = {str(one.prize.pk) for one in allotments}
    others = {prize: reason for prize, reason in panel.withheld.items() if aside and prize not in told}
    seen.withheld = panel.withheld = others | {prize: _public(why) for prize, why in withheld.items() if why}
    panel.save(update_fields=["withheld"])
    theirs = [one for one in awaiting(panel) if one.pk not in aside]
    rows = [_allotted(panel, one, each) for one in theirs for each in given.get(one.pk, [None])]
    return _replace(panel, _mentioned(rows, words), by, "allot")


def _mentioned(rows: Sequence[Proposal], words: Mapping[UUID, str]) -> Sequence[Proposal]:
    """`rows` with their words, by application. Raises Invalid for words on what is not among them."""
    if words.keys() - {row.submission_id for row in rows}:
        raise Invalid("not_here", _("This application does not await this jury’s decision."), field="mention")
    for row in rows:
        row.mention = words.get(row.submission_id, "")
    return rows


def _words_of(panel: Panel, mentions: Mapping[Submission, str], by: Any) -> dict[UUID, str]:
    """The words of each mention, by application. Raises Forbidden for one that is not `by`'s, Invalid without words."""
    words = {}
    for submission, said in mentions.items():
        require(by, "juries.propose", (panel, submission))
        words[submission.pk] = one_line(said)
        if not words[submission.pk]:
            raise Invalid("mention_without_words", _("Say why the jury gives a special mention."), field="mention")
    return words


def _check_apart(panel: Panel, allotments: Sequence[Allotment], aside: Collection[UUID], by: Any) -> None:
    """Raise Forbidden for a prize given to one of `aside`, Conflict for a prize that such a one keeps from `by`."""
    if not aside:
        return
    for one in allotments:
        if one.submission is not None and one.submission.pk in aside:
            require(by, "juries.propose", (panel, one.submission))
    shut = {one.prize.pk for one in allotments} - {prize.pk for prize in _prizes_apart_from(panel, aside)}
    if shut & {prize.pk for prize in jury_prizes(panel)}:
        sentence = _("This prize is not yours to propose: an application from which you stand aside is concerned.")
        raise Conflict("stands_aside", sentence)


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
