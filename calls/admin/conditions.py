"""Saying in a form of the back office which earlier answers a section or question depends on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_base import PortalForm
from calls.answers import words_of_key
from calls.forms.composing import answers_offered, parted
from calls.models import Call

SEVERAL = forms.SelectMultiple(attrs={"size": 6})


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
        own = f"{self.instance.pk}:"
        self.fields["shown_when"].choices = [
            (label, pairs) for label, pairs in self.offered if not pairs[0][0].startswith(own)
        ]
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
        help_text=_("For a yes or no, or a choice, once it is saved. The call's page says so."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance
        self.fields["eligible_when"].choices = [(key, words_of_key(held, key)) for key in held.answer_keys]
        self.initial["eligible_when"] = held.eligible_keys

    def clean_eligible_when(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["eligible_when"]
        self.instance.eligible_values = "\n".join(chosen)
        return chosen


def offering(form: type[ConditionForm], call: Call | None) -> type[ConditionForm]:
    """`form` with the answers that the form of `call` offers, read once for all its rows."""
    return type("Offering", (form,), {"offered": answers_offered(call)})
