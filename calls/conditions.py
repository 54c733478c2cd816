"""Which questions of a form an application is asked, and which conditions make no sense."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .models import Question, Section
from .models.form import MOST_IN_A_SECTION, Conditional


def asked(questions: Iterable[Question], values: Mapping[int, str]) -> set[int]:
    """The keys of those `questions` that apply to an application which answers `values`, by question.

    `questions` are those of a whole form in its order, with their sections. This alone decides: form, check, version,
    jury, export and print ask it. A condition on a question that does not apply, or that comes later, does not hold.
    """
    found: set[int] = set()
    for question in questions:
        if _holds(question.section, values, found) and _holds(question, values, found):
            found.add(question.pk)
    return found


def _holds(part: Conditional, values: Mapping[int, str], found: set[int]) -> bool:
    if part.shown_if_id is None:
        return True
    said = values.get(part.shown_if_id, "").split()
    return part.shown_if_id in found and not set(part.shown_keys).isdisjoint(said)


def hanging_on(questions: Iterable[Question], keys: set[int]) -> set[int]:
    """The keys of those `questions`, of a whole form in its order, that are asked according to one of `keys`, or to
    another of these.
    """
    found: set[int] = set()
    for question in questions:
        if not {question.shown_if_id, question.section.shown_if_id}.isdisjoint(keys | found):
            found.add(question.pk)
    return found


@dataclass(frozen=True)
class Fault:
    """What makes no sense in a form: a sentence, and the field of the part where it is put right."""

    sentence: str
    field: str


def faults(sections: Iterable[Section], questions: Mapping[int, list[Question]]) -> Iterator[Fault]:
    """What makes no sense in a form: `sections` in order, and the questions of each by the section's key."""
    earlier: dict[int, Question] = {}
    for section in sections:
        asks = questions.get(section.pk, [])
        yield from _faults_of(section, earlier)
        if len(asks) > MOST_IN_A_SECTION:
            sentence = _("“%(section)s” asks more than %(n)d questions: move some to another section.")
            yield Fault(sentence % {"section": section, "n": MOST_IN_A_SECTION}, "order")
        for question in asks:
            yield from _faults_of(question, earlier)
            yield from _faults_alone(question)
            earlier[question.pk] = question


def _faults_of(part: Any, earlier: Mapping[int, Question]) -> Iterator[Fault]:
    if part.shown_if_id is None:
        return
    deciding = earlier.get(part.shown_if_id)
    if deciding is None:
        sentence = _("“%(part)s” depends on an answer that does not come before it.")
    elif not part.shown_keys or not set(part.shown_keys) <= set(deciding.answer_keys):
        sentence = _("“%(part)s” depends on an answer that cannot be given.")
    else:
        return
    yield Fault(sentence % {"part": part}, "shown_when")


def _faults_alone(question: Question) -> Iterator[Fault]:
    if not set(question.eligible_keys) <= set(question.answer_keys):
        yield Fault(_("“%(part)s” needs an answer that cannot be given.") % {"part": question}, "eligible_when")
    if question.kind == Question.Kind.TABLE and not question.option_lines:
        yield Fault(_("“%(part)s” needs at least one column.") % {"part": question}, "options")
