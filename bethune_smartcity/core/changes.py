"""Instants at which what everyone may read changes by itself: an opening, a deadline, a publication, midnight."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from . import clock

# (after, until) -> the aware instants of an app in there, `after` left out.
Instants = Callable[[datetime, datetime], Iterable[datetime]]
LOOKED_AHEAD = timedelta(minutes=2)
# A date that is moved is read anew after that long.
KNOWN_FOR = timedelta(seconds=5)


@dataclass(frozen=True)
class Known:
    """The instants of change after `read_at`, as far as LOOKED_AHEAD, in their order."""

    read_at: datetime
    instants: tuple[datetime, ...]


_sources: dict[str, Instants] = {}
_known: list[Known] = []


def register_changes(name: str, instants: Instants) -> None:
    """Add an app's part; the same name again replaces it. Whatever a kept page shows from a date on belongs here."""
    _sources[name] = instants


def next_change(moment: datetime, within: timedelta) -> datetime:
    """The first instant after the aware `moment` at which a public page may change by itself; `moment` + `within` when
    nothing changes before.

    Args:
        moment: aware instant.
        within: at most one minute.
    """
    known = _known[-1] if _known else None
    if known is None or not known.read_at <= moment < known.read_at + KNOWN_FOR:
        known = _read(moment)
        _known[:] = [known]
    return min([instant for instant in known.instants if instant > moment] + [moment + within])


def forget() -> None:
    """Read the dates anew next time."""
    _known.clear()


def _read(moment: datetime) -> Known:
    until = moment + LOOKED_AHEAD
    found = {instant for source in _sources.values() for instant in source(moment, until)}
    midnight = clock.start_of((moment.astimezone(clock.PARIS) + timedelta(days=1)).date())
    return Known(moment, tuple(sorted(found | {midnight})))


def dates_in(rows: QuerySet, fields: Iterable[str], after: datetime, until: datetime) -> Iterator[datetime]:
    """The instants of `rows` in any of `fields` that lie after `after`, and not after `until`. One statement."""
    names = tuple(fields)
    near = Q()
    for name in names:
        near |= Q(**{f"{name}__gt": after, f"{name}__lte": until})
    for values in rows.filter(near).order_by().values_list(*names):
        yield from (value for value in values if value is not None and after < value <= until)
