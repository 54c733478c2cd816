"""Forms in which agents prepare changes of the form of an open call."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.language import in_each
from bethune_smartcity.core.languages import InEachLanguage
from bethune_smartcity.core.text import validate_plain
from calls.answers import words_of_key
from calls.models import Call, Question

TEXTS = ("label", "help", "options")
LIMITS = ("max_words", "max_characters", "max_rows", "max_files")
Kind = Question.Kind
# The kinds that each of these columns says something of.
ABOUT = {
    "options": {Kind.CHOICE, Kind.CHOICES, Kind.TABLE},
    "max_words": {Kind.SHORT, Kind.LONG},
    "max_characters": {Kind.SHORT, Kind.LONG},
    "max_rows": {Kind.TABLE},
    "max_files": {Kind.FILE},
}


def answers_offered(call: Call | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each question of the form of `call` among whose answers one chooses, with these: "12:0" is the first of 12."""
    if call is None:
        return []
    questions = Question.objects.filter(section__call=call, kind__in=["yes_no", "choice", "choices"])
    return [
        (question.label, [(f"{question.pk}:{key}", words_of_key(question, key)) for key in question.answer_keys])
        for question in questions.order_by("section__order", "order", "pk")
    ]


def parted(chosen: list[str]) -> tuple[int | None, str]:
    """The question and the answers, one a line, that `chosen` among `answers_offered` name. Raises ValidationError."""
    questions = {value.partition(":")[0] for value in chosen}
    if len(questions) > 1:
        raise forms.ValidationError(_("Choose answers to one question only."))
    return (int(questions.pop()) if questions else None), "\n".join(value.partition(":")[2] for value in chosen)


class AskedForm(InEachLanguage):
    """How a question is asked, in each language. `columns` is what the operation takes."""

    use_required_attribute = False
    told = TEXTS
    shown_when = forms.MultipleChoiceField(
        label=_("Asked only for these answers"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Answers to one earlier question; none: it is always asked. Several: any of them."),
    )

    class Meta:
        model = Question
        fields: ClassVar[list[str]] = [*in_each(*TEXTS), "required", *LIMITS]
        widgets: ClassVar[dict[str, Any]] = {
            "help": forms.Textarea(attrs={"rows": 2}),
            "options": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held, own = self.instance, f"{self.instance.pk}:"
        offered = [(label, pairs) for label, pairs in answers_offered(call) if not pairs[0][0].startswith(own)]
        self.fields["shown_when"].choices = offered
        self.initial["shown_when"] = [f"{held.shown_if_id}:{key}" for key in held.shown_keys]
        # Left empty, it stays as it is.
        self.fields["max_files"].required = False
        for name in in_each(*TEXTS):
            self.fields[name].validators.append(validate_plain)

    def clean_shown_when(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["shown_when"]
        parted(chosen)
        return chosen

    def columns(self) -> dict[str, Any]:
        """The columns as they were typed."""
        typed = {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}
        if typed.get("max_files") is None:
            typed.pop("max_files", None)
        if "shown_when" in self.cleaned_data:
            typed["shown_if_id"], typed["shown_values"] = parted(self.cleaned_data["shown_when"])
        return typed


class ChangeForm(AskedForm):
    """Another way to ask a question; its kind and who reads its answer stay."""

    withdrawn = forms.MultipleChoiceField(
        label=_("Choices no longer offered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave their lines above as they are: answers already given are read by them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = self.instance
        for name, kinds in ABOUT.items():
            if question.kind not in kinds:
                self._without(name)
        self.fields["withdrawn"].choices = question.option_pairs
        self.initial["withdrawn"] = question.withdrawn_keys
        if not question.is_chosen:
            del self.fields["withdrawn"]

    def _without(self, name: str) -> None:
        self.told = tuple(told for told in self.told if told != name)
        for column in (name, *in_each(name)):
            self.fields.pop(column, None)

    def columns(self) -> dict[str, Any]:
        typed = super().columns()
        if "withdrawn" in self.cleaned_data:
            typed["withdrawn_options"] = "\n".join(self.cleaned_data["withdrawn"])
        return typed


class AddForm(AskedForm):
    """A new question, of any kind."""

    class Meta(AskedForm.Meta):
        fields: ClassVar[list[str]] = ["kind", *AskedForm.Meta.fields, "audience"]
