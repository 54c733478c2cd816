"""One section of a call's form, made from its questions."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.errors import Invalid
from calls.answers import clean_answer, posted, rows_of
from calls.models import Question, Section
from calls.models.form import MOST_ROWS
from calls.queries import Filled
from calls.queries.completeness import excess, ineligible

from .documents import KeptDocument, Sent, SentDocument, field_of

Kind = Question.Kind
SUFFIX = "-version"


# What writers are told of who reads an answer, where it is not the agents and the jury alone.
READERS = {
    Question.Audience.AGENTS: _("Only the city’s agents read this answer, not the jury."),
    Question.Audience.PUBLIC: _("Everyone reads this answer after the results, if your project is a laureate."),
}


def helped(question: Question) -> str:
    """The help of `question`, for which answers the call is open, and who reads its answer when that is unusual."""
    reader = READERS.get(Question.Audience(question.audience), "")
    return " ".join(str(escape(part)) for part in (question.help, ineligible(question, ""), reader) if part)


class AnswerField(forms.Field):
    """The answer to one question. An empty one is accepted: completeness is asked when the application is handed in."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            label=question.label,
            help_text=helped(question),
            required=question.required or bool(question.eligible_keys),
            widget=WIDGETS[question.kind](question),
        )
        self.question = question

    def clean(self, value: Any) -> str:
        values = list(value) if isinstance(value, list | tuple) else [str(value or "")]
        text = posted(self.question, values)
        try:
            return clean_answer(self.question, text)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None


