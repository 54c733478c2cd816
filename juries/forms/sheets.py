"""A juror's sheet as a form: marks, comments, private note, and the version last seen."""

import re
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calls.models import Criterion
from juries.operations.scoring.sheets import LONGEST_REASON

HALF = Decimal("0.5")
MARK, COMMENT = "mark-", "comment-"
# Plain figures only: "1e9999999" is a number as well, and a text of that length.
AS_TYPED = re.compile(r"-?\d{1,3}([.,]\d{1,2})?", re.ASCII)
LONGEST = 12
# Values of one field that a page has seen: more than anyone marks without an answer from the server.
MOST_SEEN = 50


def plain(value: Decimal) -> str:
    """A mark as it travels: "4", "4.5"."""
    return f"{value.normalize():f}"


def shown(value: Decimal) -> str:
    """A mark as it is read: "4", "4,5"."""
    return str(formats.localize(value.normalize() if value % 1 else int(value)))


def _steps(criterion: Criterion) -> Iterable[Decimal]:
    value = criterion.minimum
    while value <= criterion.maximum:
        yield value
        value += HALF


def _sentence(criterion: Criterion, value: Decimal) -> str:
    """The sentence that anchors a mark; a half lies between its two neighbours."""
    anchors = criterion.anchor_lines
    place = value - criterion.minimum
    low = int(place)
    if not anchors or low >= len(anchors):
        return ""
    if place == low or low + 1 >= len(anchors):
        return anchors[low] if place == low else ""
    words = {"low": shown(value - HALF), "high": shown(value + HALF), "below": anchors[low], "above": anchors[low + 1]}
    return gettext("Between %(low)s “%(below)s” and %(high)s “%(above)s”") % words


def scale_of(criterion: Criterion) -> list[tuple[str, str, str]]:
    """The marks of a criterion, lowest first: (value, as read, sentence that anchors it)."""
    return [(plain(value), shown(value), _sentence(criterion, value)) for value in _steps(criterion)]


class MarkField(forms.TypedChoiceField):
    """One mark, or none yet."""

    def __init__(self, criterion: Criterion, **kwargs: Any) -> None:
        choices = [("", "")] + [(plain(value), shown(value)) for value in _steps(criterion)]
        super().__init__(choices=choices, coerce=Decimal, empty_value=None, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Take "4,5" and "4.50" for what they mean."""
        text = str(value or "")
        return plain(Decimal(text.replace(",", "."))) if AS_TYPED.fullmatch(text) else text[:LONGEST]


def text_field(label: Any, rows: int, **attributes: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "input", **attributes})
    return forms.CharField(label=label, required=False, widget=widget, strip=True)


class SheetForm(forms.Form):
    """Marks and comments by criterion, the two texts of the whole, the version last seen."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"{MARK}{criterion.pk}"] = MarkField(criterion, label=criterion.label)
            self.fields[f"{COMMENT}{criterion.pk}"] = text_field(_("Public comment"), 1)
        self.fields["comment"] = text_field(_("Comment for the applicant"), 4)
        self.fields["private_note"] = text_field(_("Private note"), 2)

    @property
    def given(self) -> dict[str, Any]:
        """What save_sheet takes, from a valid form."""
        data = self.cleaned_data
        return {
            "marks": {criterion: data[f"{MARK}{criterion.pk}"] for criterion in self.criteria},
            "comments": {criterion: data[f"{COMMENT}{criterion.pk}"] for criterion in self.criteria},
            "comment": data["comment"],
            "private_note": data["private_note"],
            "version": data["version"],
        }


class AbstentionForm(forms.Form):
    """Why a juror cannot judge, in their own words."""

    reason = forms.CharField(
        label=_("Why you cannot judge it"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The chair and the city read it, and the minutes print it. The applicant does not read it."),
    )


class OneFieldForm(forms.Form):
    """The same sheet, of which one field travels alone: `field`, `value`, `version`, and `seen`, each value of the
    field that the page read or sent itself.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, criteria: Iterable[Criterion]) -> None:
        self.field = str(data.get("field", ""))
        self.told = data.getlist("seen")[:MOST_SEEN]
        super().__init__({self.field: data.get("value", ""), "version": data.get("version", "")})
        self.criterion = next(
            (each for each in criteria if self.field in (f"{MARK}{each.pk}", f"{COMMENT}{each.pk}")), None
        )
        if self.criterion is not None and self.field.startswith(MARK):
            self.fields[self.field] = MarkField(self.criterion)
        elif self.criterion is not None or self.field in {"comment", "private_note"}:
            self.fields[self.field] = text_field("", 1)

    @property
    def is_known(self) -> bool:
        """Whether the sheet has such a field."""
        return self.field in self.fields and self.field != "version"

    @property
    def sentences(self) -> list[str]:
        """What is wrong, for people."""
        found = [str(error) for errors in self.errors.values() for error in errors]
        return found or [gettext("This sheet has no such field.")]

    @property
    def given(self) -> dict[str, Any]:
        """What save_sheet takes: that field alone."""
        value, seen = self.cleaned_data[self.field], {"version": self.cleaned_data["version"], "seen": self._seen()}
        if self.criterion is None:
            return {self.field: value, **seen}
        group = "marks" if self.field.startswith(MARK) else "comments"
        return {group: {self.criterion: value}, **seen}

    def _seen(self) -> list[Any]:
        """What the page has seen of the field, as values of it; what is none is left out."""
        found = []
        for text in self.told:
            with suppress(forms.ValidationError):
                found.append(self.fields[self.field].clean(text))
        return found
