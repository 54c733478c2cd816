"""Where the applications of finished calls came from, in counts that point at nobody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from bethune_smartcity.core.statements import Compiled
from calls.models import Call, Submission

# A call that fewer applied to is told as a whole; a crossing that holds fewer is told with its country alone.
FEWEST = 10
SMALL = 3


@dataclass(frozen=True)
class Origin:
    """How many applications of a call came from a country on a pillar; either may be empty: unknown, or not told."""

    call: str
    country: str
    pillar: str
    count: int


def finished(moment: datetime) -> QuerySet[Call]:
    """The calls whose results were public at the aware instant `moment`."""
    return Call.objects.filter(announced_at__lte=moment, results_at__lte=moment)


def origins(calls: QuerySet[Call]) -> list[Origin]:
    """The applications handed in to `calls`, by call (its address), country and main pillar (its address).

    One statement. They are all counted, whatever became of them.
    """
    return _read(_counts(call__in=calls.order_by().values("pk")))


def _counts(**of: Any) -> QuerySet[Submission, Any]:
    columns = ("call__slug", "structure__country", "pillar__slug")
    numbered = Submission.objects.filter(number__isnull=False, **of).order_by().values_list(*columns)
    return numbered.annotate(count=Count("pk")).order_by(*columns)


def _read(counts: Iterable[Any]) -> list[Origin]:
    return [Origin(call, str(country or ""), pillar or "", count) for call, country, pillar, count in counts]


OF_A_CALL = Compiled(_counts, call=Call._meta.pk)


def told(found: Iterable[Origin]) -> list[Origin]:
    """`found` as it may be told: small calls as a whole, small crossings merged into their country's rest."""
    found = list(found)
    totals: Counter[str] = Counter()
    for one in found:
        totals[one.call] += one.count
    merged: Counter[tuple[str, str, str]] = Counter()
    for one in found:
        country = one.country if totals[one.call] >= FEWEST else ""
        pillar = one.pillar if country and one.count >= SMALL else ""
        merged[one.call, country, pillar] += one.count
    return [Origin(*key, count) for key, count in sorted(merged.items())]


@dataclass(frozen=True)
class Shares:
    """A call's applications by country and by pillar (addresses), the most numerous first."""

    total: int
    countries: list[tuple[str, int]]
    pillars: list[tuple[str, int]]


def shares_of(call: Call, moment: datetime) -> Shares | None:
    """Where the applications to `call` came from; None before its results are public, or where they are too few."""
    if call.results_at is None or moment < call.results_at:
        return None
    found = _read(OF_A_CALL.fetch(call=call.pk))
    total = sum(one.count for one in found)
    if total < FEWEST:
        return None
    countries: Counter[str] = Counter()
    pillars: Counter[str] = Counter()
    for one in found:
        countries[one.country] += one.count
        pillars[one.pillar] += one.count
    return Shares(total, _most_first(countries), _most_first(pillars))


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
