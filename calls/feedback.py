"""What applicants read, once the results are public, of how their application was judged: upper apps know the marks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from .models import Call, Submission
from .phases import Phase, phase_at
from .workflow import SubmissionState


@dataclass(frozen=True)
class Judged:
    """One criterion: its name, the mean given out of its maximum as people read it, and what was written to them."""

    label: str
    mean: str
    maximum: str
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Feedback:
    """One stage of the jury: how many marked, the mean of each criterion, and comments on the whole; nobody named."""

    stage: str
    jurors: int
    criteria: list[Judged]
    comments: list[str] = field(default_factory=list)


Reader = Callable[[Submission, bool], list[Feedback]]
_readers: dict[str, Reader] = {}


def register_feedback(name: str, reader: Reader) -> None:
    """Add `reader(submission, with_comments)`; the same name again replaces it."""
    _readers[name] = reader


def feedback_on(submission: Submission, moment: datetime) -> list[Feedback]:
    """What the people of `submission` may read of its marks at the aware instant `moment`, as its call's rules allow.

    Nothing before the results are public, nor about what was withdrawn.
    """
    call, allowed = submission.call, Call.Feedback(submission.call.feedback)
    public = phase_at(call, moment) in {Phase.PUBLISHED, Phase.ARCHIVED}
    pending = submission.decision_public_at is not None and moment < submission.decision_public_at
    if allowed == Call.Feedback.NOTHING or not public or pending or submission.state == SubmissionState.WITHDRAWN:
        return []
    with_comments = allowed == Call.Feedback.COMMENTS
    return [stage for read in _readers.values() for stage in read(submission, with_comments)]
