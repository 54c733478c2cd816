"""What a table of readings would change, line by line, before anything is kept."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.text import is_odd, normalise
from pillars.models import Indicator, Reading
from pillars.reading import Raw, Unreadable, day_of, fits, lines_of, value_of

MOST_LINES = 2000
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class Line:
    """A line of a table: what it says, or the `problem` that keeps it out; `former` is the value it replaces."""

    number: int
    told: dict[str, str]
    indicator: Indicator | None = None
    day: date | None = None
    value: Decimal | None = None
    source: str = ""
    former: Reading | None = None
    problem: str = ""

    @property
    def is_new(self) -> bool:
        return not self.problem and self.former is None

    @property
    def changes(self) -> bool:
        return self.former is not None and (self.former.value, self.former.source) != (self.value, self.source)


@dataclass(frozen=True)
class Preview:
    """A table as it would be kept; `refusal` says why nothing of it can be read."""

    lines: tuple[Line, ...] = ()
    refusal: str = ""

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.problem]

    @property
    def kept(self) -> list[Line]:
        """The lines that bring something: new readings, and those that change one."""
        return [line for line in self.lines if line.is_new or line.changes]


def preview(text: str) -> Preview:
    """What the table `text` would bring. Two statements, whatever its length."""
    try:
        raw = lines_of(text)
    except Unreadable:
        return Preview(refusal=_("Name the columns in the first line: indicateur, date, valeur, source."))
    if not raw:
        return Preview(refusal=_("There is no line under the names of the columns."))
    if len(raw) > MOST_LINES:
        return Preview(refusal=_("Give at most %(n)d lines at a time.") % {"n": MOST_LINES})
    known, today = _Known(), clock.today()
    lines = [_read(line, known, today) for line in raw]
    return Preview(tuple(_compared(_without_doubles(lines))))


class _Known:
    """The indicators by the names they bear in any language."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[Indicator]] = defaultdict(list)
        names = [f"name_{code}" for code, _label in settings.LANGUAGES]
        for indicator in Indicator.objects.select_related("pillar"):
            for name in {normalise(getattr(indicator, name) or "") for name in names} - {""}:
                self.by_name[name].append(indicator)

    def find(self, name: str, pillar: str) -> list[Indicator]:
        found = self.by_name.get(normalise(name), [])
        wanted = normalise(pillar)
        return [one for one in found if not wanted or wanted in (one.pillar.slug, normalise(one.pillar.name))]


def _read(raw: Raw, known: _Known, today: date) -> Line:
    cells = raw.cells
    indicators = known.find(cells.get("indicator", ""), cells.get("pillar", ""))
    day, value = day_of(cells.get("day", "")), value_of(cells.get("value", ""))
    source = cells.get("source", "")
    problem = _problem(indicators, day, value, source, today)
    if problem:
        return Line(raw.number, cells, problem=problem)
    return Line(raw.number, cells, indicators[0], day, value, source)


def _problem(indicators: list[Indicator], day: date | None, value: Decimal | None, source: str, today: date) -> str:
    if not indicators:
        return _("No indicator has this name.")
    if len(indicators) > 1:
        return _("Several indicators have this name: add a column pilier.")
    return _day_problem(day, today) or _value_problem(value) or _source_problem(source)


def _day_problem(day: date | None, today: date) -> str:
    if day is None:
        return _("This is no day: write 2018-03-15 or 15/03/2018.")
    if not EARLIEST <= day <= today:
        return _("This day is to come, or too long ago.")
    return ""


def _value_problem(value: Decimal | None) -> str:
    if value is None:
        return _("This is no number: write 1234,5.")
    return "" if fits(value) else _("Give at most eleven digits and three decimals.")


def _source_problem(source: str) -> str:
    if len(source) > Reading._meta.get_field("source").max_length:  # type: ignore[operator]
        return _("This source is too long.")
    return _("Remove the invisible characters from this text.") if any(is_odd(c) for c in source) else ""


def _without_doubles(lines: list[Line]) -> list[Line]:
    """`lines`, those that give a second value to an indicator on one day turned into problems."""
    first: dict[Any, int] = {}
    told = []
    for line in lines:
        key = (line.indicator and line.indicator.pk, line.day)
        if not line.problem and key in first:
            words = _("This indicator has a value for this day in line %(n)d already.") % {"n": first[key]}
            told.append(Line(line.number, line.told, problem=words))
            continue
        if not line.problem:
            first[key] = line.number
        told.append(line)
    return told


def _compared(lines: list[Line]) -> list[Line]:
    """`lines`, each with the reading it replaces."""
    good = [line for line in lines if not line.problem]
    days = [line.day for line in good if line.day]
    span = (min(days), max(days)) if days else (EARLIEST, EARLIEST)
    kept = Reading.objects.filter(indicator__in={line.indicator.pk for line in good if line.indicator}, day__range=span)
    former = {(reading.indicator_id, reading.day): reading for reading in kept}
    return [line if line.problem else _beside(line, former) for line in lines]


def _beside(line: Line, former: dict[Any, Reading]) -> Line:
    found = former.get((line.indicator and line.indicator.pk, line.day))
    return Line(line.number, line.told, line.indicator, line.day, line.value, line.source, found)
