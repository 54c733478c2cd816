from .attendance import Attendance
from .ballot import Ballot, BallotLink, Code, PublicVote
from .deliberation import Award, Mention, Minutes, Motion, Proposal
from .dissent import Dissent
from .invitation import SeatInvitation
from .panel import Assignment, Declaration, Expertise, Juror, Panel, Recusal
from .plan_request import PlanRequest
from .remark import Remark
from .scoring import Mark, Sheet, Standing, StandingLine
from .second_reading import SecondReading
from .session import Slot
from .wish import Wish

__all__ = [
    "Assignment",
    "Attendance",
    "Award",
    "Ballot",
    "BallotLink",
    "Code",
    "Declaration",
    "Dissent",
    "Expertise",
    "Juror",
    "Mark",
    "Mention",
    "Minutes",
    "Motion",
    "Panel",
    "PlanRequest",
    "Proposal",
    "PublicVote",
    "Recusal",
    "Remark",
    "SeatInvitation",
    "SecondReading",
    "Sheet",
    "Slot",
    "Standing",
    "StandingLine",
    "Wish",
]
