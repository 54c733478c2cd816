"""What upper apps give an application that is not selected: the special mention of a jury, in its words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from .models import Submission
from .queries import shown_state
from .workflow import SubmissionState


class InWords(Protocol):
    """A mention: its words as they were written; a page shows them `|told`, in its own language where they are."""

    words: str


Reader = Callable[[Collection[UUID], datetime], Mapping[UUID, InWords]]
_readers: dict[str, Reader] = {}


def register_mentions(name: str, reader: Reader) -> None:
    """Add `reader(keys, moment)`: each mention public at the aware instant `moment`, by the key of its
    application; the same name again replaces it.
    """
    _readers[name] = reader


def mentions_of(submissions: Sequence[Submission], moment: datetime) -> dict[UUID, InWords]:
    """The mentions anyone may know of at the aware instant `moment`, by the keys of `submissions`.

    Nothing is asked where none of them is known to be a finalist that was not selected.
    """
    asked = [one.pk for one in submissions if _may_have_one(one, moment)]
    return {pk: given for read in _readers.values() for pk, given in read(asked, moment).items()} if asked else {}


def _may_have_one(submission: Submission, moment: datetime) -> bool:
    is_declined = shown_state(submission, moment) == SubmissionState.DECLINED
    return is_declined and submission.former_state == SubmissionState.SHORTLISTED
