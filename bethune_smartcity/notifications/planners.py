"""What the dates will make the portal say. Each app registers a planner that writes what has come due, and tells what
it will write."""

import logging
from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from bethune_smartcity.core import wording

log = logging.getLogger(__name__)


class Handle(Protocol):
    """What an agent does with something that will leave. Each act raises Forbidden or Conflict, and may give a sentence
    that says how far it went.
    """

    def hold(self, *, by: Any) -> str | None: ...
    def release(self, *, by: Any) -> str | None: ...
    def send(self, *, by: Any) -> str | None: ...
    def cancel(self, *, by: Any) -> str | None: ...


@dataclass(frozen=True)
class Edit:
    """A page on which something that will leave is changed; `label` says what is, beginning with "Change"."""

    label: Any
    url: str


@dataclass(frozen=True)
class Foreseen:
    """Something that will leave, as one person may know it.

    Args:
        ref: what stands for it in an address.
        at: the aware instant it leaves at, if nothing changes.
        what: the words of its kind.
        to: to whom as of now, in words ("3 drafts").
        count: to how many as of now.
        why: the reason, in words ("7 days before the close").
        about: what it is about, and `url` where that is run.
        edits: where its words or its date are changed, as far as this person may change them.
        handle: what this person may do with it; None when nothing.
        is_held: whether it waits for someone to let it go.
        hastens: whether it may leave before its instant: not what would tell something before it is true.
        has_begun: whether some of it is written, or has left: what is done with it concerns the rest.
    """

    ref: str
    at: datetime
    what: Any
    to: str
    count: int
    why: str = ""
    about: str = ""
    url: str = ""
    edits: tuple[Edit, ...] = ()
    handle: Handle | None = None
    is_held: bool = False
    hastens: bool = True
    has_begun: bool = False

    @property
    def when(self) -> str:
        """Its day and hour in words: those at which it leaves, midnight included, for it is no deadline."""
        return wording.day_and_hour(self.at)

    @property
    def hour(self) -> str:
        return wording.hour(self.at)


def so_many(count: int, words: str) -> str:
    """To whom something leaves: `words` ("3 drafts"), or that there is nobody as of now."""
    return words if count else _("nobody as of now")


Planner = Callable[[datetime], int]
Foresee = Callable[[Any, datetime, datetime], Iterable[Foreseen]]

# What planners of the round that is running have read for each other; None outside one.
_planning: ContextVar[dict[Hashable, Any] | None] = ContextVar("planning", default=None)
_planners: dict[str, Planner] = {}
_foresee: dict[str, Foresee] = {}


def register_planner(name: str, planner: Planner, *, foresee: Foresee | None = None) -> None:
    """Let `planner(until)` write every message that came due up to the aware instant `until` and was not written yet.

    It returns how many it asked for. It selects "due and not yet written", never "due exactly now".
    `foresee(user, since, until)` gives what it will write between those aware instants, as `user` may know it, and
    what is held back whatever its instant.
    """
    _planners[name] = planner
    if foresee is not None:
        register_foresight(name, foresee)


def register_foresight(name: str, foresee: Foresee) -> None:
    """Let `foresee(user, since, until)` tell what will be written, as that of a planner does; the same name again
    replaces it.
    """
    _foresee[name] = foresee


def plan(until: datetime) -> int:
    """Run every planner; one at fault is logged and does not stop the others. Returns how many were asked for."""
    token = _planning.set({})
    try:
        return sum(_run(name, until) for name in sorted(_planners))
    finally:
        _planning.reset(token)


def is_planning() -> bool:
    """Whether planners are writing: the round that runs them sends what they write, and no worker need be woken."""
    return _planning.get() is not None


def read_once(key: Hashable, read: Callable[[], Any]) -> Any:
    """What `read()` gives: within a round of planners asked once for each `key`, outside of it each time."""
    known = _planning.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return known[key]


def _run(name: str, until: datetime) -> int:
    try:
        return _planners[name](until)
    except Exception:  # it is run again at the next sweep, by when its fault may be mended
        log.exception("the planner %s failed", name)
        return 0


def foresee(user: Any, since: datetime, until: datetime) -> list[Foreseen]:
    """What will be written between the aware instants `since` and `until`, as `user` may know it, the first at the top.

    As many statements as the planners need, whatever there is.
    """
    found = [one for name in sorted(_foresee) for one in _foresee[name](user, since, until)]
    return sorted(found, key=lambda one: (one.at, str(one.what), one.about))
