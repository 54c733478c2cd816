"""From the disclosed standing to the published decision: motions, proposals, decision, minutes, proclamation."""

from .debate import say, take_back
from .decision import decide, gaps
from .desk import Desk, Gap, sentence_of
from .dissents import record_dissent
from .minutes import FORMULA, write_content
from .motions import deliberate, put_motion
from .proclamation import proclaim, publish_now
from .proposals import Allotment, allot, awaiting, jury_prizes, mentions_lost, prizes_open_to, propose, propose_ranking
from .ranking import Cause, Departure, Ranking, departures, frozen_ranking, proposals_of, ranking_with_proposals
from .reopening import in_the_way, reopen_deliberation, told_withdrawn
from .signing import sign

__all__ = [
    "FORMULA",
    "Allotment",
    "Cause",
    "Departure",
    "Desk",
    "Gap",
    "Ranking",
    "allot",
    "awaiting",
    "decide",
    "deliberate",
    "departures",
    "frozen_ranking",
    "gaps",
    "in_the_way",
    "jury_prizes",
    "mentions_lost",
    "prizes_open_to",
    "proclaim",
    "proposals_of",
    "propose",
    "propose_ranking",
    "publish_now",
    "put_motion",
    "ranking_with_proposals",
    "record_dissent",
    "reopen_deliberation",
    "say",
    "sentence_of",
    "sign",
    "take_back",
    "told_withdrawn",
    "write_content",
]
