"""The portal's only clock.

Every rule that depends on time asks `now()`; what must be in by an instant is judged by `arrived()`. A replay or a
test holds the clock at a moment with `at()`; the demonstration shifts it with `shift()`. Nothing else in the portal
reads the machine's clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_held: ContextVar[datetime | None] = ContextVar("held", default=None)
_arrival: ContextVar[datetime | None] = ContextVar("arrival", default=None)
_offset: ContextVar[timedelta] = ContextVar("offset", default=timedelta(0))


def now() -> datetime:
    """The present instant, aware, in UTC."""
    held = _held.get()
    return held if held is not None else datetime.now(UTC) + _offset.get()


def unshifted() -> datetime:
    """The present instant as the machine knows it, aware: what it stamped itself, a file, is not older for the
    demonstration's clock.
    """
    return _held.get() or datetime.now(UTC)


def arrived() -> datetime:
    """The instant that counts against a deadline, aware: when the request being answered reached the server.

    However long the answer takes, it stays the same. Outside a request it is the present.
    """
    arrival = _arrival.get()
    if arrival is None:
        return now()
    return arrival if _held.get() is not None else arrival + _offset.get()


@contextmanager
def arriving() -> Iterator[None]:
    """Let the present instant be the one at which what is done inside the block was asked for.

    The demonstration's clock may be read inside the block: it moves this instant with the others.
    """
    token = _arrival.set(_held.get() or datetime.now(UTC))
    try:
        yield
    finally:
        _arrival.reset(token)


def today() -> date:
    """The present day in Paris."""
    return now().astimezone(PARIS).date()


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An aware instant from a wall-clock time in Paris."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def day_of(moment: date) -> date:
    """The day of an aware instant in Paris; a day stays what it is."""
    return moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment


def start_of(day: date) -> datetime:
    """Midnight in Paris at the beginning of `day`, aware."""
    return datetime.combine(day, time(0), tzinfo=PARIS)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at the aware instant `moment` inside the block: it is also when everything in it was asked for.

    Raises ValueError for a naive instant.
    """
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware instants only")
    held, arrival = _held.set(moment), _arrival.set(None)
    try:
        yield moment
    finally:
        _arrival.reset(arrival)
        _held.reset(held)


def shift(offset: timedelta) -> None:
    """Let the clock run `offset` ahead of the machine's, in this thread, until told otherwise."""
    _offset.set(offset)


def is_shifted() -> bool:
    """Whether this thread's clock runs apart from the machine's."""
    return _offset.get() != timedelta(0)
