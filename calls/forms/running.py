"""Forms with which agents run a call: dates, screening, answers, filters."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from bethune_smartcity.core.instants import InstantField
from bethune_smartcity.core.language import page_language
from bethune_smartcity.core.text import validate_plain
from calls.models import Call
from calls.operations.order import DATE_NAMES
from calls.operations.publication import DATES
from calls.queries.calls import pillars_of
from calls.queries.corrections import LABELS
from calls.queries.submissions import RESERVE, SORTS
from calls.reading import Part
from calls.workflow import HANDED_IN, SubmissionState


def long_text(label: Any, **attrs: Any) -> dict[str, Any]:
    return {"label": label, "widget": forms.Textarea(attrs={"rows": 4, **attrs})}


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(**long_text(_("Reason")), max_length=2000)


class PublicReasonForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        **long_text(_("Reason")),
        max_length=2000,
        validators=[validate_plain],
        help_text=_("It is shown on the call’s page, and kept."),
    )


class Ticked(forms.CheckboxInput):
    """A box that says what it was ticked for: it is empty again once that has changed."""

    def __init__(self, value: str) -> None:
        super().__init__(attrs={"value": value}, check_test=lambda _sent: False)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return str(data.get(name, ""))

    def format_value(self, value: Any) -> None:
        return None


class MoveDeadlineForm(PublicReasonForm):
    """Which date, to when, why; and, once it is refused for it, despite which others are no longer in their order."""

    field = forms.ChoiceField(label=_("Which date?"), widget=forms.RadioSelect)
    to = InstantField(
        label=_("New date and hour, in Paris"),
        help_text=_("Midnight counts for the day before: for “until 31 May included”, write 1 June, 00:00."),
    )
    despite = forms.CharField(
        label=_("Move it all the same: I see to the other dates"), required=False, widget=forms.HiddenInput
    )
    field_order = ("field", "to", "despite", "reason")

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.move = ""
        self.fields["field"].choices = [(name, DATE_NAMES[name]) for name in DATES if getattr(call, name)]

    def clean(self) -> dict[str, Any]:
        """`despite` becomes whether the box was ticked for this very date."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.move = f"{data.get('field')} {data.get('to')}"
        data["despite"] = data.get("despite") == self.move
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "despite":
            self.fields["despite"].widget = Ticked(self.move)
        super().add_error(field, error)


class CorrectionForm(forms.Form):
    """What is to be corrected, in which of the answers of an application, until when.

    Args:
        parts: the sections of the application as it is read.
    """

    use_required_attribute = False
    request = forms.CharField(**long_text(_("What is to be corrected")), max_length=2000)
    fields = forms.MultipleChoiceField(
        label=_("In which answers?"),
        help_text=_("These alone can be changed, with those that hang on them; the others stay as submitted."),
        widget=forms.CheckboxSelectMultiple,
    )
    until = InstantField(label=_("Until, in Paris"))

    def __init__(self, *args: Any, parts: Iterable[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"].choices = [
            (_("The project"), list(LABELS.items())),
            *((part.title, [(s.question.field_name, s.question.label) for s in part.said]) for part in parts),
        ]


class ExtensionForm(forms.Form):
    """Until when one application may be written, and why."""

    use_required_attribute = False
    until = InstantField(
        label=_("Until, in Paris"),
        help_text=_("Midnight counts for the day before: for “until 31 May included”, write 1 June, 00:00."),
    )
    reason = forms.CharField(
        **long_text(_("Reason")),
        max_length=2000,
        validators=[validate_plain],
        help_text=_("The people of this application and the call’s agents read it, nobody else."),
    )


class WrittenIn(forms.Form):
    """A text in one language: that of the page, unless its writer says another."""

    language = forms.ChoiceField(
        label=_("Language of the answer"), required=False, choices=settings.LANGUAGES, initial=page_language
    )

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or page_language()


class AnswerQuestionForm(WrittenIn):
    use_required_attribute = False
    text = forms.CharField(**long_text(_("Answer, public to all")), max_length=4000)
    field_order = ("text", "language")


class BoardFilterForm(forms.Form):
    """What the list of applications shows; an unknown value filters nothing."""

    use_required_attribute = False
    text = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False)
    pillar = forms.ChoiceField(label=_("Pillar"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(name, name) for name in SORTS])

    def __init__(self, *args: Any, call: Call, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [*HANDED_IN, SubmissionState.WITHDRAWN]
        choices = {
            "state": [*((state.value, state.label) for state in states), (RESERVE, _("On the reserve list"))],
            "pillar": [(pillar.slug, pillar.name) for pillar in pillars_of(call)],
            "country": [(code, countries.name(code)) for code in codes],
        }
        for name, pairs in choices.items():
            self.fields[name].choices = [("", _("All")), *pairs]
