"""From the opening to the destruction of the keys: dates, voiding, the count, who knows it and when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from calls.models import Call, Submission
from calls.workflow import SubmissionState
from juries.models import Ballot, PublicVote
from juries.phases import VotePhase, vote_phase_at
from juries.queries.ballots import leaders, tally

from .casting import check_not_counted, check_undecided, held
from .keys import destroy_pepper, make_pepper, pepper_of
from .room import room_key

KEYS_KEPT = timedelta(days=61)


@transaction.atomic
def open_vote(call: Call, *, opens_at: datetime, closes_at: datetime, by: Any) -> PublicVote:
    """Hold a public vote on the finalists of `call` from `opens_at` until `closes_at` (aware, exclusive).

    Before it opens, calling again moves its dates. Returns the vote. Raises Forbidden, Invalid, or Conflict: it has
    begun, or the jury of the finale has decided.
    """
    require(by, "juries.hold_vote", call)
    check_undecided(call)
    if not opens_at < closes_at:
        raise Invalid("closes_first", _("The vote closes after it opens."), field="closes_at")
    dates = {"opens_at": opens_at, "closes_at": closes_at}
    vote, created = PublicVote.objects.select_for_update().get_or_create(call=call, defaults=dates)
    if created:
        make_pepper(vote)
    elif vote_phase_at(vote, clock.now()) != VotePhase.COMING:
        raise Conflict("vote_begun", _("The vote has begun: its dates no longer move."))
    else:
        vote.opens_at, vote.closes_at = opens_at, closes_at
        vote.save(update_fields=["opens_at", "closes_at"])
    record(vote, "open_vote", by=by, data={name: moment.isoformat() for name, moment in dates.items()})
    return vote


@transaction.atomic
def close_vote(vote: PublicVote, *, reason: str, by: Any) -> PublicVote:
    """Close an open vote now instead of at its date, for a reason. Raises Forbidden, Invalid or Conflict."""
    if not can(by, "juries.count_vote", vote):
        require(by, "juries.organise_vote", vote)
    _check_reason(reason)
    vote, moment = held(vote), clock.now()
    if vote_phase_at(vote, moment) != VotePhase.OPEN:
        raise Conflict("vote_not_open", _("The vote is not open."))
    if moment == vote.opens_at:
        raise Conflict("vote_just_opened", _("The vote has just opened."))
    vote.closes_at = moment
    vote.save(update_fields=["closes_at"])
    record(vote, "close_vote", by=by, reason=reason)
    return vote


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", _("Give a reason."), field="reason")


@transaction.atomic
def void_ballots(vote: PublicVote, *, channel: str, since: datetime, until: datetime, reason: str, by: Any) -> int:
    """Void the ballots of `channel` cast from `since` until `until` (aware, exclusive), for a reason.

    Returns how many. Raises Forbidden, Invalid, or Conflict once the vote is counted.
    """
    vote = _before_voiding(vote, reason, by)
    if channel not in Ballot.Channel.values:
        raise Invalid("unknown_channel", _("Choose a channel."), field="channel")
    hit = vote.ballots.filter(channel=channel, cast_at__gte=since, cast_at__lt=until)
    return _void(vote, hit, reason, by, {"channel": channel, "since": since.isoformat(), "until": until.isoformat()})


@transaction.atomic
def void_codes(vote: PublicVote, serials: Iterable[int], *, reason: str, by: Any) -> int:
    """Void printed codes by their serials, and the ballots already cast with them, for a reason.

    Returns how many ballots. Raises Forbidden, Invalid, or Conflict once the vote is counted.
    """
    vote, asked = _before_voiding(vote, reason, by), sorted(set(serials))
    codes = vote.codes.filter(serial__in=asked)
    digests = list(codes.values_list("digest", flat=True))
    if not digests:
        raise Invalid("unknown_serials", _("No code bears these serials."), field="serials")
    codes.filter(voided_at__isnull=True).update(voided_at=clock.now())
    pepper = pepper_of(vote)
    keys = [room_key(pepper, value) for value in digests]
    return _void(vote, vote.ballots.filter(voter_key__in=keys), reason, by, {"serials": asked})


def _before_voiding(vote: PublicVote, reason: str, by: Any) -> PublicVote:
    require(by, "juries.organise_vote", vote)
    _check_reason(reason)
    vote = held(vote)
    check_not_counted(vote)
    return vote


def _void(vote: PublicVote, ballots: Any, reason: str, by: Any, data: dict[str, Any]) -> int:
    valid = ballots.filter(voided_at__isnull=True)
    n = valid.update(voided_at=clock.now(), void_reason=reason.strip()[:200])
    record(vote, "void_ballots", by=by, reason=reason, data={**data, "ballots": n})
    return n


@transaction.atomic
def count(vote: PublicVote, *, by: Any) -> PublicVote:
    """Count a closed vote and freeze its totals, known to the chair alone until disclosed.

    Returns the vote. Raises Forbidden or Conflict (still open, already counted).
    """
    require(by, "juries.count_vote", vote)
    vote = held(vote)
    if vote_phase_at(vote, clock.now()) != VotePhase.CLOSED:
        raise Conflict("vote_not_closed", _("A vote is counted once, after its close."))
    vote.totals, vote.counted_at = tally(vote), clock.now()
    vote.save(update_fields=["totals", "counted_at"])
    # The journal is read by agents, who do not know the totals yet: it says how many, not for whom.
    record(vote, "count", by=by, data={key: vote.totals[key] for key in ("valid", "void", "digest")})
    return vote


@transaction.atomic
def disclose_vote(vote: PublicVote, *, by: Any) -> PublicVote:
    """Show the count to the jury. Returns the vote. Raises Forbidden or Conflict (not counted, already shown, or the
    jury has decided without it).
    """
    require(by, "juries.count_vote", vote)
    check_undecided(vote.call)
    vote = held(vote)
    if vote.counted_at is None or vote.disclosed_at is not None:
        raise Conflict("vote_not_counted", _("A vote is disclosed once, after its count."))
    vote.disclosed_at = clock.now()
    vote.save(update_fields=["disclosed_at"])
    record(vote, "disclose", by=by)
    return vote


def leading(vote: PublicVote) -> list[Submission]:
    """The submissions with the most valid ballots in a counted vote, withdrawn ones left out: several in a tie."""
    running = Submission.objects.exclude(state=SubmissionState.WITHDRAWN).filter(call=vote.call_id)
    present = {str(pk) for pk in running.filter(pk__in=vote.totals.get("submissions", {})).values_list("pk", flat=True)}
    lines = {pk: row for pk, row in vote.totals.get("submissions", {}).items() if pk in present}
    return list(running.filter(pk__in=leaders({"submissions": lines})))


def public_winner(vote: PublicVote) -> Submission | None:
    """Who won the public prize: the one in the lead, or the one chosen among equals; None without a valid ballot.

    Raises Conflict while a tie waits for its recorded choice: the software breaks none.
    """
    first = leading(vote)
    if len(first) > 1 and vote.winner is None:
        names = ", ".join(str(submission.title) for submission in first)
        raise Conflict("public_tie", _("The public vote is tied between %s: record the choice made.") % names)
    if len(first) > 1:
        return vote.winner
    return first[0] if first else None


@transaction.atomic
def settle_tie(vote: PublicVote, submission: Submission, *, reason: str, by: Any) -> PublicVote:
    """Record who wins the public prize among those in the lead, and how that was decided (rules, vote of the jury).

    Until the decision the choice may be made anew; then the minutes name who was chosen. Raises Forbidden (also to who
    stands aside from one of them), Invalid (no reason, not in the lead) or Conflict (no tie, or the jury has decided).
    """
    require(by, "juries.count_vote", vote)
    _check_reason(reason)
    check_undecided(vote.call)
    vote = held(vote)
    first = leading(vote)
    if vote.disclosed_at is None or len(first) < 2:
        raise Conflict("no_tie", _("There is no tie to settle."))
    for one in first:
        require(by, "juries.settle_between", one)
    if submission not in first:
        raise Invalid("not_leading", _("Choose one of those in the lead."), field="submission")
    vote.winner, vote.winner_reason = submission, reason.strip()
    vote.save(update_fields=["winner", "winner_reason"])
    record(vote, "settle_tie", by=by, reason=reason)
    return vote


def purge_due(vote: PublicVote) -> datetime | None:
    """When the keys of `vote` fall due for destruction: two months after the results are public; None before."""
    published = vote.call.results_at
    return published + KEYS_KEPT if published else None


@transaction.atomic
def purge_vote(vote: PublicVote, *, by: Any) -> PublicVote:
    """Destroy the voters' keys, the links and the pepper: what is left are choices tied to nobody.

    Raises Forbidden, or Conflict before two months have passed since the palmarès was made public.
    """
    require(by, "juries.organise_vote", vote)
    vote, due = held(vote), purge_due(vote)
    if vote.purged_at is not None or due is None or clock.now() < due:
        raise Conflict("purge_early", _("The keys are destroyed once, two months after the results are public."))
    vote.ballots.update(voter_key=None)
    vote.links.all().delete()
    vote.purged_at = clock.now()
    vote.save(update_fields=["purged_at"])
    record(vote, "purge", by=by)
    # Last, and only if the rest holds: without the pepper nothing can be undone.
    transaction.on_commit(lambda: destroy_pepper(vote))
    return vote
