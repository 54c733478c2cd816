"""A juror's sheet laid out for its page: the boxes to mark, the total, what another device changed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from calls.models import Criterion
from juries.forms.sheets import COMMENT, MARK, SheetForm, plain, scale_of, shown
from juries.models import Assignment, Mark
from juries.queries.desk import Desk
from juries.queries.reading import criteria_and_marks, own_sheet, own_total
from juries.workflow import PanelState, SheetState


@dataclass(frozen=True, slots=True)
class Box:
    """One criterion on the page."""

    criterion: Criterion
    name: str
    scale: list[tuple[str, str, str]]
    value: str | None
    comment: BoundField

    @property
    def chosen(self) -> str:
        """The mark as it is read, empty when there is none."""
        return next((label for value, label, _sentence in self.scale if value == self.value), "")

    @property
    def weight(self) -> str:
        return shown(self.criterion.weight) if self.criterion.counted else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says one thing in the form and another in the sheet."""

    name: str
    label: str
    mine: str
    kept: str


class SheetDesk:
    """The sheet of one assignment among all its juror has to mark."""

    def __init__(self, assignment: Assignment, desk: Desk) -> None:
        self.assignment = assignment
        self.desk = desk
        self.sheet = own_sheet(assignment)
        if self.sheet is not None:
            self.sheet.juror = assignment.juror

    @cached_property
    def marked(self) -> tuple[list[Criterion], dict[int, Mark]]:
        """The criteria and the marks given. One statement."""
        return criteria_and_marks(self.assignment.juror.panel, self.sheet)

    @property
    def criteria(self) -> list[Criterion]:
        return self.marked[0]

    @property
    def marks(self) -> dict[int, Mark]:
        return self.marked[1]

    @property
    def version(self) -> int:
        return self.sheet.version if self.sheet else 0

    @property
    def is_handed_in(self) -> bool:
        return self.sheet is not None and self.sheet.state == SheetState.HANDED_IN

    @property
    def abstains(self) -> bool:
        return self.sheet is not None and self.sheet.state == SheetState.ABSTAINED

    @property
    def may_be_taken_back(self) -> bool:
        """Whether a sheet handed in or abstained from may still be changed: sheets are open, and no second reading
        began since.
        """
        return self.is_open and self.sheet is not None and not self.sheet.is_of_first_reading

    @property
    def is_open(self) -> bool:
        return bool(self.assignment.juror.panel.state == PanelState.OPEN)

    @property
    def is_writable(self) -> bool:
        return self.is_open and not self.is_handed_in and not self.abstains

    @property
    def total(self) -> str:
        criteria, _marks = self.marked
        return own_total(self.sheet, criteria) if self.sheet else ""

    @property
    def initial(self) -> dict[str, Any]:
        """The sheet as the form's first values."""
        found: dict[str, Any] = {"version": self.version}
        if self.sheet:
            found |= {"comment": self.sheet.comment, "private_note": self.sheet.private_note}
        for key, mark in self.marks.items():
            found[f"{MARK}{key}"] = "" if mark.value is None else plain(mark.value)
            found[f"{COMMENT}{key}"] = mark.comment
        return found

    def boxes(self, form: SheetForm) -> list[Box]:
        """The criteria with what the form holds for each."""
        return [
            Box(
                criterion,
                f"{MARK}{criterion.pk}",
                scale_of(criterion),
                str(form[f"{MARK}{criterion.pk}"].value() or "").replace(",", ".") or None,
                form[f"{COMMENT}{criterion.pk}"],
            )
            for criterion in self.criteria
        ]

    def differences(self, form: SheetForm) -> list[Difference]:
        """Where a refused form and the sheet do not say the same."""
        return list(self._differences(form))

    def filled_elsewhere(self, form: SheetForm, names: Collection[str]) -> list[Difference]:
        """What the sheet holds in the fields of those `names`, which the form had left empty."""
        scales = {f"{MARK}{c.pk}": {value: label for value, label, _sentence in scale_of(c)} for c in self.criteria}
        held = {name: str(self.initial.get(name) or "") for name in names}
        return [
            Difference(name, label, "", scales.get(name, {}).get(held[name], held[name]))
            for name, label in self.labels(form).items()
            if held.get(name)
        ]

    def labels(self, form: SheetForm) -> dict[str, str]:
        """What each field of the sheet is called, in the order of the page."""
        labels = {}
        for c in self.criteria:
            labels |= {
                f"{MARK}{c.pk}": c.label,
                f"{COMMENT}{c.pk}": _("%(criterion)s (comment)") % {"criterion": c.label},
            }
        return labels | {name: str(form.fields[name].label) for name in ("comment", "private_note")}

    def _differences(self, form: SheetForm) -> Iterator[Difference]:
        for name, label in self.labels(form).items():
            mine, kept = str(form[name].value() or ""), str(self.initial.get(name) or "")
            if mine.replace("\r\n", "\n").strip() != kept.strip():
                yield Difference(name, label, mine, kept)
