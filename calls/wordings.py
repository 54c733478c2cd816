"""How questions were asked before the form of their open call changed, and what each change made different."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.core import wording
from bethune_smartcity.core.language import in_each

from .answers import words_of_key
from .models import Question

TEXTS = in_each("label", "help", "options")
# What may change of a question once its call has opened; the rest is what earlier answers are read by.
COLUMNS = (
    *TEXTS,
    "required",
    "max_words",
    "max_characters",
    "max_rows",
    "max_files",
    "shown_if_id",
    "shown_values",
    "withdrawn_options",
)


def columns_of(question: Question) -> dict[str, Any]:
    """How `question` is asked, column by column, as data."""
    return {name: getattr(question, name) for name in COLUMNS}


def with_columns(question: Question, columns: dict[str, Any]) -> Question:
    """A copy of `question` asked by `columns`; it is not to be saved."""
    asked = copy.copy(question)
    for name, value in columns.items():
        setattr(asked, name, value)
    return asked


def as_asked(question: Question, form: int | None) -> Question | None:
    """`question` as the form of that number asked it (None: the present one); None when it did not ask it."""
    gone = question.withdrawn_in
    if form is None:
        return question if gone is None else None
    later = next((line for line in question.history if line["form"] > form), None)
    if (gone is not None and gone <= form) or (later and later["was"] is None):
        return None
    return question if later is None else _before(question, later)


def _before(question: Question, line: dict[str, Any]) -> Question:
    asked = with_columns(question, line["was"])
    asked.worded_until = datetime.fromisoformat(line["at"])
    return asked


def form_at(questions: Iterable[Question], form: int | None) -> list[Question]:
    """Those of `questions`, withdrawn ones among them, that the form of that number asked, as it asked them."""
    return [asked for question in questions if (asked := as_asked(question, form)) is not None]


@dataclass(frozen=True)
class Difference:
    """One thing said otherwise: what it is, before and now, in words; empty for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What a change of the form made of a question: `before` is None for one it added, `after` for one it withdrew.

    Words are those of the language in force when they are read.
    """

    before: Question | None
    after: Question | None
    at: datetime | None = None

    @property
    def question(self) -> Question:
        return self.after or self.before  # type: ignore[return-value]

    @property
    def what(self) -> str:
        if self.before is None:
            return _("New question")
        return _("Question changed") if self.after else _("Question withdrawn")

    @property
    def differences(self) -> list[Difference]:
        if self.before is None or self.after is None:
            return []
        return differences(self.before, self.after)


def change_by(question: Question, form: int) -> Change | None:
    """What the change of that number made of `question`; None when it left it alone."""
    line = next((line for line in question.history if line["form"] == form), None)
    if line is None:
        return None
    before = None if line["was"] is None else _before(question, line)
    return Change(before, as_asked(question, form), datetime.fromisoformat(line["at"]))


def last_change(question: Question) -> Change | None:
    """The last change of `question` since its call opened; None when there was none."""
    return change_by(question, question.history[-1]["form"]) if question.history else None


def languages_left(before: Question, after: Question) -> list[str]:
    """The codes of the languages in which a text that changed in another is written and stays as it was."""
    left = set()
    for name in ("label", "help", "options"):
        same = {each for each in in_each(name) if getattr(before, each) == getattr(after, each)}
        if len(same) < len(in_each(name)):
            left |= {each.rpartition("_")[2] for each in same if getattr(before, each)}
    return sorted(left)


def differences(before: Question, after: Question) -> list[Difference]:
    """What `after` asks otherwise than `before`, in words, in the language in force."""
    named = zip_longest(_facts(before), _facts(after), fillvalue=("", ""))
    return [Difference(old[0] or new[0], old[1], new[1]) for old, new in named if old[1] != new[1]]


def _facts(question: Question) -> list[tuple[str, str]]:
    """Everything one is told of `question`: the same facts in the same order for each."""
    return [
        (_("Question"), question.label),
        (_("Help"), question.help or ""),
        (_("Choices") if question.is_chosen else _("Columns"), " / ".join(_options(question))),
        (_("Answer"), _("required") if question.required else _("optional")),
        (_("Words at most"), _count(question.max_words)),
        (_("Characters at most"), _count(question.max_characters)),
        (_("Rows at most"), _count(question.max_rows)),
        (_("Documents at most"), _count(question.max_files)),
        (_("Asked only for these answers"), condition_words(question)),
    ]


def _options(question: Question) -> list[str]:
    return [text for _key, text in question.offered_pairs] if question.is_chosen else question.option_lines


def _count(limit: int | None) -> str:
    return wording.number(limit) if limit else ""


def condition_words(part: Any) -> str:
    """When a question or section is asked, in words; empty when it always is."""
    if part.shown_if is None:
        return ""
    answers = " / ".join(words_of_key(part.shown_if, key) for key in part.shown_keys)
    return _("%(question)s – %(answers)s") % {"question": part.shown_if, "answers": answers}
