"""What a shortlist keeps of each pillar, while it is being made."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from calls.models import Submission
from juries.models import Proposal
from pillars.models import Pillar


@dataclass(frozen=True, slots=True)
class Share:
    """A pillar (None: those of no pillar), how many applications it has, and how many of them are kept so far."""

    pillar: Pillar | None
    ranked: int
    kept: int


def pillar_balance(submissions: Sequence[Submission], proposals: Iterable[Proposal]) -> list[Share]:
    """What `proposals` keep of each pillar among `submissions`, those ranked, in the order of the pillars."""
    return shares_of(submissions, {str(one.submission_id) for one in proposals if one.verdict == Proposal.Verdict.KEEP})


def shares_of(submissions: Sequence[Submission], kept: Container[str]) -> list[Share]:
    """The same of a selection: `kept`, the keys of its applications as texts."""
    pillars = {one.pillar_id: one.pillar for one in submissions}
    ranked = Counter(one.pillar_id for one in submissions)
    chosen = Counter(one.pillar_id for one in submissions if str(one.pk) in kept)
    keys = sorted(pillars, key=lambda key: (key is None, getattr(pillars[key], "order", 0)))
    return [Share(pillars[key], ranked[key], chosen[key]) for key in keys]


def balance_of(submissions: Sequence[Submission], proposals: Iterable[Proposal]) -> dict[str, Any]:
    """The same as pages show it: `balance`, and `absent`, the names of the pillars left without any once something
    is kept.
    """
    shares = pillar_balance(submissions, proposals)
    left = [share.pillar.name for share in shares if share.pillar and not share.kept]
    return {"balance": shares, "absent": ", ".join(left) if any(share.kept for share in shares) else ""}
