"""What may answer each kind of question, and how it is kept and read back."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.core.text import validate_plain, validate_single_line

from .models import Question
from .models.form import MOST_ROWS

MAX_LINE = 300
MAX_TEXT = 20_000
MAX_LINK = 500
# Spaces people put between thousands: plain, no-break, narrow no-break, thin.
SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
# A figure as people of several countries write it: 8000,50 or 8.000,50 or 8,000.50 or 8'000. A mark before three digits
# parts thousands, another one before one or two digits parts cents.
FIGURE = re.compile(
    r"(?P<whole>[0-9]{1,12}|[0-9]{1,3}(?P<mark>[.,'\u2019])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,2})"
    r"(?:(?!(?P=mark))[.,](?P<cents>[0-9]{1,2}))?"
)
CURRENCY = re.compile(r"^(?:€|EUR)|(?:€|EUR)$", re.IGNORECASE)
web_address = URLValidator(schemes=["http", "https"])
Kind = Question.Kind


def _validated(validate: Callable[[str], None], value: str) -> str:
    try:
        validate(value)
    except ValidationError as error:
        raise Invalid("odd_value", error.messages[0]) from None
    return value


def _limited(value: str, limit: int) -> str:
    if len(value) > limit:
        raise Invalid("too_long", _("This text is too long: %(n)s characters at most.") % {"n": wording.number(limit)})
    return value


def _line(question: Question, value: str) -> str:
    return _validated(validate_single_line, _limited(value, MAX_LINE))


def _text(question: Question, value: str) -> str:
    return _validated(validate_plain, _limited(value, MAX_TEXT))


def _number(question: Question, value: str) -> str:
    match = FIGURE.fullmatch(SPACES.sub("", _limited(value, 40)))
    if match is None or match["cents"] is not None:
        raise Invalid("not_a_number", _("Write a whole number, for example 800."))
    return str(int(_digits(match["whole"])))


def _amount(question: Question, value: str) -> str:
    match = FIGURE.fullmatch(CURRENCY.sub("", SPACES.sub("", _limited(value, 40))))
    if match is None:
        raise Invalid("not_an_amount", _("Write an amount in euros, for example 8000 or 8000.50."))
    plain = f"{_digits(match['whole'])}.{match['cents'] or 0}"
    return f"{Decimal(plain).quantize(Decimal('0.01'))}"


def _digits(whole: str) -> str:
    return re.sub(r"\D", "", whole)


def _choice(question: Question, value: str) -> str:
    if value not in dict(question.option_pairs):
        raise Invalid("not_a_choice", _("Choose one of the answers proposed."))
    return value


def _choices(question: Question, value: str) -> str:
    chosen = set(_limited(value, 1000).split())
    known = [key for key, _text in question.option_pairs]
    if not chosen <= set(known):
        raise Invalid("not_a_choice", _("Choose among the answers proposed."))
    return "\n".join(key for key in known if key in chosen)


def _yes_no(question: Question, value: str) -> str:
    if value not in {"yes", "no"}:
        raise Invalid("not_a_choice", _("Answer yes or no."))
    return value


def _link(question: Question, value: str) -> str:
    full = value if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", value) else f"https://{value}"
    try:
        web_address(_limited(full, MAX_LINK))
    except ValidationError:
        raise Invalid("not_a_link", _("Write a web address that starts with https:// or http://.")) from None
    return full


def _date(question: Question, value: str) -> str:
    try:
        return date.fromisoformat(_limited(value, 10)).isoformat()
    except ValueError:
        raise Invalid("not_a_date", _("Write a date: year, month and day, for example 2027-01-31.")) from None


def _consent(question: Question, value: str) -> str:
    if value != "yes":
        raise Invalid("not_a_choice", _("Tick the box, or leave it empty."))
    return value


def _table(question: Question, value: str) -> str:
    """Rows of cells as JSON, without the empty rows; each cell one line."""
    try:
        rows = [[str(cell).strip() for cell in row] for row in json.loads(_limited(value, MAX_TEXT))]
    except (ValueError, TypeError):
        raise Invalid("not_rows", _("Fill the rows proposed.")) from None
    columns, most = len(question.option_lines), question.max_rows or MOST_ROWS
    if any(len(row) != columns for row in rows):
        raise Invalid("not_rows", _("Fill the rows proposed."))
    kept = [[_line(question, cell) for cell in row] for row in rows if any(row)]
    if len(kept) > most:
        raise Invalid("too_many_rows", _("Keep %(n)d rows at most.") % {"n": most})
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def rows_of(value: str) -> list[list[str]]:
    """The rows of a kept answer to a question that asks for some."""
    return [list(row) for row in json.loads(value)] if value else []


def posted(question: Question, values: list[str]) -> str:
    """What the controls of `question` sent, as one text: the cells of a table come in order, row by row."""
    width = len(question.option_lines)
    if question.kind == Kind.CONSENT:
        return "yes" if any(values) else ""
    if question.kind != Kind.TABLE or not width:
        return "\n".join(values)
    if not any(value.strip() for value in values):
        return ""
    rows = [values[start : start + width] for start in range(0, len(values), width)]
    return json.dumps([row + [""] * (width - len(row)) for row in rows], ensure_ascii=False)


CLEANERS: dict[str, Callable[[Question, str], str]] = {
    Kind.SHORT: _line,
    Kind.LONG: _text,
    Kind.NUMBER: _number,
    Kind.AMOUNT: _amount,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.LINK: _link,
    Kind.DATE: _date,
    Kind.CONSENT: _consent,
    Kind.TABLE: _table,
}


def clean_answer(question: Question, value: str) -> str:
    """`value` as it is kept for `question`; an empty answer is kept as such.

    A text longer than the words asked for is kept too: it is the application that is not complete until shortened.
    Raises Invalid, at the question's field, for what cannot be an answer.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not value:
        return ""
    if question.kind not in CLEANERS:
        raise Invalid("not_a_text", _("This question is answered by a document."), field=question.field_name)
    try:
        return CLEANERS[question.kind](question, value)
    except Invalid as error:
        raise Invalid(error.code, error.message, field=question.field_name) from None


