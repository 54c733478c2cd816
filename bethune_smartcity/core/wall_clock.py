"""What clocks in Paris show, typed into a form: it means one instant and no other.

Twice a year the clocks change. An hour that they leap over is refused; one that comes twice asks which of the two is
meant, and shows how far each is ahead of UTC. Forms take instants by `instants.InstantField`, which is one.
"""

from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from . import wording
from .clock import PARIS

WRITTEN = "%Y-%m-%dT%H:%M"
# What stands after the name of a field that asks which of two hours is meant.
WHICH = "-which"
# Between what was typed and the offset chosen for it.
CHOSEN = "~"
SEASONS = {2: gettext_lazy("the first time, in summer time"), 1: gettext_lazy("the second time, in winter time")}


def meant_by(wall: datetime) -> list[datetime]:
    """The instants at which clocks in Paris show the naive `wall`, in UTC and in order: none, one or two."""
    both = [wall.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return [one for one in dict.fromkeys(both) if one.astimezone(PARIS).replace(tzinfo=None, fold=0) == wall]


def is_doubled(moment: datetime) -> bool:
    """Whether clocks in Paris show twice what they show at the aware instant `moment`."""
    return len(meant_by(moment.astimezone(PARIS).replace(tzinfo=None, fold=0))) > 1


def offset_of(moment: datetime) -> str:
    """How far Paris is ahead of UTC at that aware instant, as a form carries it: "+02:00"."""
    return moment.astimezone(PARIS).isoformat()[-6:]


def parted(text: str) -> tuple[str, str]:
    """What was typed, and the offset that was chosen; empty without one."""
    typed, _sign, chosen = text.partition(CHOSEN)
    return typed.strip(), chosen.strip()


def written(value: Any) -> str:
    """A value as the picker takes it, with its offset where its hour comes twice."""
    if not isinstance(value, datetime):
        return str(value or "")
    if value.tzinfo is None:
        return value.strftime(WRITTEN)
    text = value.astimezone(PARIS).strftime(WRITTEN)
    return f"{text}{CHOSEN}{offset_of(value)}" if is_doubled(value) else text


class InstantInput(forms.DateTimeInput):
    """The browser's own picker; beside it, only where its hour comes twice, which of the two is meant."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "datetime-local", "data-short": True, **(attrs or {})}, format=WRITTEN)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed, chosen = data.get(name), data.get(f"{name}{WHICH}")
        return f"{typed}{CHOSEN}{chosen}" if typed and chosen else typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        text = value if isinstance(value, str) else written(value)
        typed, chosen = parted(text)
        control = super().render(name, typed, attrs, renderer)
        wall = _read(typed)
        two = meant_by(wall) if wall else []
        if len(two) < 2:
            return control
        choices = format_html_join(
            "",
            '<label class="choice"><input type="radio" name="{}{}" value="{}"{}><span>{}</span></label>',
            ((name, WHICH, offset_of(one), _checked(offset_of(one) == chosen), _which(one)) for one in two),
        )
        legend = gettext("Which of the two?")
        return format_html('{}<fieldset class="field"><legend>{}</legend>{}</fieldset>', control, legend, choices)


def _checked(is_chosen: bool) -> SafeString:
    return mark_safe(" checked" if is_chosen else "")  # noqa: S308 - one of two words


def _which(moment: datetime) -> str:
    hours = (moment.astimezone(PARIS).utcoffset() or timedelta()) // timedelta(hours=1)
    return f"{SEASONS[hours]} (UTC+{hours})"


def _read(typed: str) -> datetime | None:
    """The day and hour typed, of years that a clock may show; None for what is none, or an instant by itself."""
    try:
        found = parse_datetime(typed)
    except ValueError:
        return None
    return found if found and found.tzinfo is None and MINYEAR < found.year < MAXYEAR else None


class WallClockField(forms.DateTimeField):
    """A day and an hour in Paris. One that spring leaps over is refused, one that autumn tells twice is asked about.

    Its value is aware.
    """

    widget = InstantInput

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        typed, chosen = parted(value)
        wall = _read(typed)
        if wall is None:
            return super().to_python(typed)
        found = meant_by(wall)
        if not found:
            raise ValidationError(_leapt_over(wall), code="leapt_over")
        if len(found) == 1:
            return found[0].astimezone(PARIS)
        for one in found:
            if offset_of(one) == chosen:
                return one
        raise ValidationError(_twice(wall), code="twice")


def _leapt_over(wall: datetime) -> str:
    told = {"day": wording.day(wall.date()), "hour": wording.hour(wall.time())}
    return (
        gettext(
            "%(hour)s does not exist on %(day)s: clocks go from 2:00 to 3:00 that night. Write an hour before or after."
        )
        % told
    )


def _twice(wall: datetime) -> str:
    told = {"day": wording.day(wall.date()), "hour": wording.hour(wall.time())}
    return gettext("%(hour)s comes twice on %(day)s, when clocks go back: choose which of the two you mean.") % told
