"""Calls under way as figures: how many at each stage, under each pillar, handed in each day."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, QuerySet, When
from django.db.models.functions import TruncDate
from django.utils.translation import pgettext

from bethune_smartcity.core import clock, wording
from calls.models import Call, Submission
from calls.phases import Phase, phase_at
from calls.queries.board import pillars_counted
from calls.workflow import SubmissionState
from pillars.models import Pillar

DAYS = 14
S = SubmissionState
# Admissible once, whatever the jury decided since: what a jury decides is told elsewhere, and in its time.
EXAMINED = (S.ADMISSIBLE, S.SHORTLISTED, S.DECLINED, S.LAUREATE)
OUT = (S.DRAFT, S.WITHDRAWN)
# The chart of days: width and height of one day's column, in its own units.
STEP, HEIGHT, GROUND = 20, 40, 56


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart; `share` is its length out of 100. `hook` and `pictogram` when it is about a pillar."""

    label: str
    count: int
    share: float
    hook: str = ""
    pictogram: str = ""


@dataclass(frozen=True)
class Day:
    """One column of the chart of days."""

    day: date
    count: int
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Running:
    """A call under way."""

    call: Call
    is_open: bool
    left: str
    stages: list[Bar]
    pillars: list[Bar]
    days: list[Day]
    width: int
    refused: int
    to_screen: int

    @property
    def closes(self) -> str:
        return wording.deadline(self.call.closes_at)

    @property
    def empty_pillars(self) -> list[str]:
        """The pillars of the call that no application has chosen."""
        return [bar.label for bar in self.pillars if not bar.count]


def running_calls(calls: Iterable[Call], moment: datetime) -> list[Running]:
    """Those of `calls` (with their pillars) that are open, or closed without results, the first to close on top.

    One statement whatever their number.
    """
    wanted = {Phase.OPEN, Phase.CLOSED}
    running = sorted((call for call in calls if phase_at(call, moment) in wanted), key=lambda call: call.closes_at)
    today = moment.astimezone(clock.PARIS).date()
    counts, per_day = _counts(Submission.objects.filter(call__in=running), today)
    return [_running(call, moment, counts[call.pk], per_day[call.pk], today) for call in running]


def _counts(submissions: QuerySet[Submission], today: date) -> tuple[dict[int, Counter[Any]], dict[int, Counter[date]]]:
    """For each call, how many applications by (state, pillar), and how many handed in on each of the last DAYS days."""
    counts: dict[int, Counter[Any]] = defaultdict(Counter)
    per_day: dict[int, Counter[date]] = defaultdict(Counter)
    since = clock.start_of(today - timedelta(days=DAYS - 1))
    recent = When(submitted_at__gte=since, then=TruncDate("submitted_at", tzinfo=clock.PARIS))
    rows = submissions.annotate(day=Case(recent, output_field=DateField())).order_by()
    for call, state, pillar, day, n in rows.values_list("call", "state", "pillar", "day").annotate(n=Count("pk")):
        counts[call][state, pillar] += n
        if day is not None:
            per_day[call][day] += n
    return counts, per_day


def _running(call: Call, moment: datetime, counts: Counter[Any], per_day: Counter[date], today: date) -> Running:
    def total(states: Iterable[str]) -> int:
        return sum(n for (state, _pillar), n in counts.items() if state in states)

    handed_in = sum(n for (state, _pillar), n in counts.items() if state not in OUT)
    stages = [
        (pgettext("applications", "drafts"), total([S.DRAFT])),
        (pgettext("applications", "submitted"), handed_in),
        (pgettext("applications", "admissible"), total(EXAMINED)),
    ]
    return Running(
        call=call,
        is_open=phase_at(call, moment) == Phase.OPEN,
        left=wording.length(call.closes_at - moment),
        stages=bars(stages),
        pillars=pillar_bars(pillars_counted(call), counts),
        days=columns(per_day, today),
        width=STEP * DAYS,
        refused=total([S.INADMISSIBLE]),
        to_screen=total([S.SUBMITTED]),
    )


def bars(lines: list[tuple[str, int]]) -> list[Bar]:
    """Lines of a chart, each as long as its part of the longest."""
    most = max((count for _label, count in lines), default=0) or 1
    return [Bar(label, count, 100 * count / most) for label, count in lines]


def pillar_bars(pillars: Iterable[Pillar], counts: Counter[Any]) -> list[Bar]:
    """How many applications handed in have each of `pillars` as their main one, the most chosen first."""
    chosen: Counter[Any] = Counter()
    for (state, pillar), n in counts.items():
        chosen[pillar] += n if state not in OUT else 0
    most = max((chosen[pillar.pk] for pillar in pillars), default=0) or 1
    lines = [
        Bar(pillar.name, chosen[pillar.pk], 100 * chosen[pillar.pk] / most, pillar.hook, pillar.pictogram)
        for pillar in pillars
    ]
    return sorted(lines, key=lambda bar: -bar.count)


def columns(per_day: dict[date, int], today: date) -> list[Day]:
    """The last DAYS days up to `today`, as columns of a chart."""
    most = max(per_day.values(), default=0) or 1
    found = []
    for rank in range(DAYS):
        day = today - timedelta(days=DAYS - 1 - rank)
        count = per_day.get(day, 0)
        height = round(HEIGHT * count / most, 1)
        found.append(Day(day, count, rank * STEP, GROUND - height, height))
    return found
