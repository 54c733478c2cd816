"""What was sent to a section after the session had ended, beside what is kept: shown field by field, to be taken up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from bethune_smartcity.core.unreceived import Unreceived, kept_for, settle
from calls.forms.applying import DescribeForm
from calls.forms.section import SectionForm
from calls.models import Question

from .clashes import in_words, shown


@dataclass(frozen=True)
class Late:
    """Two texts of a field: the one sent at `at`, which was not received, and the one that is kept."""

    at: datetime
    mine: str
    kept: str


def as_form(sent: Unreceived) -> QueryDict:
    """What was sent, as a form reads it."""
    data = QueryDict(mutable=True)
    for name, values in sent.values.items():
        data.setlist(name, values)
    return data


def raw(sent: Unreceived, name: str) -> str:
    """What was sent for a field that takes no such value."""
    return "\n".join(sent.values.get(name, [])) or "–"


def late_answers(sent: Unreceived, form: SectionForm) -> dict[str, Late]:
    """The answers that were not received and differ from those kept, by field. `form` is filled with what was sent."""
    form.is_valid()
    found = {}
    for question in form.questions:
        name, answer = question.field_name, form.filled.answers.get(question.pk)
        kept, mine = answer.value if answer else "", form.values.get(question)
        if question.kind == Question.Kind.FILE or not sent.holds(name) or mine == kept:
            continue
        if form.opened is None or name in form.opened:
            told = raw(sent, name) if mine is None else shown(question, mine)
            found[name] = Late(sent.at, told, shown(question, kept))
    return found


def late_description(
    sent: Unreceived, form: DescribeForm, kept: dict[str, Any], is_open: Callable[[str], bool]
) -> dict[str, Late]:
    """The same for the parts of the description."""
    form.is_valid()
    found = {}
    for name, value in kept.items():
        mine = in_words(_listed(form.cleaned_data[name])) if name in form.cleaned_data else raw(sent, name)
        if sent.holds(name) and is_open(name) and mine != in_words(value):
            found[name] = Late(sent.at, mine or "–", in_words(value) or "–")
    return found


def _listed(value: Any) -> Any:
    return value if isinstance(value, str) or not hasattr(value, "__iter__") else list(value)


def with_taken(request: HttpRequest, data: Any) -> Any:
    """The form that is sent, with the field that the writer takes up as it was sent before."""
    name, _sep, choice = request.POST.get("take", "").partition(":")
    sent = kept_for(request) if name else None
    if sent is None or choice or not sent.holds(name):
        return data
    taken = data.copy()
    taken.setlist(name, sent.values.get(name, []))
    return taken


def chosen(request: HttpRequest) -> None:
    """Forget the text of the field for which the writer chose."""
    name = request.POST.get("take", "").partition(":")[0]
    if name:
        settle(request, name)
