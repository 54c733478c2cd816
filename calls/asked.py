"""What upper apps ask of applicants once chosen: the next step, in a sentence, and the page where it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Submission


@dataclass(frozen=True)
class Asked:
    """One step: what is asked, where it is done, by when at the latest (an aware exclusive instant, None for no date).

    `is_done`: nothing is awaited any more; the sentence says where it stands.
    """

    sentence: str
    url: str
    action: str
    due_at: datetime | None = None
    is_done: bool = False


Reader = Callable[[Sequence[Submission], datetime], dict[Any, Asked]]
_readers: dict[str, Reader] = {}


def register_asked(name: str, reader: Reader) -> None:
    """Add `reader(submissions, moment)`, which answers by their keys; the same name again replaces it."""
    _readers[name] = reader


def asked_of(submissions: Sequence[Submission], moment: datetime) -> dict[Any, Asked]:
    """What is asked of the people of each of `submissions` at the aware instant `moment`, by their keys."""
    return {pk: asked for read in _readers.values() for pk, asked in read(submissions, moment).items()}
