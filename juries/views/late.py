"""What a juror sent of a sheet after their session had ended, in its form again beside what the sheet holds."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from bethune_smartcity.core.unreceived import PERSON, Unreceived, forget, kept_for
from juries.forms.sheets import SheetForm

from .desk import Difference, SheetDesk

KEPT = "kept"
"""What the button sends that leaves the sheet as it is saved."""


@dataclass(frozen=True, slots=True)
class Late:
    """What was sent at `at` and not received, where it is not what the sheet holds: the fields' `names`, and both."""

    at: datetime
    names: list[str]
    differences: list[Difference]


def with_late(request: HttpRequest, view: SheetDesk) -> tuple[SheetForm, Late | None]:
    """The form of a sheet: as it is kept, or with what its juror sent in vain, which is not saved. No statement."""
    kept = SheetForm(initial=view.initial, criteria=view.criteria)
    sent = kept_for(request) if view.is_writable else None
    if sent is None or not sent.values.get(PERSON):
        return kept, None
    form = SheetForm(_filled(sent, view, list(kept.fields)), criteria=view.criteria)
    differences = view.differences(form)
    if not differences:
        forget(request)
        return kept, None
    return form, Late(sent.at, [one.name for one in differences], differences)


def _filled(sent: Unreceived, view: SheetDesk, names: list[str]) -> dict[str, str]:
    """What the sheet holds, with what was sent in its place. A field sent empty empties the sheet's only where that is
    still the one it was sent upon.
    """
    found = {name: str(value) for name, value in view.initial.items()}
    is_same = sent.values.get("version") == [str(view.version)]
    for name in names:
        value = next(iter(sent.values.get(name, [])), "")
        if name != "version" and (value or (is_same and name in sent.values)):
            found[name] = value
    return found
