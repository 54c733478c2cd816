"""What an application still lacks before it can be handed in."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.statements import Compiled
from calls.answers import words_of_key
from calls.conditions import asked
from calls.models import Answer, Attachment, Call, Question, Section, Submission
from calls.wordings import as_asked

DESCRIPTION_FIELDS = (
    ("title", gettext_noop("Give the project a name."), lambda s: s.title),
    ("one_line", gettext_noop("Say the project in one line."), lambda s: s.one_line),
    ("pillar", gettext_noop("Choose the main pillar."), lambda s: s.pillar_id),
)


@dataclass(frozen=True)
class Missing:
    """One thing to do: in a section and question, or in the description of the project (both None)."""

    section: Section | None
    question: Question | None
    sentence: str
    field: str = ""

    @property
    def anchor(self) -> str:
        """The identifier of the control in which something lacks."""
        if self.question:
            return str(self.question.anchor)
        return f"id_{self.field}_0" if self.field == "pillar" else f"id_{self.field}"


@dataclass
class Filled:
    """The form of a call as one application fills it: everything it may ask, and all that was ever answered."""

    sections: list[Section] = field(default_factory=list)
    questions: dict[int, list[Question]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[int, Answer] = field(default_factory=dict)
    # In their order; no key without one.
    attachments: dict[int, list[Attachment]] = field(default_factory=dict)
    # Those no longer asked since the form changed, each as it was last.
    withdrawn: list[Question] = field(default_factory=list)

    def in_order(self) -> list[Question]:
        """The questions from the first to the last."""
        return [question for section in self.sections for question in self.questions[section.pk]]

    def asked_keys(self, changed: Mapping[Question, str] | None = None) -> set[int]:
        """The keys of the questions that apply, once the answers `changed` take the place of those kept."""
        values = {pk: answer.value for pk, answer in self.answers.items()}
        values |= {question.pk: value for question, value in (changed or {}).items()}
        return asked(self.in_order(), values)

    def asked(self) -> "Filled":
        """The same without what the answers do not ask for: what is checked, handed in, read and printed."""
        keys = self.asked_keys()
        kept = {s.pk: [q for q in self.questions[s.pk] if q.pk in keys] for s in self.sections}
        return Filled(
            [section for section in self.sections if kept[section.pk]],
            defaultdict(list, kept),
            {pk: answer for pk, answer in self.answers.items() if pk in keys},
            {pk: attached for pk, attached in self.attachments.items() if pk in keys},
        )

    def set_aside(self, keys: set[int]) -> list[Question]:
        """The questions beyond `keys`, those asked, to which an answer is kept all the same: it is not handed in."""
        answered = {pk for pk, answer in self.answers.items() if answer.value} | self.attachments.keys()
        return [question for question in self.in_order() if question.pk in answered - keys]


def _questions(call: Any) -> QuerySet[Question]:
    """Every question a call ever asked."""
    every = Question.everything.filter(section__call=call).select_related("section")
    return every.order_by("section__order", "section", "order", "pk")


def _answers(**of: Any) -> QuerySet[Answer]:
    return Answer.objects.filter(**of).select_related("saved_by")


def _attachments(**of: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(**of).select_related("file")


QUESTIONS = Compiled(_questions, call=Call._meta.pk)
ANSWERS = Compiled(_answers, submission=Submission._meta.pk)
ATTACHMENTS = Compiled(_attachments, submission=Submission._meta.pk)


def _checked(call: Any, submission: Any) -> QuerySet[Question]:
    """The same with what a submission answers (None: nothing), and whether it attaches a document."""
    given = FilteredRelation("answers", condition=Q(answers__submission=submission))
    attached = Attachment.objects.filter(submission=submission, question=OuterRef("pk"))
    return _questions(call).annotate(
        given=given,
        **{f"answer_{name}": F(f"given__{name}") for name in ("pk", "value", "version")},
        is_attached=Exists(attached),
    )


CHECKED = Compiled(_checked, call=Call._meta.pk, submission=Submission._meta.pk)


class Said(NamedTuple):
    """An answer, or a document, as a check reads it: without who gave it and when."""

    submission_id: Any
    question_id: int
    value: str = ""
    pk: Any = None
    version: int = 0


def _of(compiled: Compiled, build: Callable[..., QuerySet[Any]], submissions: Collection[Any]) -> Iterable[Any]:
    """What belongs to `submissions`, by their keys: one is what pages ask for."""
    if len(submissions) == 1:
        return compiled.fetch(submission=next(iter(submissions)))
    return build(submission__in=submissions)


def _said(model: Any, submissions: Collection[Any], *columns: str) -> Iterable[Any]:
    """The rows of `model` that belong to `submissions`, as a check reads them."""
    rows = model.objects.filter(submission__in=submissions).order_by()
    return (Said(*row) for row in rows.values_list("submission", "question", *columns))


def empty_form(every: list[Question], form: int | None) -> Filled:
    """The form of that number (None: the present one), unanswered, out of `every` question its call ever asked."""
    questions: dict[int, list[Question]] = defaultdict(list)
    for question in every:
        if (asked := as_asked(question, form)) is not None:
            questions[question.section_id].append(asked)
    # A section whose questions were all withdrawn keeps its place: the addresses of the others stay.
    sections = list({question.section_id: question.section for question in every}.values())
    gone = [question for question in every if question.withdrawn_in is not None] if form is None else []
    return Filled(sections, questions, withdrawn=gone)


def filled_forms(
    call_id: Any, submissions: Iterable[Submission], *, written: bool = False, checked: bool = False
) -> dict[Any, Filled]:
    """The form of a call as each of `submissions` to it fills it, by their keys, in three statements.

    What was handed in is read by the form it was handed in under; `written`, by the one it is changed in. `checked`
    brings what a check of many reads and no more: what was answered and whether documents are there, not by whom.
    """
    every = QUESTIONS.fetch(call=call_id)
    numbers = {s.pk: form_written(s) if written else s.form_read for s in submissions}
    forms = {number: empty_form(every, number) for number in set(numbers.values())}
    filled = {pk: replace(forms[number], answers={}, attachments={}) for pk, number in numbers.items()}
    for answer in _said(Answer, filled, "value") if checked else _of(ANSWERS, _answers, filled):
        filled[answer.submission_id].answers[answer.question_id] = answer
    for attachment in _said(Attachment, filled) if checked else _of(ATTACHMENTS, _attachments, filled):
        filled[attachment.submission_id].attachments.setdefault(attachment.question_id, []).append(attachment)
    return filled


def checked_form(submission: Submission) -> Filled:
    """The form in which `submission` is changed, as it fills it: what was answered and whether a document is there,
    as a check reads it. One statement.
    """
    every = CHECKED.fetch(call=submission.call_id, submission=submission.pk)
    filled = empty_form(every, form_written(submission))
    for question in every:
        of: tuple[Any, ...] = (submission.pk, question.pk)
        if question.answer_pk is not None:
            said = Said(*of, question.answer_value, question.answer_pk, question.answer_version)
            filled.answers[question.pk] = said  # type: ignore[assignment]
        if question.is_attached:
            filled.attachments[question.pk] = [Said(*of)]  # type: ignore[list-item]
    return filled


def form_written(submission: Submission) -> int | None:
    """The number of the form in which `submission` is changed now: the present one (None) until its close, then, for
    a correction, the one it was handed in under.
    """
    return None if submission.accepts_at(clock.arrived()) else submission.form_read


def filled_form(submission: Submission, *, written: bool = False) -> Filled:
    """Sections that ask something, questions, answers and attachments of `submission`, in three statements.

    By the form it was handed in under; `written`, by the one it is changed in.
    """
    return filled_forms(submission.call_id, [submission], written=written)[submission.pk]


def count_words(text: str) -> int:
    """How many words: runs of characters between white space."""
    return len(text.split())


def excess(question: Question, value: str) -> str:
    """The sentence that asks to shorten `value`, empty when it is short enough."""
    words = count_words(value)
    if question.max_words and words > question.max_words:
        return _("Shorten this answer: %(words)s words, %(limit)s at most.") % {
            "words": wording.number(words),
            "limit": wording.number(question.max_words),
        }
    if question.max_characters and len(value) > question.max_characters:
        return _("Shorten this answer: %(n)s characters, %(limit)s at most.") % {
            "n": wording.number(len(value)),
            "limit": wording.number(question.max_characters),
        }
    return ""


def no_longer_offered(question: Question, value: str) -> str:
    """The sentence that asks to choose again where `value` holds a choice withdrawn since, empty when none is."""
    gone = [words_of_key(question, key) for key in question.withdrawn_keys if key in value.split()]
    if not gone:
        return ""
    return _("Choose again: no longer offered: %(choices)s.") % {"choices": " / ".join(gone)}


def ineligible(question: Question, value: str) -> str:
    """The sentence that says why `value` keeps the application from being eligible, empty when it does not."""
    wanted = question.eligible_keys
    if not wanted or not set(wanted).isdisjoint(value.split()):
        return ""
    return _("This call is only open with this answer: %(answers)s.") % {
        "answers": " / ".join(words_of_key(question, key) for key in wanted)
    }


def remark(question: Question, value: str, asked: Collection[int]) -> str:
    """What is said of an answer that is kept as it is: too long, or not one the call is open to; empty for nothing."""
    barred = value and question.pk in asked and ineligible(question, value)
    return excess(question, value) or str(barred or "")


def lack_in(question: Question, filled: Filled) -> str:
    """What is wrong with the answer to `question`, as a sentence; empty when nothing is."""
    if question.kind == Question.Kind.FILE:
        absent = question.pk not in filled.attachments
        return _("Attach this document.") if question.required and absent else ""
    answer = filled.answers.get(question.pk)
    value = answer.value if answer else ""
    if not value:
        return _lacking(question) if question.required or question.eligible_keys else ""
    return no_longer_offered(question, value) or ineligible(question, value) or excess(question, value)


def _lacking(question: Question) -> str:
    if question.kind == Question.Kind.CONSENT:
        return _("Tick this box to submit.")
    return _("Answer this question.")


def description_lacks(submission: Submission) -> list[Missing]:
    """What the description of the project lacks: its name, its line, its pillar."""
    return [Missing(None, None, _(said), n) for n, said, value in DESCRIPTION_FIELDS if not value(submission)]


def lacks(submission: Submission, filled: Filled) -> Iterable[Missing]:
    """Everything `submission` lacks, in the order of its form."""
    yield from description_lacks(submission)
    filled = filled.asked()
    for section in filled.sections:
        for question in filled.questions[section.pk]:
            sentence = lack_in(question, filled)
            if sentence:
                yield Missing(section, question, sentence, question.field_name)


def missing(submission: Submission) -> list[Missing]:
    """Everything `submission` lacks before it can be handed in, in the order of its form. Three statements."""
    return list(lacks(submission, filled_form(submission, written=True)))


def completeness_of(call_id: Any, drafts: list[Submission]) -> dict[Any, tuple[int, int]]:
    """How many required questions each of `drafts` answers, of how many it is asked, by its key. Three statements."""
    counts = {}
    for pk, whole in filled_forms(call_id, drafts, checked=True).items():
        filled = whole.asked()
        required = [question for question in filled.in_order() if question.required]
        answered = {key for key, answer in filled.answers.items() if answer.value} | filled.attachments.keys()
        counts[pk] = sum(question.pk in answered for question in required), len(required)
    return counts


def lacking_words(count: int) -> str:
    """How many answers lack, in words: "complete" for none."""
    if not count:
        return _("complete")
    return ngettext("%(n)d answer missing", "%(n)d answers missing", count) % {"n": count}
