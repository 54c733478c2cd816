"""What is asked to compare selections. Sent by GET: nothing of it is kept."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from juries.models import StandingLine


class Share(models.TextChoices):
    ANNOUNCED = "announced", _("the amounts announced, in the order of the ranking")
    EQUAL = "equal", _("the envelope in equal shares")
    SCORE = "score", _("the envelope in proportion to the scores")


class WhatIfForm(forms.Form):
    """An envelope, how it is shared, and a selection of one's own. What is not asked is as the call announced it."""

    envelope = forms.DecimalField(label=_("Envelope to share, in euros"), min_value=0, max_digits=10, decimal_places=2)
    share = forms.ChoiceField(label=_("How it is shared"), choices=Share.choices, widget=forms.RadioSelect)
    pick = forms.MultipleChoiceField(
        label=_("A selection of your own"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict, *, lines: Sequence[StandingLine], envelope: Decimal) -> None:
        announced = {"envelope": f"{envelope:f}".removesuffix(".00"), "share": Share.ANNOUNCED.value}
        asked = data.copy()
        for name, value in announced.items():
            asked[name] = asked.get(name) or value
        super().__init__(asked, initial={"envelope": envelope})
        self.fields["pick"].choices = [(one.submission.number, one.submission.title) for one in lines]

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked, and what was announced for what is not, or not understood."""
        self.is_valid()  # what is not understood is told by its field
        defaults = {"envelope": self.initial["envelope"], "share": Share.ANNOUNCED, "pick": []}
        return {**defaults, **self.cleaned_data}
