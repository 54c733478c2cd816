"""Two answers to one question, kept by two people or in two windows at once: how pages show both."""

from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.core import wording
from calls.answers import joined, shown_lines
from calls.forms.section import AnswerField
from calls.models import Answer, Question


def shown(question: Question, value: str) -> str:
    """A kept answer as people read it, its lines one under the other; a dash for an empty one."""
    return "\n".join(shown_lines(question, value)) or "–"


def two_texts(kept: Answer | None, question: Question, mine: str) -> dict[str, Any]:
    """The writer's answer and the one someone else kept meanwhile, for the page; without `clash` when none was."""
    if kept is None:
        return {"clash": None}
    both = joined(question, mine, kept.value) is not None
    return {"clash": kept, "mine": shown(question, mine), "theirs": shown(question, kept.value), "both": both}


def as_data(kept: Answer, mine: str) -> dict[str, Any]:
    """The same for the script that saves fields one by one: what was kept, by whom, when, and as people read it.

    Rows come as the control that holds them, and as the one that holds the writer's as well where there is room.
    """
    question = kept.question
    data = {
        "who": str(kept.saved_by or _("Someone")),
        "at": wording.hour(kept.saved_at),
        "value": kept.value,
        "shown": shown(question, kept.value),
        "version": kept.version,
    }
    if question.kind == Question.Kind.TABLE:
        data["control"] = control_of(question, kept.value)
        both = joined(question, mine, kept.value)
        data |= {"both": control_of(question, both)} if both else {}
    return data


def control_of(question: Question, value: str) -> str:
    """The control of `question` that holds `value`."""
    name = question.field_name
    return str(AnswerField(question).widget.render(name, value, {"id": f"id_{name}"}))
