"""Voting in the room: printed codes, each good for one ballot, tied to nobody."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from calls.models import Submission
from juries.models import Ballot, Code, PublicVote
from juries.phases import VotePhase, vote_phase_at

from .casting import check_choice, check_not_counted, check_open, held
from .keys import keyed, pepper_of

# 32 signs without I, L, O and U: 12 of them are 60 random bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
MOST_AT_ONCE = 2000
READ_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class PrintedCode:
    """A code as printed, in three groups, with the serial by which its slip can be voided."""

    serial: int
    text: str


def read_code(text: str) -> str:
    """The twelve signs of a code however they were typed: any case, any spacing, O for 0, I or L for 1."""
    kept = "".join(character for character in text.upper() if character.isascii() and character.isalnum())
    return kept.translate(READ_ALIKE)


def _draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


@transaction.atomic
def issue_codes(vote: PublicVote, batch: str, n: int, *, by: Any) -> list[PrintedCode]:
    """Draw `n` codes (1 to 2000) for the batch named `batch`. Returns them in plain: this once, and never again.

    Raises Forbidden, Invalid or Conflict (closed).
    """
    require(by, "juries.organise_vote", vote)
    batch = batch.strip()
    if not batch or len(batch) > 40:
        raise Invalid("bad_batch", _("Name the batch, in 40 characters at most."), field="batch")
    if not 1 <= n <= MOST_AT_ONCE:
        raise Invalid("bad_number", _("Ask for 1 to 2,000 codes at once."), field="number")
    vote, pepper = held(vote), pepper_of(vote)
    if vote_phase_at(vote, clock.now()) not in {VotePhase.COMING, VotePhase.OPEN}:
        raise Conflict("vote_closed", _("The vote is closed: no more codes are issued."))
    first = (vote.codes.aggregate(last=Max("serial"))["last"] or 0) + 1
    plain = [_draw() for _n in range(n)]
    Code.objects.bulk_create(
        Code(vote=vote, batch=batch, serial=first + i, digest=keyed(pepper, code)) for i, code in enumerate(plain)
    )
    record(vote, "issue_codes", by=by, data={"batch": batch, "first": first, "last": first + n - 1})
    return [PrintedCode(first + i, _grouped(code)) for i, code in enumerate(plain)]


def room_key(pepper: bytes, digest: str) -> str:
    """The voter's key of a code, from its digest: only the portal can go from a slip to its ballot."""
    return keyed(pepper, f"room:{digest}")


def find_code(vote: PublicVote, text: str) -> Code:
    """The code typed as `text`, ready to vote. Raises Invalid (unknown) or Conflict (void, or already used)."""
    pepper = pepper_of(vote)
    code = Code.objects.filter(vote=vote, digest=keyed(pepper, read_code(text))).first()
    if code is None:
        raise Invalid("unknown_code", _("This code is not known: copy its twelve signs from the slip."), field="code")
    if code.voided_at is not None:
        raise Conflict("code_void", _("This code was voided: ask for another slip."), field="code")
    if Ballot.objects.filter(vote=vote, voter_key=room_key(pepper, code.digest)).exists():
        raise _used()
    return code


def cast_in_room(vote: PublicVote, submission: Submission, *, code: str) -> None:
    """Vote with a printed code, once. Raises Invalid (code, choice) or Conflict (not open, void, used)."""
    found, moment = find_code(vote, code), clock.now()
    key = room_key(pepper_of(vote), found.digest)
    try:
        with transaction.atomic():
            vote = held(vote)
            check_not_counted(vote)
            check_open(vote, moment)
            check_choice(vote, submission, moment)
            Ballot.objects.create(
                vote=vote, submission=submission, channel=Ballot.Channel.ROOM, voter_key=key, cast_at=moment
            )
    except IntegrityError as fault:
        raise _used() from fault


def _used() -> Conflict:
    return Conflict("code_used", _("This code has already voted."), field="code")
