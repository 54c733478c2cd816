"""What agents fill in about a public vote."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.instants import InstantField
from juries.forms.panels import MOMENT
from juries.models import Ballot

MOST_SERIALS = 2000


class DatesForm(forms.Form):
    opens_at = InstantField(label=_("Opens at"), widget=MOMENT, help_text=_("Paris time."))
    closes_at = InstantField(label=_("Closes at"), widget=MOMENT, help_text=_("Paris time, excluded."))


class CodesForm(forms.Form):
    batch = forms.CharField(label=_("Name of the batch"), max_length=40, help_text=_("Such as: entrance, Saturday."))
    number = forms.IntegerField(label=_("Number of slips"), min_value=1, max_value=2000, initial=100)


class VoidForm(forms.Form):
    """The ballots of one channel between two instants."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Ballot.Channel.choices, widget=forms.RadioSelect)
    since = InstantField(label=_("Cast from"), widget=MOMENT, help_text=_("Paris time."))
    until = InstantField(label=_("Cast before"), widget=MOMENT, help_text=_("Paris time, excluded."))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] >= data["until"]:
            self.add_error("until", _("The end comes after the beginning."))
        return data


class VoidCodesForm(forms.Form):
    """Slips by their serials."""

    serials = forms.CharField(
        label=_("Serials of the slips"), max_length=500, help_text=_("Separated by commas, with ranges: 12, 40-58.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean_serials(self) -> list[int]:
        found: set[int] = set()
        for part in filter(None, re.split(r"[,;\s]+", self.cleaned_data["serials"])):
            span = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", part)
            if span is None:
                raise forms.ValidationError(_("Write serials such as: 12, 40-58."))
            first, last = int(span[1]), int(span[2] or span[1])
            if last - first >= MOST_SERIALS or len(found) >= MOST_SERIALS:
                raise forms.ValidationError(_("Void 2,000 slips at most at once."))
            found |= set(range(first, last + 1))
        return sorted(found)


class CloseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
