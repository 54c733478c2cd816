"""The applications whose sheets are expected of jurors, as a reminder names them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from juries.models import Assignment


@dataclass(frozen=True, slots=True)
class ToRead:
    """An application whose sheet is expected of a juror: its key, its number and title (none before they accept the
    charter), and since when it is theirs.
    """

    submission: Any
    name: str
    given_at: datetime


def to_read(readings: QuerySet[Assignment, Any]) -> dict[int, list[ToRead]]:
    """What those of `readings` that their juror may know of are of, by the key of the person, in the order of numbers.

    None of an application they stand aside from, or that was withdrawn. One statement.
    """
    rows = readings.free().lasting().order_by("submission__number", "pk")  # type: ignore[attr-defined]
    found: dict[int, list[ToRead]] = defaultdict(list)
    columns = ("juror__user", "submission", "submission__number", "submission__title", "juror__charter_accepted_at")
    for user, submission, number, title, accepted_at, given_at in rows.values_list(*columns, "created_at"):
        name = ", ".join(filter(None, (number, title))) if accepted_at else ""
        found[user].append(ToRead(submission, name, given_at))
    return found
