"""Keeping what is measured, and what the pillars aim at."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.lifecycle.moves import record

from .models import Indicator, Objective, Pillar, Reading
from .queries import Line, preview

MANAGE = "pillars.manage_pillars"


@transaction.atomic
def import_readings(text: str, *, by: Any) -> int:
    """Keep every reading of the table `text`, or none: new days are added, known days take the new value.

    Returns how many were kept; each indicator's journal says so. Raises Forbidden or Invalid (lines to correct).
    """
    require(by, MANAGE)
    list(Indicator.objects.select_for_update().order_by("pk").values_list("pk"))
    seen = preview(text)
    if seen.refusal:
        raise Invalid("unreadable", seen.refusal, field="text")
    if seen.problems:
        n = len(seen.problems)
        words = ngettext(
            "%(n)d line is to correct: nothing was kept.", "%(n)d lines are to correct: nothing was kept.", n
        )
        raise Invalid("lines_to_correct", words % {"n": n}, field="text")
    if not seen.kept:
        raise Invalid("nothing_new", _("Every line is known already: there is nothing to keep."), field="text")
    _keep(seen.kept)
    for indicator, count in _counts(seen.kept).items():
        record(indicator, "import_readings", by=by, data={"count": count})
    return len(seen.kept)


def _keep(lines: list[Line]) -> None:
    rows = [
        Reading(indicator=line.indicator, day=line.day, value=line.value, source=line.source)
        for line in lines
        if line.day is not None and line.value is not None
    ]
    Reading.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["indicator", "day"],
        update_fields=["value", "source"],
    )


def _counts(lines: list[Line]) -> dict[Indicator, int]:
    counts: dict[Indicator, int] = {}
    for line in lines:
        if line.indicator is not None:
            counts[line.indicator] = counts.get(line.indicator, 0) + 1
    return counts


@transaction.atomic
def keep_reading(indicator: Indicator, day: date, value: Decimal, source: str = "", *, by: Any) -> Reading:
    """Keep the value of `indicator` on `day`, in its unit. Returns the reading. Raises Forbidden.

    A day that has a value takes the new one.
    """
    require(by, MANAGE)
    reading, is_new = Reading.objects.update_or_create(
        indicator=indicator, day=day, defaults={"value": value, "source": source}
    )
    record(reading, "create" if is_new else "edit", by=by)
    return reading


@transaction.atomic
def describe_pillar(pillar: Pillar, *, by: Any, **texts: str) -> Pillar:
    """Rewrite texts of `pillar` (`vision_fr`, `vision_de`…, `lead_department`). Returns it. Raises Forbidden."""
    require(by, MANAGE)
    for name, text in texts.items():
        setattr(pillar, name, text)
    pillar.save(update_fields=list(texts))
    record(pillar, "edit", by=by, data={"fields": sorted(texts)})
    return pillar


@transaction.atomic
def add_objective(pillar: Pillar, order: int, *, by: Any, **texts: str) -> Objective:
    """Add an objective to `pillar`, told by `text_fr`, `text_de`… Returns it. Raises Forbidden."""
    require(by, MANAGE)
    objective = Objective.objects.create(pillar=pillar, order=order, **texts)
    record(objective, "create", by=by)
    return objective


@transaction.atomic
def add_indicator(pillar: Pillar, rising_is_better: bool, *, by: Any, **texts: str) -> Indicator:
    """Add something to measure under `pillar`, told by `name_fr`, `unit_fr`… Returns it. Raises Forbidden."""
    require(by, MANAGE)
    indicator = Indicator.objects.create(pillar=pillar, rising_is_better=rising_is_better, **texts)
    record(indicator, "create", by=by)
    return indicator
