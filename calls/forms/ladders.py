"""The form that adds a rung to a ladder."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.notifications.rungs import DAYS, HOURS, Rung
from calls.ladders import Ladder

BEFORE = (("-d", _("days before")), ("-h", _("hours before")))
AFTER = (("+d", _("days after")), ("+h", _("hours after")))
UNITS = {"d": DAYS, "h": HOURS}


class RungForm(forms.Form):
    """How long before or after the date."""

    use_required_attribute = False
    amount = forms.IntegerField(
        label=_("How many"),
        min_value=0,
        max_value=9999,
        widget=forms.NumberInput(attrs={"data-short": "", "inputmode": "numeric"}),
    )
    unit = forms.ChoiceField(label=_("Days or hours"), widget=forms.Select(attrs={"data-short": ""}))

    def __init__(self, *args: Any, ladder: Ladder, **kwargs: Any) -> None:
        # Several of them stand on one page: their fields are told apart by the ladder.
        super().__init__(*args, auto_id=f"id_{ladder.name.replace('.', '-')}_%s", **kwargs)
        self.ladder = ladder
        self.fields["unit"].choices = (*BEFORE, *AFTER) if ladder.after else BEFORE

    @property
    def rung(self) -> Rung:
        """What was chosen, from a valid form."""
        side, unit = self.cleaned_data["unit"]
        amount = self.cleaned_data["amount"]
        return Rung(amount if side == "+" else -amount, UNITS[unit])
