"""The shape of what agents hand in about the pillars."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.text import validate_plain

MOST_OCTETS = 500_000


class ImportForm(forms.Form):
    """A table of readings, as a file or pasted."""

    file = forms.FileField(
        label=_("CSV file"), required=False, help_text=_("Saved from a spreadsheet as CSV, 500 KB at most.")
    )
    text = forms.CharField(
        label=_("Or the lines themselves"),
        required=False,
        max_length=MOST_OCTETS,
        strip=False,
        validators=[validate_plain],
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "First line: indicateur;date;valeur;source. Dates as 2018-03-15 or 15/03/2018, numbers as 1 234,5."
        ),
    )

    def clean_file(self) -> str:
        """The text of the file: UTF-8, else as older spreadsheets write it."""
        found: UploadedFile | None = self.cleaned_data["file"]
        if found is None:
            return ""
        if (found.size or 0) > MOST_OCTETS:
            raise forms.ValidationError(_("This file is too large: 500 KB at most."))
        octets = found.read()
        try:
            text = octets.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = octets.decode("cp1252", errors="replace")
        validate_plain(text)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        table = cleaned.get("file") or cleaned.get("text") or ""
        if not table.strip():
            raise forms.ValidationError(_("Choose a file, or paste the lines."))
        return cleaned | {"table": table}
