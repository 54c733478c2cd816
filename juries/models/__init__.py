from .ballot import Ballot, Code, PublicVote
from .deliberation import Award, Minutes, Motion, Proposal
from .panel import Assignment, Expertise, Juror, Panel, Recusal
from .scoring import Mark, Sheet, Standing, StandingLine
from .session import Slot

__all__ = [
    "Assignment",
    "Award",
    "Ballot",
    "Code",
    "Expertise",
    "Juror",
    "Mark",
    "Minutes",
    "Motion",
    "Panel",
    "Proposal",
    "PublicVote",
    "Recusal",
    "Sheet",
    "Slot",
    "Standing",
    "StandingLine",
]
