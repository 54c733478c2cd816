"""Putting a ballot in: one voter, one ballot, between the opening and the close. Every channel ends here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import SYSTEM, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from calls.models import Call, Submission
from juries.models import Ballot, Panel, PublicVote
from juries.phases import VotePhase, vote_phase_at
from juries.queries.ballots import finalists
from juries.workflow import SETTLED

from .keys import keyed, normalise, pepper_of


@dataclass(frozen=True)
class CountedBallot:
    """A ballot taken on paper, or of a history that is replayed.

    `voter` is what told voters apart: an address online, the number of the slip in the room. `cast_at` is aware.
    """

    submission: Submission
    channel: str
    voter: str
    cast_at: datetime


def check_open(vote: PublicVote, moment: datetime) -> None:
    """Raise Conflict, with the sentence that says when, unless ballots are taken at the aware instant `moment`."""
    phase = vote_phase_at(vote, moment)
    if phase == VotePhase.COMING:
        raise Conflict("vote_coming", _("The vote opens on %s.") % wording.instant(vote.opens_at, weekday=True))
    if phase != VotePhase.OPEN:
        raise Conflict("vote_closed", _("The vote closed on %s.") % wording.instant(vote.closes_at, weekday=True))


def held(vote: PublicVote) -> PublicVote:
    """The vote's row, held until the transaction ends, so that no ballot slips past the count."""
    return PublicVote.objects.select_for_update(of=("self",)).select_related("call").get(pk=vote.pk)


def check_undecided(call: Call) -> None:
    """Raise Conflict once the finale's jury of `call` has decided: its minutes tell the public vote as it was then.

    The panel is held, so that no decision passes meanwhile. Called before the vote's row is held.
    """
    panel = Panel.objects.select_for_update().filter(call=call, stage=Panel.Stage.FINALE).first()
    if panel is not None:
        check_panel_undecided(panel)


def check_panel_undecided(panel: Panel) -> None:
    """The same of a panel at hand, for a page that only says so."""
    if panel.state in SETTLED:
        sentence = _("The jury has decided, and its minutes tell the public vote: nothing of it changes any more.")
        raise Conflict("decided", sentence)


def check_choice(vote: PublicVote, submission: Submission, moment: datetime) -> None:
    """Raise Invalid unless `submission` is one of the finalists public at `moment`."""
    if not finalists(vote.call, moment).filter(pk=submission.pk).exists():
        raise Invalid("not_a_finalist", _("Choose one of the finalists."), field="choice")


def put_in(vote: PublicVote, submission: Submission, *, channel: str, key: str) -> None:
    """Write the ballot of the voter `key`, in place of the one they cast before.

    A ballot that was voided stays void. Raises Conflict when the vote is not open, Invalid for no finalist.
    """
    moment = clock.now()
    with transaction.atomic():
        vote = held(vote)
        check_not_counted(vote)
        check_open(vote, moment)
        check_choice(vote, submission, moment)
        ballot = Ballot(vote=vote, submission=submission, channel=channel, voter_key=key, cast_at=moment)
        _write([ballot])


def _write(ballots: list[Ballot]) -> None:
    Ballot.objects.bulk_create(
        ballots,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["vote", "voter_key"],
        update_fields=["submission", "channel", "cast_at"],
    )


@transaction.atomic
def cast_many(vote: PublicVote, ballots: Iterable[CountedBallot | Submission], *, by: Any = SYSTEM) -> int:
    """Put in ballots taken elsewhere: paper slips after a failure in the room, or a history that is replayed.

    A bare finalist stands for a slip that says nothing else: a voter of its own, in the room, at this instant. All
    obey the rules of any ballot: cast between the opening and the close, for a finalist, one a voter (the last
    one counts), before the count; and the act is journalled with their number. Returns how many voters they make.
    Raises Forbidden, Conflict or Invalid, and then writes none.
    """
    require(by, "juries.organise_vote", vote)
    vote, pepper = held(vote), pepper_of(vote)
    check_not_counted(vote)
    chosen = {submission.pk for submission in finalists(vote.call, clock.now())}
    by_voter: dict[str, Ballot] = {}
    for ballot in sorted(_slips(vote, ballots), key=lambda ballot: ballot.cast_at):
        row = _row_of(vote, ballot, pepper, chosen)
        by_voter[str(row.voter_key)] = row
    _write(list(by_voter.values()))
    record(vote, "cast_many", by=by, data={"ballots": len(by_voter)})
    return len(by_voter)


def _slips(vote: PublicVote, ballots: Iterable[CountedBallot | Submission]) -> list[CountedBallot]:
    """Every ballot as a counted one, bare slips numbered after the ballots already in."""
    moment, already = clock.now(), Ballot.objects.filter(vote=vote).count()
    return [
        CountedBallot(one, Ballot.Channel.ROOM, f"slip {already + n}", moment) if isinstance(one, Submission) else one
        for n, one in enumerate(ballots, start=1)
    ]


def _row_of(vote: PublicVote, ballot: CountedBallot, pepper: bytes, chosen: set[Any]) -> Ballot:
    if not vote.opens_at <= ballot.cast_at < vote.closes_at:
        raise Conflict("vote_closed", _("A ballot was cast outside the hours of the vote."))
    if ballot.submission.pk not in chosen:
        raise Invalid("not_a_finalist", _("A ballot names no finalist."), field="choice")
    online = ballot.channel == Ballot.Channel.ONLINE
    key = keyed(pepper, normalise(ballot.voter) if online else f"paper:{ballot.voter}")
    return Ballot(
        vote=vote, submission=ballot.submission, channel=ballot.channel, voter_key=key, cast_at=ballot.cast_at
    )


def check_not_counted(vote: PublicVote) -> None:
    """Raise Conflict once the vote is counted: its ballots are what the totals were frozen from."""
    if vote.counted_at is not None:
        raise Conflict("vote_counted", _("The vote is counted: its ballots no longer change."))
