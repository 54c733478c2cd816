"""The forms of a bulk message: its words in each language, and the second deliberate step."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.context import own_name
from bethune_smartcity.core.instants import InstantField
from bethune_smartcity.core.languages import Fold
from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.notifications.texts import LONGEST_BODY, LONGEST_SUBJECT, Words
from calls.audiences import Audience
from calls.models.letter import FIRST

CODES = [code for code, _name in settings.LANGUAGES]
# What stands between the name of people and of a part of them.
BETWEEN = "/"


class LetterForm(forms.Form):
    """Whom it is for, what it says in French, and in other languages if one likes."""

    use_required_attribute = False
    audience = forms.ChoiceField(
        label=_("For whom?"),
        help_text=_("Who is written to is looked for again when the message leaves."),
        choices=(),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[Audience, Mapping[str, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (audience.label, [(f"{audience.name}{BETWEEN}{part}", label) for part, label in parts.items()])
            for audience, parts in choices
        ]
        for code in CODES:
            self._ask(code)

    def _ask(self, code: str) -> None:
        """The subject and the text in one language, needed in the first alone."""
        is_first, name = code == FIRST, own_name(code)
        self.fields[f"subject_{code}"] = forms.CharField(
            label=_("Subject (%(language)s)") % {"language": name},
            required=is_first,
            max_length=LONGEST_SUBJECT,
            validators=[validate_single_line],
            widget=forms.TextInput(attrs={"lang": code}),
        )
        self.fields[f"body_{code}"] = forms.CharField(
            label=_("Text (%(language)s)") % {"language": name},
            help_text=_("Plain text. A blank line begins a paragraph, a dash at the head of a line makes a list.")
            if is_first
            else "",
            required=is_first,
            max_length=LONGEST_BODY,
            validators=[validate_plain],
            widget=forms.Textarea(attrs={"rows": 12 if is_first else 8, "lang": code}),
        )

    @staticmethod
    def of(code: str) -> list[str]:
        return [f"subject_{code}", f"body_{code}"]

    def unfolded(self) -> list[forms.BoundField]:
        """Whom it is for, and French."""
        return [self[name] for name in ("audience", *self.of(FIRST))]

    def folds(self) -> list[Fold]:
        """The other languages, in the portal's order."""
        return [self._fold(code) for code in CODES if code != FIRST]

    def _fold(self, code: str) -> Fold:
        fields = [self[name] for name in self.of(code)]
        return Fold(
            language=own_name(code),
            fields=fields,
            is_open=any(bound.errors for bound in fields),
            is_written=all(bound.value() for bound in fields),
        )

    def chosen(self) -> tuple[str, str]:
        """The name of the people chosen, and of the part of them."""
        name, _between, part = self.cleaned_data["audience"].partition(BETWEEN)
        return name, part

    def words(self) -> dict[str, Words]:
        data = self.cleaned_data
        return {code: Words(data[f"subject_{code}"], data[f"body_{code}"]) for code in CODES}


class ConfirmLetterForm(forms.Form):
    """To how many, and when."""

    use_required_attribute = False
    NOW, LATER = "now", "later"
    number = forms.IntegerField(
        label=_("Number of people"),
        help_text=_("Type the number of people written above: this is the second step that sends."),
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-short": True}),
    )
    when = forms.ChoiceField(
        label=_("When?"),
        choices=[(NOW, _("Within the minute")), (LATER, _("At an instant I choose"))],
        widget=forms.RadioSelect,
    )
    due_at = InstantField(
        label=_("Day and hour, in Paris"), help_text=_("Only for an instant you choose."), required=False
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].needed = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == self.LATER and not data.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", _("Choose a day and an hour."))
        if data.get("when") == self.NOW:
            data["due_at"] = None
        return data
