"""The form in which agents word a message of their call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.notifications.texts import LONGEST_BODY, LONGEST_SUBJECT, Text, Words, complaints


class MessageTextForm(forms.Form):
    """A subject and a text, with the placeholders of `text`; `seen` tells whether someone changed them meanwhile."""

    use_required_attribute = False
    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT, validators=[validate_single_line])
    body = forms.CharField(
        label=_("Text"),
        help_text=_("Plain text. A blank line begins a paragraph, a dash at the head of a line makes a list."),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 18}),
        validators=[validate_plain],
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, text: Text, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = language

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for field, sentences in complaints(self.text, self.words()).items():
                for sentence in sentences:
                    self.add_error(field, sentence)
        return data

    def words(self) -> Words:
        return Words(self.cleaned_data["subject"], self.cleaned_data["body"])

    def typed(self) -> Words:
        """What the fields show now, whatever it is worth."""
        subject, body = (str(self[name].value() or "") for name in ("subject", "body"))
        return Words(subject[:LONGEST_SUBJECT], body[:LONGEST_BODY])
