"""What two writers did to one part of an application: what is kept, and that it is not what one of them saw."""

from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.core import wording
from bethune_smartcity.core.errors import Conflict
from calls.models import Answer, Attachment, Question, Submission


class AnswerConflict(Conflict):
    """Answers that someone else changed meanwhile: `answers` are the ones kept. Nothing was saved."""

    def __init__(self, answers: list[Answer]) -> None:
        field = answers[0].question.field_name
        super().__init__("answer_changed", _("Someone else has changed this answer meanwhile."), field=field)
        self.answers = answers


class DescriptionConflict(Conflict):
    """Parts of the description that someone else changed meanwhile: `held` is the application as it is kept, `names`
    those parts. Nothing was saved.
    """

    def __init__(self, held: Submission, names: list[str]) -> None:
        super().__init__("description_changed", _("Someone else has changed this answer meanwhile."), field=names[0])
        self.held, self.names = held, names


class DocumentConflict(Conflict):
    """A document that someone else replaced or took off meanwhile: `kept` is the present one, None when there is none.

    Nothing was saved.
    """

    def __init__(self, question: Question, kept: Attachment | None) -> None:
        super().__init__("document_changed", _said_of_document(kept), field=question.field_name)
        self.question, self.kept = question, kept


def _said_of_document(kept: Attachment | None) -> str:
    if kept is None:
        return _("Someone has taken this document off meanwhile: send yours again to put it there.")
    words = {
        "name": kept.file.name,
        "who": kept.file.owner or _("Someone"),
        "time": wording.hour(kept.attached_at),
    }
    return (
        _("%(who)s sent “%(name)s” at %(time)s: it is kept. Look at it, then send yours again to put it in its place.")
        % words
    )


def description_of(submission: Submission) -> dict[str, Any]:
    """The name, the line, the main pillar and the others as they are kept."""
    return {
        "title": submission.title,
        "one_line": submission.one_line,
        "pillar": submission.pillar,
        "other_pillars": list(submission.other_pillars.all()),
    }


def changed_in(held: Submission, **described: Any) -> list[str]:
    """The names of what is not `described` as it is kept."""
    kept = description_of(held)
    same = {name for name, value in described.items() if _unordered(value) == _unordered(kept[name])}
    return [name for name in described if name not in same]


def _unordered(value: Any) -> Any:
    return set(value) if isinstance(value, list) else value