def _lines(question: Question) -> forms.Widget:
    words = question.max_words or 150
    return forms.Textarea(attrs={"rows": min(max(words // 25, 3), 12), **limits(question)})


def _figure(mode: str) -> forms.Widget:
    return forms.TextInput(attrs={"inputmode": mode, "data-short": True, "autocomplete": "off"})


class DayInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"


class RowsInput(forms.Widget):
    """Rows of short cells that all bear the question's name: they are sent in order, row by row."""

    template_name = "calls/applicant/rows.html"
    use_fieldset = True
    # Empty rows shown after those that are filled; saving shows as many again.
    SPARE = 3
    # How many rows are shown at least: one more than there were, when one more is asked for.
    least = 0

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if hasattr(data, "getlist") else list(data.get(name, []))

    @property
    def most(self) -> int:
        return self.question.max_rows or MOST_ROWS

    @property
    def width(self) -> int:
        return max(len(self.question.option_lines), 1)

    def rows(self, value: Any) -> list[list[str]]:
        """What was sent or is kept, then empty rows, as many as the question takes."""
        width = self.width
        cells = value if isinstance(value, list) else [cell for row in rows_of(value or "") for cell in row]
        filled = [cells[start : start + width] for start in range(0, len(cells), width)]
        filled = [row for row in filled if any(row)]
        spare = max(min(max(self.SPARE, self.least - len(filled)), self.most - len(filled)), 0)
        return [*filled, *([""] * width for _row in range(spare))]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        columns = self.question.option_lines
        rows = [list(zip(columns, row, strict=False)) for row in self.rows(value)]
        return context | {"columns": columns, "rows": rows, "most": self.most, "label": self.question.label}

    def id_for_label(self, id_: str) -> str:
        return ""


WIDGETS: dict[str, Callable[[Question], forms.Widget]] = {
    Kind.SHORT: lambda question: forms.TextInput(attrs=limits(question)),
    Kind.LONG: _lines,
    Kind.CHOICE: lambda question: forms.RadioSelect(choices=question.offered_pairs),
    Kind.CHOICES: lambda question: forms.CheckboxSelectMultiple(choices=question.offered_pairs),
    Kind.YES_NO: lambda _question: forms.RadioSelect(choices=[("yes", _("Yes")), ("no", _("No"))]),
    Kind.NUMBER: lambda _question: _figure("numeric"),
    Kind.AMOUNT: lambda _question: _figure("decimal"),
    Kind.DATE: lambda _question: DayInput(format="%Y-%m-%d", attrs={"data-short": True}),
    Kind.CONSENT: lambda _question: forms.CheckboxInput(),
    Kind.TABLE: RowsInput,
    Kind.LINK: lambda _question: forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
}


def limits(question: Question) -> dict[str, Any]:
    """What the counters of a text go by. Nothing cuts a text that is pasted: it is counted, kept and told."""
    most = {"data-words-max": question.max_words, "data-letters-max": question.max_characters}
    return {name: number for name, number in most.items() if number}


def field_for(question: Question, attached: int) -> forms.Field:
    """The control of `question`, to which that many documents are attached."""
    if question.kind == Kind.FILE:
        return field_of(question, helped(question), attached)
    return AnswerField(question)


def seen_in(data: Any, names: Iterable[str]) -> dict[str, int]:
    """The versions stated in `data` of those fields `names` for which one is."""
    stated = {name: data.get(name + SUFFIX, "") for name in names}
    return {name: int(text) for name, text in stated.items() if re.fullmatch(r"[0-9]{1,18}", text)}


class SectionForm(forms.Form):
    """The questions of one section, filled with what is kept.

    After validation `values` holds every answer that can be kept (too long a text among them, beside its error) and
    `seen` the version of each that the writer saw.

    Args:
        opened: the names of the fields that a correction reopens, None for all. Of the others only what is sent counts.
        more: the name of the field of rows that shows one more than `rows` shown, empty for none.
    """

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        section: Section,
        filled: Filled,
        opened: Collection[str] | None = None,
        more: str = "",
        **kwargs: Any,
    ) -> None:
        self.filled, self.opened = filled, opened
        self.questions = filled.questions[section.pk]
        self.values: dict[Question, str] = {}
        kwargs["initial"] = initial_of(self.questions, filled)
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self.fields[question.field_name] = field_for(question, len(filled.attachments.get(question.pk, [])))
            self._offer_what_was_chosen(question)
        self.more = self._show_more(more)

    def _show_more(self, asked: str) -> str:
        """Show one more row where the writer asks for it: "q12" as it is sent, "q12-4" in an address, with how many.

        Returns what an address is to ask for then; empty for nothing.
        """
        name, _sep, count = asked.partition("-")
        widget = self.fields[name].widget if name in self.fields else None
        if not isinstance(widget, RowsInput):
            return ""
        if self.is_bound:
            shown = -(-len(widget.value_from_datadict(self.data, None, name)) // widget.width)
            count = str(min(shown + 1, widget.most))
        widget.least = int(count) if re.fullmatch(r"[0-9]{1,2}", count) else 0
        return f"{name}-{widget.least}"

    def _offer_what_was_chosen(self, question: Question) -> None:
        """Show a choice withdrawn since where it is the answer: it is for the writer to choose again."""
        answer = self.filled.answers.get(question.pk)
        chosen = answer.value.split() if answer and question.withdrawn_keys else []
        gone = [pair for pair in question.option_pairs if pair[0] in chosen and pair[0] in question.withdrawn_keys]
        if gone:
            words = _("%(choice)s (no longer offered)")
            self.fields[question.field_name].widget.choices = [
                *question.offered_pairs,
                *((key, words % {"choice": text}) for key, text in gone),
            ]

    @property
    def seen(self) -> dict[Question, int]:
        """The version of each answer that the writer saw; of a document, its key."""
        stated = seen_in(self.data, [question.field_name for question in self.questions])
        return {question: stated[question.field_name] for question in self.questions if question.field_name in stated}

    def clean(self) -> dict[str, Any]:
        for question in self.questions:
            if question.kind == Kind.FILE or question.field_name not in self.cleaned_data or self._stays(question):
                continue
            self.values[question] = self.cleaned_data[question.field_name]
        keys = self.asked_keys()
        for question, value in self.values.items():
            sentence = excess(question, value) if question.pk in keys else ""
            if sentence:
                self.add_error(question.field_name, sentence)
        return self.cleaned_data

    def _stays(self, question: Question) -> bool:
        """Whether a correction leaves the answer to `question` as it is, and nothing is sent for it."""
        return self.opened is not None and question.field_name not in {*self.opened, *self.data}

    def shows(self, question: Question, kept: str) -> bool:
        """Whether what this form shows of `question` is what is `kept`, not something that was refused."""
        return not self.is_bound or self.values.get(question) == kept

    def barring(self, question: Question) -> str:
        """Why the answer shown to `question`, which is kept as any other, leaves the call closed; empty when not."""
        kept = self.filled.answers.get(question.pk)
        value = self.values.get(question, "") if self.is_bound else kept.value if kept else ""
        return ineligible(question, value) if value else ""

    def asked_keys(self) -> set[int]:
        """The keys of the questions that apply, with what was written here in place of what is kept."""
        return self.filled.asked_keys(self.values)

    def documents(self) -> Iterator[SentDocument]:
        """Each document sent or to take off, in the order in which it is done."""
        seen = self.seen
        for question in self.questions:
            data = self.cleaned_data.get(question.field_name) if question.kind == Kind.FILE else None
            if isinstance(data, Sent):
                yield from self.fields[question.field_name].acts(data)
            elif data is False or isinstance(data, UploadedFile):
                yield SentDocument(question, data, seen.get(question))

    def read_again(self, filled: Filled) -> None:
        """Show the documents that are kept now, where some were kept and another was refused."""
        self.initial |= initial_of([q for q in self.questions if q.takes_several], filled)


def initial_of(questions: list[Question], filled: Filled) -> dict[str, Any]:
    """What each question's control shows at first."""
    initial: dict[str, Any] = {}
    for question in questions:
        kept, answer = filled.attachments.get(question.pk, []), filled.answers.get(question.pk)
        if question.takes_several:
            initial[question.field_name] = [KeptDocument(attachment) for attachment in kept]
        elif kept:
            initial[question.field_name] = KeptDocument(kept[0])
        elif answer:
            several = question.kind == Kind.CHOICES
            initial[question.field_name] = answer.value.split() if several else answer.value
    return initial
