"""What the answers already given ask for, or no longer do: as pages and saved fields say it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core.errors import DomainError
from calls.forms.section import SectionForm
from calls.models import Question
from calls.queries import Filled
from calls.queries.completeness import ineligible

from .frame import Frame


def said_of_asking(frame: Frame) -> dict[str, Any]:
    """The fields not asked with the present answers, those of them that hold one, and those asked that lack one."""
    hidden = [q.field_name for q in frame.filled.in_order() if q.pk not in frame.asked]
    aside = [q.field_name for q in frame.filled.set_aside(frame.asked)]
    unanswered = [lack.field for lack in frame.lacks if frame.is_unanswered(lack.field)]
    return {"hidden": hidden, "aside": aside, "unanswered": unanswered}


def labels_of(questions: list[Question]) -> str:
    return ", ".join(_("“%(label)s”") % {"label": question.label} for question in questions)


def change_of(frame: Frame, before: set[int]) -> str:
    """What the answers ask since they asked for the questions `before`: a sentence, empty when nothing changed."""
    questions = frame.filled.in_order()
    more = [q for q in questions if q.pk in frame.asked - before]
    less = [q for q in questions if q.pk in before - frame.asked]
    sentences = []
    if more:
        words = ngettext("One more question is asked: %(labels)s.", "More questions are asked: %(labels)s.", len(more))
        sentences.append(words % {"labels": labels_of(more)})
    if less:
        words = _("No longer asked: %(labels)s. What you answered stays here, and is not submitted.")
        sentences.append(words % {"labels": labels_of(less)})
    return " ".join(sentences)


def elsewhere(error: DomainError, frame: Frame) -> str:
    """The sentence of `error` with the question and section it is about, for a page that does not show them."""
    question = next((q for q in frame.filled.in_order() if q.field_name == error.field), None)
    if question is None:
        return str(error)
    return _("“%(question)s”, in the section “%(section)s”: %(sentence)s") % {
        "question": question.label,
        "section": question.section.title,
        "sentence": error,
    }


def barred(frame: Frame, questions: list[Question], before: Filled) -> list[str]:
    """Why answers to `questions` that are kept, and were not so `before`, leave the call closed: a sentence each."""
    kept, former = frame.filled.answers, before.answers
    asked = [q for q in questions if q.pk in kept and q.pk in frame.asked and kept[q.pk].value]
    new = [q for q in asked if q.pk not in former or former[q.pk].version != kept[q.pk].version]
    told = {q.label: ineligible(q, kept[q.pk].value) for q in new}
    words = _("“%(question)s”: %(sentence)s")
    return [words % {"question": label, "sentence": sentence} for label, sentence in told.items() if sentence]


def saved_at(question: Question, filled: Filled, form: SectionForm) -> datetime | None:
    """The instant at which what `form` shows of `question` was kept; None for nothing, and for what was not kept."""
    if question.pk in filled.attachments:
        return max(attachment.attached_at for attachment in filled.attachments[question.pk])
    answer = filled.answers.get(question.pk)
    return answer.saved_at if answer and answer.value and form.shows(question, answer.value) else None


def kept_in(filled: Filled) -> tuple[dict[int, int], dict[int, list[Any]]]:
    """What tells two states of an application apart: the versions of its answers, the keys of its documents."""
    documents = {pk: [attachment.pk for attachment in kept] for pk, kept in filled.attachments.items()}
    return {pk: answer.version for pk, answer in filled.answers.items()}, documents


def document_seen(filled: Filled, question: Question) -> int | None:
    """The key of the document that answers `question`; 0 for none, None where several may."""
    kept = filled.attachments.get(question.pk, [])
    if question.takes_several:
        return None
    return int(kept[0].pk) if kept else 0


def with_a_row(path: str, more: str) -> str:
    """The address of a section that shows one more row, at that row: `more` names its field and how many it shows."""
    name, _sep, count = more.partition("-")
    return f"{path}?more={more}#id_{name}_row{count}"


def as_posted(value: Any) -> list[str]:
    """A field's prepared value as a browser would send it."""
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
