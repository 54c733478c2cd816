"""The thirty days to come: deadlines, jury, steps of projects, and what the portal will send."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, F, Min, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from bethune_smartcity.core import clock, wording
from bethune_smartcity.notifications.planners import Foreseen
from calls.models import Call, CallDate
from juries.models import Panel, PublicVote, Slot
from juries.queries.organised import organised_calls, organised_panels
from juries.workflow import PanelState
from projects.models import Milestone
from projects.queries import run_projects
from projects.workflow import MilestoneState

DAYS = 30
# The rows of the strip, top to bottom.
ROWS = ("deadline", "jury", "step", "sending")
COLUMN, ROW, LEFT, TOP = 30, 26, 150, 30


@dataclass(frozen=True)
class Event:
    """Something on a day in Paris; `row` is one of ROWS; `count` when it is about several people."""

    day: date
    row: str
    text: str
    url: str = ""
    count: int = 0


@dataclass(frozen=True)
class Mark:
    """An event's place on the strip."""

    row: str
    x: int
    y: int
    count: int


@dataclass(frozen=True)
class Column:
    """A day on the strip."""

    day: date
    x: int
    middle: int
    is_today: bool
    is_weekend: bool


@dataclass(frozen=True)
class Month:
    """Thirty days: the events in order, and the same as a strip of columns and marks."""

    events: list[Event]
    columns: list[Column]
    marks: list[Mark]
    names: list[tuple[str, int]]
    width: int
    height: int


def month(user: Any, calls: Iterable[Call], sending: Iterable[Foreseen], moment: datetime) -> Month:
    """The thirty days after the aware instant `moment`, as `user` may know them.

    `calls` are those they have a right on, `sending` is what leaves by then, as the page of it tells them. As many
    statements whatever there is.
    """
    today, until = moment.astimezone(clock.PARIS).date(), moment + timedelta(days=DAYS)
    calls = list(calls)
    found = [
        *_deadlines(calls, moment, until),
        *_calendar(calls, moment, until),
        *_jury(user, calls, moment, until),
        *_steps(user, today),
        *_sending(sending),
    ]
    return _laid_out(sorted(found, key=lambda event: (event.day, ROWS.index(event.row))), today)


def day_of(moment: datetime) -> date:
    """The day in Paris on which an exclusive instant is told."""
    return wording.last_minute(moment).date()


DATES = (
    ("opens_at", gettext_lazy("opening")),
    ("questions_until", gettext_lazy("last day for questions")),
    ("closes_at", gettext_lazy("close")),
    ("screening_until", gettext_lazy("end of the examination")),
    ("results_at", gettext_lazy("results public")),
)


def _deadlines(calls: list[Call], moment: datetime, until: datetime) -> Iterator[Event]:
    for call in calls:
        for name, label in DATES:
            at = getattr(call, name)
            is_over = name == "questions_until" and call.closes_at <= moment
            if at is not None and moment <= at < until and not is_over:
                yield Event(day_of(at), "deadline", f"{label}, {call.title}", _page("calls_call", call.pk))


def _calendar(calls: list[Call], moment: datetime, until: datetime) -> Iterator[Event]:
    by_key = {call.pk: call for call in calls}
    for step in CallDate.objects.filter(call__in=by_key, at__gte=moment, at__lt=until):
        call = by_key[step.call_id]
        yield Event(day_of(step.at), "deadline", f"{step.label}, {call.title}", _page("calls_call", call.pk))


def _jury(user: Any, calls: list[Call], moment: datetime, until: datetime) -> Iterator[Event]:
    """Sheets due, votes that close and pitches, of the juries that `user` organises, all on `calls`. One statement."""
    by_key = {call.pk: call for call in calls}
    due, votes, pitches = _jury_rows(user, moment, until)
    for row, call, key, at, stage, n in sorted(
        due.union(votes, pitches, all=True), key=lambda told: (told[0], told[3])
    ):
        if row == DUE:
            text = _("sheets due, %(panel)s") % {"panel": Panel(call=by_key[call], stage=stage)}
            yield Event(day_of(at), "jury", text, _page("juries_panel", Panel._meta.pk.to_python(key)))
        elif row == VOTE:
            text = _("public vote closes, %(call)s") % {"call": by_key[call]}
            yield Event(day_of(at), "jury", text, _page("juries_publicvote", key))
        else:
            text = ngettext("%(n)d pitch, from %(hour)s", "%(n)d pitches, from %(hour)s", n)
            words = text % {"n": n, "hour": wording.hour(at)}
            yield Event(at.astimezone(clock.PARIS).date(), "jury", f"{words}, {by_key[call].title}", count=n)


