"""Charts drawn by the server, each with its table: no script, no colour needed, printable.

Every chart takes (label, value) pairs or readings, draws them in SVG with a sentence for those who do not see it, and
gives the same figures as a table.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bethune_smartcity.core import charts, wording

from . import declared

COLUMN_BOX = charts.Box(height=136)
LINE_BOX = charts.Box(height=150, top=28, foot=30)
THREAD_BOX = charts.Box(height=150, top=34, foot=26)
# How wide a digit is on the narrowest telephone, in points of the box: the figures at the ends keep off the line.
DIGIT = 11
# Beyond that, words under columns would touch: only the first and the last are written.
ALL_LABELS = 5


def figure_of(value: Any) -> str:
    """A measured value as people write it, with the decimals it has."""
    return _figure_of(str(value), get_language())


@lru_cache(maxsize=1024)
def _figure_of(value: str, _language: str | None) -> str:
    exact = Decimal(value).normalize()
    exponent = exact.as_tuple().exponent
    return wording.number(exact, min(max(-exponent, 0), 3) if isinstance(exponent, int) else 0)


def _told(title: str, bars: list[Any]) -> str:
    pairs = ", ".join(_("%(label)s %(figure)s") % {"label": bar["label"], "figure": bar["figure"]} for bar in bars)
    return _("%(title)s: %(figures)s.") % {"title": title, "figures": pairs}


def _bars(items: Iterable[Any]) -> list[dict[str, Any]]:
    keys = ("label", "value", "hook", "pictogram")
    bars = [dict(zip(keys, (*item, "", "")[:4], strict=True)) for item in items]
    return [bar | {"figure": figure_of(bar["value"])} for bar in bars]


def bar_chart(title: str, items: Iterable[Any], label_head: str, value_head: str) -> dict[str, Any]:
    """Horizontal bars, in a table that is their reading too.

    Args:
        title: what is counted, the table's caption.
        items: (label, value) or (label, value, pillar's hook, pictogram), in the order they are shown.
        label_head: names the labels' column.
        value_head: names the values' column.
    """
    bars = _bars(items)
    declared("bar_chart", title=title, items=bars or None, label_head=label_head, value_head=value_head)
    spans = charts.spans([bar["value"] for bar in bars])
    drawn = [bar | {"start": start, "length": length} for bar, (start, length) in zip(bars, spans, strict=True)]
    return {"title": title, "bars": drawn, "label_head": label_head, "value_head": value_head}


def column_chart(title: str, items: Iterable[Any], label_head: str, value_head: str) -> dict[str, Any]:
    """Columns from left to right, their table folded beneath.

    Args:
        title: what is counted.
        items: (label, value), in the order they are shown.
        label_head: names the labels' column of the table.
        value_head: names the values' column of the table.
    """
    bars = _bars(items)
    declared("column_chart", title=title, items=bars or None, label_head=label_head, value_head=value_head)
    columns = charts.columns([bar["value"] for bar in bars], COLUMN_BOX)
    few, last = len(bars) <= ALL_LABELS, len(bars) - 1
    drawn = [
        bar | {"column": column, "named": few or rank in (0, last), "anchor": _anchor(rank, last, few)}
        for rank, (bar, column) in enumerate(zip(bars, columns, strict=True))
    ]
    return {
        "title": title,
        "bars": drawn,
        "few": few,
        "box": COLUMN_BOX,
        "told": _told(title, bars),
        "label_head": label_head,
        "value_head": value_head,
    }


def _anchor(rank: int, last: int, few: bool) -> str:
    return "middle" if few else {0: "start", last: "end"}.get(rank, "middle")


def thread_chart(title: str, items: Iterable[Any], label_head: str, value_head: str) -> dict[str, Any]:
    """What is left from stage to stage, as a thread that thins, its table folded beneath.

    Args:
        title: what is told.
        items: (label, value) for each stage, four at most.
        label_head: names the stages' column of the table.
        value_head: names the counts' column of the table.
    """
    bars = _bars(items)
    declared("thread_chart", title=title, items=bars or None, label_head=label_head, value_head=value_head)
    strands = charts.thread([bar["value"] for bar in bars], THREAD_BOX)
    drawn = [bar | {"strand": strand} for bar, strand in zip(bars, strands, strict=True)]
    return {
        "title": title,
        "bars": drawn,
        "box": THREAD_BOX,
        "told": _told(title, bars),
        "label_head": label_head,
        "value_head": value_head,
    }


def line_chart(
    title: str,
    readings: Iterable[Any],
    unit: str,
    goal: Any = None,
    goal_unit: str = "",
    mark: dt.date | None = None,
    mark_label: str = "",
) -> dict[str, Any]:
    """Measured values over time, their table folded beneath; a single value is a table alone.

    Args:
        title: what is measured.
        readings: with day, value and source, the oldest first.
        unit: of the values.
        goal: the value aimed at, a dashed line.
        goal_unit: the unit beside that value, where it has another form there.
        mark: a day to show, a dotted line.
        mark_label: what happened on that day.
    """
    readings = list(readings)
    declared("line_chart", title=title, readings=readings or None, unit=unit, mark_label=mark_label if mark else "-")
    figures = [figure_of(reading.value) for reading in readings]
    values = [reading.value for reading in readings]
    from_zero = charts.starts_at_zero([*values, goal] if goal is not None else values, "%" in str(unit))
    drawn = charts.line([reading.day for reading in readings], values, LINE_BOX, goal, mark, from_zero)
    return {
        "title": title,
        "unit": unit,
        "rows": list(zip(readings, figures, strict=True)),
        "line": drawn if len(readings) > 1 else None,
        "box": LINE_BOX,
        "from_zero": from_zero,
        "goal": wording.measured(figure_of(goal), goal_unit or unit) if goal is not None else "",
        "mark": mark,
        "mark_label": mark_label,
        **(_words_of_line(drawn, readings, figures) if len(readings) > 1 else {}),
        "told": _told_over_time(title, unit, readings, figures) if len(readings) > 1 else "",
    }


def _share(x: float) -> float:
    """`x` of the line's box in per cent of its width: lines widen with their card, words keep their size."""
    return round(100 * x / LINE_BOX.width, 2)


def _words_of_line(drawn: charts.Line, readings: list[Any], figures: list[str]) -> dict[str, Any]:
    """Where points and words stand: the days at the foot, the first and the last figure beside their points."""
    mirrored = [(-x, y) for x, y in reversed(drawn.points)]
    return {
        "dots": [(_share(x), y) for x, y in drawn.points],
        "left": _share(LINE_BOX.side),
        "right": _share(LINE_BOX.right),
        "mark_x": _share(drawn.mark) if drawn.mark is not None else None,
        "first_y": charts.beside_end(mirrored, DIGIT * len(figures[0]), LINE_BOX),
        "last_y": charts.beside_end(drawn.points, DIGIT * len(figures[-1]), LINE_BOX),
        "foot": int(LINE_BOX.height) - 8,
        "first_day": wording.day(readings[0].day),
        "last_day": wording.day(readings[-1].day),
    }


def _told_over_time(title: str, unit: str, readings: list[Any], figures: list[str]) -> str:
    values = [reading.value for reading in readings]
    return _(
        "%(title)s, in %(unit)s: %(first)s on %(first_day)s, %(last)s on %(last_day)s; "
        "lowest %(least)s, highest %(greatest)s."
    ) % {
        "title": title,
        "unit": unit,
        "first": figures[0],
        "first_day": wording.day(readings[0].day),
        "last": figures[-1],
        "last_day": wording.day(readings[-1].day),
        "least": figure_of(min(values)),
        "greatest": figure_of(max(values)),
    }
