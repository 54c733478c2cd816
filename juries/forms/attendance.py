"""What a finalist answers before a finale, and the deck sent for it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.files.uploads import too_large
from juries.models import Attendance


class ConfirmForm(forms.ModelForm):
    """Who comes, who pitches, what they need."""

    class Meta:
        model = Attendance
        fields = ("pitched_by", "people", "needs")
        labels = {
            "pitched_by": _("Who pitches"),
            "people": _("How many of you come"),
            "needs": _("What you need to take part"),
        }
        help_texts = {
            "pitched_by": _("One or more names, as they are to be announced."),
            "needs": _(
                "Entrance without steps, interpreter, language, equipment. Only the organisers read it, and it is "
                "erased once the decision is proclaimed."
            ),
        }
        widgets = {"needs": forms.Textarea(attrs={"rows": 4}), "people": forms.NumberInput(attrs={"data-short": ""})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pitched_by"].required = True


class DeclineForm(forms.Form):
    """Why a finalist does not come."""

    word = forms.CharField(
        label=_("A word for the city and the jury"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class DeckForm(forms.Form):
    """The deck of a pitch."""

    file = forms.FileField(label=_("The deck, as a PDF"), widget=forms.FileInput(attrs={"accept": "application/pdf"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.UPLOAD_MAX_BYTES
        self.fields["file"].help_text = _("%(n)d MB at most.") % {"n": most // 1_000_000}
        self.fields["file"].widget.attrs |= {"data-bytes-max": most, "data-too-large": too_large()}
