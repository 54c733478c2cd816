"""An application as it is read: sections, questions, and answers in words."""

from dataclasses import dataclass, field

from .answers import shown_lines
from .models import Attachment, Question, Submission
from .queries import Filled, filled_form


@dataclass(frozen=True)
class Said:
    """A question and what answers it: lines of text, a web address, or a document."""

    question: Question
    lines: list[str]
    attachment: Attachment | None = None

    @property
    def link(self) -> str:
        is_link = self.question.kind == Question.Kind.LINK and self.lines
        return self.lines[0] if is_link and self.lines[0].startswith(("https://", "http://")) else ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.lines and self.attachment is None


@dataclass(frozen=True)
class Part:
    """A section as it is read."""

    title: str
    order: int
    said: list[Said] = field(default_factory=list)


def said_of(question: Question, filled: Filled) -> Said:
    answer = filled.answers.get(question.pk)
    lines = shown_lines(question, answer.value) if answer else []
    return Said(question, lines, filled.attachments.get(question.pk))


def parts_of(submission: Submission, filled: Filled | None = None) -> list[Part]:
    """The sections of `submission` with what they ask and its answers in the language in force.

    No statement with `filled`.
    """
    filled = (filled or filled_form(submission)).asked()
    return [
        Part(section.title, section.order, [said_of(q, filled) for q in filled.questions[section.pk]])
        for section in filled.sections
    ]
