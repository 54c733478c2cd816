"""An application as it is read: sections, questions, and answers in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bethune_smartcity.core.statements import Compiled

from .answers import shown_lines
from .models import Attachment, Call, Question, Submission
from .queries import Filled, filled_form, filled_forms


@dataclass(frozen=True)
class Said:
    """A question and what answers it: lines of text, a web address, or documents in their order."""

    question: Question
    lines: list[str]
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def link(self) -> str:
        is_link = self.question.kind == Question.Kind.LINK and self.lines
        return self.lines[0] if is_link and self.lines[0].startswith(("https://", "http://")) else ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.attachments


@dataclass(frozen=True)
class Part:
    """A section as it is read."""

    title: str
    order: int
    said: list[Said] = field(default_factory=list)


def said_of(question: Question, filled: Filled) -> Said:
    answer = filled.answers.get(question.pk)
    lines = shown_lines(question, answer.value) if answer else []
    return Said(question, lines, filled.attachments.get(question.pk, []))


def parts_of(submission: Submission, filled: Filled | None = None) -> list[Part]:
    """The sections of `submission` with what they ask and its answers in the language in force.

    No statement with `filled`.
    """
    filled = (filled or filled_form(submission)).asked()
    return [
        Part(section.title, section.order, [said_of(q, filled) for q in filled.questions[section.pk]])
        for section in filled.sections
    ]


PUBLISHING = Compiled(
    lambda call: Question.everything.filter(section__call=call, audience=Question.Audience.PUBLIC), call=Call._meta.pk
)


def public_answers(call: Call, laureates: Iterable[Submission]) -> dict[Any, list[Said]]:
    """What everyone may read of `laureates` of `call` once they are public: answers in words, by application.

    One statement when the call publishes no answer, else four.
    """
    if not PUBLISHING.exists(call=call.pk):
        return {}
    return {
        pk: [said for said in _said_to_all(filled.asked()) if said.lines]
        for pk, filled in filled_forms(call.pk, laureates).items()
    }


def _said_to_all(filled: Filled) -> list[Said]:
    open_to_all = [q for q in filled.in_order() if q.audience == Question.Audience.PUBLIC]
    return [said_of(question, filled) for question in open_to_all]
