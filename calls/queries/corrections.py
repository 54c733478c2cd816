"""What a correction reopens: the fields the city asked about, and those that hang on their answers."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from calls.conditions import hanging_on
from calls.models import Question, Submission
from calls.wordings import form_at

from .completeness import QUESTIONS, Filled, form_written

# What a correction may be about besides the questions of the form.
DESCRIPTION = {
    "title": _("Name of the project"),
    "one_line": _("The project in one line"),
    "pillar": _("Main pillar"),
    "other_pillars": _("Other pillars it serves"),
}
STRUCTURE = "structure"
LABELS = DESCRIPTION | {STRUCTURE: _("The structure: its name, its kind, its country, its number")}


def opened_fields(submission: Submission, filled: Filled | None = None) -> frozenset[str] | None:
    """The names of the fields that what reaches the server now may change of a writable `submission`.

    None for all of them: until its close, and for a correction asked for before fields were chosen. This alone decides:
    forms, saved fields, documents and the structure ask it. One statement without `filled`, or none.
    """
    asked = submission.correction_fields
    if not asked or submission.is_draft or submission.accepts_at(clock.arrived()):
        return None
    questions = filled.in_order() if filled else questions_written(submission)
    chosen = {question.pk for question in questions if question.field_name in asked}
    hanging = hanging_on(questions, chosen)
    return frozenset(asked) | {question.field_name for question in questions if question.pk in hanging}


def questions_written(submission: Submission) -> list[Question]:
    """The questions of the form in which `submission` is changed now, in order. One statement."""
    return form_at(QUESTIONS.fetch(call=submission.call_id), form_written(submission))


def labels_of(names: Iterable[str], questions: Iterable[Question]) -> Iterator[str]:
    """What the fields `names` are called, in the order of the form, in the language in force."""
    known: dict[str, Any] = LABELS | {question.field_name: question.label for question in questions}
    wanted = set(names)
    return (str(label) for name, label in known.items() if name in wanted)


def field_labels(names: Iterable[str]) -> dict[str, Any]:
    """The words for fields of applications, whatever their call, in the language in force. One statement, none where
    they are no questions.
    """
    keys = [int(name[1:]) for name in names if name[:1] == "q" and name[1:].isdecimal()]
    questions = Question.objects.filter(pk__in=keys) if keys else ()
    return LABELS | {question.field_name: question.label for question in questions}


def labels_asked(submission: Submission) -> list[str]:
    """What the correction of `submission` is about, field by field; nothing when it is about all. One statement, or
    none.
    """
    names = submission.correction_fields
    return list(labels_of(names, questions_written(submission))) if names else []
