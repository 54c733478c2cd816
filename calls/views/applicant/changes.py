"""What writers are told of a form that changed while they filled it; what they wrote to a question withdrawn since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Conflict
from calls.answers import posted, shown_lines
from calls.models import FormChange, Question, Section, Submission
from calls.operations import submissions
from calls.queries import Filled
from calls.wordings import Change, last_change

from .frame import Frame


@dataclass(frozen=True)
class Withdrawn:
    """A question withdrawn since, and what the writer had answered."""

    question: Question
    at: datetime | None
    lines: list[str]
    attachments: list[Any]


def change_seen(question: Question, submission: Submission) -> Change | None:
    """The last change of `question`, when `submission` was begun before it."""
    change = last_change(question)
    return change if change and change.at and change.at > submission.created_at else None


def about_changes(frame: Frame, section: Section) -> dict[str, Any]:
    """What a section's page tells: its answers to questions withdrawn, and that the form is not the one handed in."""
    gone = [_withdrawn(question, frame.filled) for question in frame.filled.withdrawn if question.section == section]
    return {
        "withdrawn": [one for one in gone if one.lines or one.attachments],
        "since": changed_since(frame.submission),
    }


def _withdrawn(question: Question, filled: Filled) -> Withdrawn:
    answer, change = filled.answers.get(question.pk), last_change(question)
    lines = shown_lines(question, answer.value) if answer else []
    return Withdrawn(question, change.at if change else None, lines, filled.attachments.get(question.pk, []))


def changed_since(submission: Submission) -> list[FormChange]:
    """The changes of the form since `submission`, which may still be changed, was handed in. One statement, or none."""
    seen, call = submission.form_number, submission.call
    if submission.submitted_at is None or seen == call.form_number or not submission.accepts_at(clock.arrived()):
        return []
    return list(FormChange.objects.filter(call=call, number__gt=seen))


def asked_or_withdrawn(filled: Filled, pk: int) -> Question:
    """The question of that key, even withdrawn since. Raises Http404 for one the form never asked."""
    found = next((question for question in (*filled.in_order(), *filled.withdrawn) if question.pk == pk), None)
    if found is None:
        raise Http404
    return found


def sentence_of(question: Question) -> str:
    """That `question` was withdrawn, and what becomes of the answer."""
    change = last_change(question)
    words = {"question": question.label, "when": wording.instant(change.at) if change and change.at else ""}
    return (
        _("“%(question)s” was withdrawn on %(when)s. What you wrote is kept on this page, and is not submitted.")
        % words
    )


def keep_withdrawn(submission: Submission, question: Question, values: list[str], by: Any) -> dict[str, Any]:
    """Keep what someone was writing to a question withdrawn meanwhile; returns what the saved field is told.

    Raises Conflict for a document, which nobody asks for any more.
    """
    if question.kind == Question.Kind.FILE:
        raise Conflict("question_withdrawn", _("This question was withdrawn: no document is asked for any more."))
    kept = submissions.save_answers(submission, {question: posted(question, values)}, by=by).get(question)
    return {"version": kept.version if kept else 0, "errors": [], "note": sentence_of(question)}


def keep_all_withdrawn(request: HttpRequest, frame: Frame) -> None:
    """Keep what a page opened before their withdrawal sends for questions withdrawn since, and say so."""
    for question in frame.filled.withdrawn:
        sent = [value for value in request.POST.getlist(question.field_name) if value.strip()]
        if sent and question.kind != Question.Kind.FILE:
            keep_withdrawn(frame.submission, question, request.POST.getlist(question.field_name), request.user)
            messages.info(request, sentence_of(question))