def words_of_key(question: Question, key: str) -> str:
    """One of the answers among which one chooses, in the language in force."""
    if question.kind == Kind.YES_NO:
        return _("Yes") if key == "yes" else _("No")
    return dict(question.option_pairs).get(key, "")


def shown_lines(question: Question, value: str) -> list[str]:
    """A kept answer as people read it, in the language in force: one line, or one for each choice or paragraph."""
    if not value:
        return []
    if question.kind in {Kind.CHOICE, Kind.CHOICES}:
        texts = dict(question.option_pairs)
        return [texts[key] for key in value.split() if key in texts]
    if question.kind in {Kind.YES_NO, Kind.CONSENT}:
        return [_("Yes") if value == "yes" else _("No")]
    if question.kind == Kind.TABLE:
        return [" – ".join(filter(None, row)) for row in rows_of(value)]
    return _figures(question, value) or value.split("\n")


def joined(question: Question, mine: str, theirs: str) -> str | None:
    """Two answers as one that holds both, as it is kept; None where a question takes one of them only."""
    if question.kind == Kind.LONG:
        return f"{mine}\n\n{theirs}"
    if question.kind != Kind.TABLE:
        return None
    kept = rows_of(theirs)
    rows = [*kept, *(row for row in rows_of(mine) if row not in kept)]
    return json.dumps(rows, ensure_ascii=False) if len(rows) <= (question.max_rows or MOST_ROWS) else None


def _figures(question: Question, value: str) -> list[str]:
    try:
        if question.kind == Kind.NUMBER:
            return [wording.number(int(value))]
        if question.kind == Kind.AMOUNT:
            return [wording.amount(value)]
        if question.kind == Kind.DATE:
            return [wording.day(datetime.combine(date.fromisoformat(value), time(12), tzinfo=clock.PARIS))]
    except (ValueError, InvalidOperation):
        return [value]
    return []
