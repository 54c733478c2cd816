"""Two answers to one question, kept by two people or in two windows at once: how pages show both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import wording
from calls.answers import joined, shown_lines
from calls.forms.section import AnswerField
from calls.models import Answer, Question, Submission
from calls.operations.submissions import description_of


@dataclass(frozen=True)
class Clash:
    """What someone else kept meanwhile: what it answers (a question's key, a part of the description), who, when."""

    key: Any
    who: Any
    at: datetime | None


def shown(question: Question, value: str) -> str:
    """A kept answer as people read it, its lines one under the other; a dash for an empty one."""
    return "\n".join(shown_lines(question, value)) or "–"


def two_texts(kept: Answer | None, question: Question, mine: str) -> dict[str, Any]:
    """The writer's answer and the one someone else kept meanwhile, for the page; without `clash` when none was."""
    if kept is None:
        return {"clash": None}
    both = joined(question, mine, kept.value) is not None
    clash = Clash(kept.question_id, kept.saved_by, kept.saved_at)
    return {"clash": clash, "mine": shown(question, mine), "theirs": shown(question, kept.value), "both": both}


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


def in_words(described: Any) -> str:
    """A part of the description as people read it; empty for nothing."""
    parts = described if isinstance(described, list) else [described] if described else []
    return ", ".join(str(part) for part in parts)


def clash_in(held: Submission, name: str) -> Clash:
    """Who last changed the part `name` of the description of `held`, and when. One statement."""
    mark = held.description_edits.get(name, {})
    at = datetime.fromisoformat(mark["at"]) if mark else None
    return Clash(name, User.objects.filter(pk=mark.get("by")).first(), at)


def two_descriptions(held: Submission, name: str, mine: Any) -> dict[str, Any]:
    """As `two_texts`, of a part of the description."""
    theirs = description_of(held)[name]
    texts = {"mine": in_words(mine) or "–", "theirs": in_words(theirs) or "–", "both": False}
    return {"clash": clash_in(held, name), **texts}


def description_as_data(held: Submission, name: str) -> dict[str, Any]:
    """As `as_data`, of a part of the description."""
    theirs, clash = description_of(held)[name], clash_in(held, name)
    keys = theirs if isinstance(theirs, list) else [theirs]
    return {
        "who": str(clash.who or _("Someone")),
        "at": wording.hour(clash.at) if clash.at else "",
        "value": " ".join(str(getattr(key, "pk", key) or "") for key in keys),
        "shown": in_words(theirs) or "–",
        "version": held.version_of(name),
    }


def control_of(question: Question, value: str) -> str:
    """The control of `question` that holds `value`."""
    name = question.field_name
    return str(AnswerField(question).widget.render(name, value, {"id": f"id_{name}"}))
