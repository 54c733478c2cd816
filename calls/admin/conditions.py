"""Saying in a form of the back office which earlier answers a section or question depends on."""

from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_base import PortalForm
from calls.answers import words_of_key
from calls.forms.composing import answers_offered, parted
from calls.models import Call, Question

NOT_YET = _("To be chosen once this is saved, and the form has a yes or no, or a choice, that comes before.")
SEVERAL = forms.SelectMultiple(attrs={"size": 6})


class Nothing(forms.SelectMultiple):
    """The control of a list that has nothing to choose yet: none, and its help says when there will be."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return mark_safe("")

    def id_for_label(self, id_: str) -> str:
        return ""


def hide_empty(field: Any, sentence: Any) -> None:
    """Show `sentence` in place of a list without a line."""
    if not field.choices:
        field.widget, field.help_text = Nothing(), sentence


class ConditionForm(PortalForm):
    """A part of a form with its condition, chosen among the answers that the form offers."""

    offered: list[Any] = []
    shown_when = forms.MultipleChoiceField(
        label=_("Asked only for these answers"),
        required=False,
        widget=SEVERAL,
        help_text=_("Answers to one earlier question; none: it is always asked. Several: any of them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A section may bear the number of a question that it depends on.
        own = f"{self.instance.pk}:" if isinstance(self.instance, Question) else ":"
        self.fields["shown_when"].choices = [
            (label, pairs) for label, pairs in self.offered if not pairs[0][0].startswith(own)
        ]
        hide_empty(self.fields["shown_when"], NOT_YET)
        held = self.instance
        self.initial["shown_when"] = [f"{held.shown_if_id}:{key}" for key in held.shown_keys]

    def clean_shown_when(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["shown_when"]
        self.instance.shown_if_id, self.instance.shown_values = parted(chosen)
        return chosen


class QuestionForm(ConditionForm):
    """A question, with the answers among its own without which nothing can be submitted."""

    eligible_when = forms.MultipleChoiceField(
        label=_("Eligible only with one of these answers"),
        required=False,
        widget=SEVERAL,
        help_text=_("For a yes or no, or a choice, once it is saved. The call’s page says so."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance
        self.fields["eligible_when"].choices = [(key, words_of_key(held, key)) for key in held.answer_keys]
        hide_empty(self.fields["eligible_when"], self.fields["eligible_when"].help_text)
        self.initial["eligible_when"] = held.eligible_keys

    def clean_eligible_when(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["eligible_when"]
        self.instance.eligible_values = "\n".join(chosen)
        return chosen


def offering(form: type[ConditionForm], call: Call | None) -> type[ConditionForm]:
    """`form` with the answers that the form of `call` offers, read once for all its rows."""
    return type("Offering", (form,), {"offered": answers_offered(call)})