# What a row about a jury tells, in the order of a day.
DUE, VOTE, PITCHES = "1", "2", "3"


def _jury_rows(user: Any, moment: datetime, until: datetime) -> Iterator[QuerySet[Any, Any]]:
    """Three sets of rows alike: what it is, the call, a key as text, an instant, a stage and a number."""
    mine, columns = organised_calls(user), ("row", "on", "key", "at", "of", "n")
    nothing = {"of": Value(""), "n": Value(0)}
    panels = organised_panels(user, states=(PanelState.PREPARATION, PanelState.OPEN)).order_by()
    due = panels.filter(due_at__gte=moment, due_at__lt=until)
    said: dict[str, Any] = {"row": Value(DUE), "on": F("call"), "key": _text("pk"), "at": F("due_at"), "of": F("stage")}
    yield due.annotate(**{**nothing, **said}).values_list(*columns)
    votes = PublicVote.objects.filter(call__in=mine, closes_at__gte=moment, closes_at__lt=until).order_by()
    said = {"row": Value(VOTE), "on": F("call"), "key": _text("pk"), "at": F("closes_at")}
    yield votes.annotate(**{**nothing, **said}).values_list(*columns)
    slots = Slot.objects.filter(panel__call__in=mine, starts_at__gte=moment, starts_at__lt=until).order_by()
    days = slots.annotate(day=TruncDate("starts_at", tzinfo=clock.PARIS), on=F("panel__call")).values("day", "on")
    said = {"row": Value(PITCHES), "key": Value(""), "at": Min("starts_at"), "n": Count("pk")}
    yield days.annotate(**{**nothing, **said}).values_list(*columns)


def _text(column: str) -> Cast:
    return Cast(column, CharField())


def _steps(user: Any, today: date) -> Iterator[Event]:
    due = Milestone.objects.filter(
        project__in=run_projects(user).values("pk"),
        state=MilestoneState.PLANNED,
        due_on__gte=today,
        due_on__lt=today + timedelta(days=DAYS),
    )
    for step in due.select_related("project"):
        yield Event(step.due_on, "step", f"{step.project.name}, {step.title}", _page("projects_milestone", step.pk))


def _sending(leaving: Iterable[Foreseen]) -> Iterator[Event]:
    """What will leave, to as many as there are now; not what is held back, nor what nobody can count yet."""
    for one in leaving:
        if one.count and not one.is_held:
            words = _("%(what)s, %(why)s, %(to)s") % {"what": one.what, "why": one.why, "to": one.to}
            told = ", ".join(filter(None, (words, one.about)))
            yield Event(
                one.at.astimezone(clock.PARIS).date(),
                "sending",
                told,
                one.url or reverse("notifications:leaving"),
                one.count,
            )


def _page(screen: str, key: Any) -> str:
    return reverse(f"admin:{screen}_change", args=(key,))


def _laid_out(events: list[Event], today: date) -> Month:
    days = [today + timedelta(days=rank) for rank in range(DAYS + 1)]
    columns = [
        Column(day, LEFT + rank * COLUMN, LEFT + rank * COLUMN + COLUMN // 2, day == today, day.weekday() >= 5)
        for rank, day in enumerate(days)
    ]
    middles = {column.day: column.middle for column in columns}
    heights = {row: TOP + rank * ROW + ROW // 2 for rank, row in enumerate(ROWS)}
    # One mark a row and day: the number tells how many people, the list tells the rest.
    counts: dict[tuple[str, date], int] = {}
    for event in events:
        if event.day in middles:
            counts[event.row, event.day] = counts.get((event.row, event.day), 0) + event.count
    marks = [Mark(row, middles[day], heights[row], count) for (row, day), count in counts.items()]
    names = [(label, heights[row] + 4) for row, label in row_names().items()]
    return Month(events, columns, marks, names, LEFT + COLUMN * (DAYS + 1), TOP + ROW * len(ROWS))


def row_names() -> dict[str, str]:
    """What each row of the strip is about."""
    return {
        "deadline": _("Deadlines"),
        "jury": _("Jury and vote"),
        "step": _("Steps of projects"),
        "sending": pgettext("messages", "About to leave"),
    }
