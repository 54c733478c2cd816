"""From the disclosed standing to the published decision: motions, proposals, decision, minutes, proclamation."""

from .decision import Gap, decide, gaps, proposals_of, public_vote_of, sentence_of
from .motions import deliberate, put_motion
from .proclamation import proclaim, publish_now
from .proposals import Allotment, allot, awaiting, jury_prizes, propose, propose_ranking
from .ranking import Cause, Departure, Ranking, departures, frozen_ranking
from .signing import sign

__all__ = [
    "Allotment",
    "Cause",
    "Departure",
    "Gap",
    "Ranking",
    "allot",
    "awaiting",
    "decide",
    "deliberate",
    "departures",
    "frozen_ranking",
    "gaps",
    "jury_prizes",
    "proclaim",
    "proposals_of",
    "propose",
    "propose_ranking",
    "public_vote_of",
    "publish_now",
    "put_motion",
    "sentence_of",
    "sign",
]
