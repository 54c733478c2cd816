"""Changing the form of an open call: prepared question by question, then published at once, with a reason."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.language import in_each
from bethune_smartcity.lifecycle.moves import record
from calls import notices
from calls.conditions import faults
from calls.models import Call, FormChange, Question, QuestionEdit, Section
from calls.phases import Phase
from calls.wordings import COLUMNS, Change, columns_of, with_columns

from .deadlines import check_reason

# What a question added to an open call says of itself, besides how it is asked.
ADDED = (*COLUMNS, "kind", "audience")


def check_form_open(call: Call) -> None:
    """Raise Conflict unless the form of `call` may change by published changes: while the call is open."""
    if call.phase in {Phase.DRAFT, Phase.ANNOUNCED}:
        raise Conflict("not_open", _("The call has not opened: its form is edited in the back office."))
    if call.phase != Phase.OPEN:
        raise Conflict("form_locked", _("The call is closed: its form no longer changes."))


def as_edited(edit: QuestionEdit) -> Question | None:
    """The question as `edit` would have it, not to be saved; None for one it withdraws."""
    if edit.withdraws:
        return None
    if edit.question is None:
        return Question(section=edit.section, order=_last_place(edit.section) + 1, **edit.columns)
    return with_columns(edit.question, edit.columns)


def change_of(edit: QuestionEdit) -> Change:
    """What `edit` would change, for those who prepare it."""
    return Change(edit.question, as_edited(edit))


def edits_of(call: Call) -> list[QuestionEdit]:
    """What is prepared for the form of `call`, in the form's order. One statement."""
    edits = QuestionEdit.objects.filter(section__call=call)
    return list(edits.select_related("section", "question__section").order_by("section__order", "pk"))


def _last_place(section: Section) -> int:
    return Question.everything.filter(section=section).aggregate(last=Max("order"))["last"] or 0


@transaction.atomic
def prepare_change(question: Question, *, by: Any, **columns: Any) -> QuestionEdit | None:
    """Prepare other `columns` (those of `calls.wordings.COLUMNS`) for `question`, in place of what was prepared.

    Returns what is prepared; None when the question would stay as it is. Raises Forbidden, Conflict, or Invalid at the
    field.
    """
    call = _of_open_form(question.section, by)
    _check_known(columns, COLUMNS)
    question = _as_it_stands(question)
    edited = with_columns(question, columns)
    check_readable(question, edited)
    changed = {name: value for name, value in columns_of(edited).items() if value != getattr(question, name)}
    QuestionEdit.objects.filter(question=question).delete()
    if not changed:
        return None
    return _prepare(call, QuestionEdit(section=question.section, question=question, columns=changed), by)


@transaction.atomic
def prepare_question(section: Section, *, by: Any, **columns: Any) -> QuestionEdit:
    """Prepare a new question at the end of `section`: the columns of a changed one, its `kind` and its `audience`.

    Returns what is prepared. Raises Forbidden, Conflict or Invalid (at the field).
    """
    call = _of_open_form(section, by)
    _check_known(columns, ADDED)
    if not Question.everything.filter(section=section).exists():
        raise Conflict("empty_section", _("This section asked nothing when the call opened: choose another."))
    return _prepare(call, QuestionEdit(section=section, columns=columns), by)


@transaction.atomic
def prepare_withdrawal(question: Question, *, by: Any) -> QuestionEdit:
    """Prepare to withdraw `question`. Returns what is prepared. Raises Forbidden, Conflict or Invalid."""
    call = _of_open_form(question.section, by)
    question = _as_it_stands(question)
    if question.eligible_values:
        raise Conflict("eligibility", _("This question says who may apply: that was announced, and stays."))
    QuestionEdit.objects.filter(question=question).delete()
    return _prepare(call, QuestionEdit(section=question.section, question=question, withdraws=True), by)


@transaction.atomic
def drop_edit(edit: QuestionEdit, *, by: Any) -> None:
    """Give up what was prepared for a question. Raises Forbidden."""
    require(by, "calls.configure_call", edit.section.call)
    edit.delete()


def _of_open_form(section: Section, by: Any) -> Call:
    """The call of `section`, held, when `by` may change its form now: two agents prepare one after the other."""
    require(by, "calls.configure_call", section.call)
    call = _held(section.call)
    check_form_open(call)
    return call


def _held(call: Call) -> Call:
    return Call.objects.select_for_update(no_key=True).get(pk=call.pk)


def _as_it_stands(question: Question) -> Question:
    """`question` as the form asks it once its call is held. Raises Conflict when it was withdrawn meanwhile."""
    found = Question.objects.filter(pk=question.pk).select_related("section__call").first()
    if found is None:
        raise Conflict("withdrawn", _("This question was withdrawn meanwhile."))
    return found


def _check_known(columns: dict[str, Any], known: Iterable[str]) -> None:
    """Raise Conflict for what no longer changes once a call has opened."""
    fixed = next(iter(set(columns) - set(known)), None)
    if fixed is not None:
        sentence = _("This no longer changes once a call has opened: withdraw the question and add another.")
        raise Conflict("fixed", sentence, field=fixed)


def _prepare(call: Call, edit: QuestionEdit, by: Any) -> QuestionEdit:
    edit.by_id, edit.edited_at = by.pk, clock.now()
    edited = as_edited(edit)
    if edited is not None:
        _check_columns(edited)
    edit.save()
    check_form_with(call, edits_of(call))
    return edit


def _check_columns(question: Question) -> None:
    """Raise Invalid, at the field, for a value its column refuses."""
    names = set(ADDED) - {"shown_if_id"}
    others = {field.name for field in Question._meta.fields} - names
    try:
        question.clean_fields(exclude=others)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise Invalid("odd_value", sentences[0], field=name) from None


def check_readable(before: Question, after: Question) -> None:
    """Raise Conflict, at the field, when answers given to `before` could not be read by `after`.

    Choices keep their places, as answers name them by these; the columns of rows keep their number; as many documents
    stay allowed.
    """
    for name in in_each("options"):
        _check_places(before, after, name)
    if after.max_files < before.max_files:
        sentence = _("As many documents may already be attached: allow more, or withdraw the question and add another.")
        raise Conflict("documents_given", sentence, field="max_files")
    gone = set(after.withdrawn_keys)
    if after.is_chosen and not after.offered_pairs:
        raise Conflict("no_choice", _("At least one choice stays: or withdraw the question."), field="withdrawn")
    if not gone <= {key for key, _text in after.option_pairs}:
        raise Conflict("unknown_choice", _("Choose among the choices."), field="withdrawn")


def _check_places(before: Question, after: Question, name: str) -> None:
    old, new = _lines(before, name), _lines(after, name)
    if before.kind == Question.Kind.TABLE and len(old) != len(new):
        sentence = _("Rows already filled have these columns: reword them, or withdraw the question and add another.")
        raise Conflict("columns_named", sentence, field=name)
    moved = any(line in new and new.index(line) != place for place, line in enumerate(old))
    if before.is_chosen and old and (moved or len(new) < len(old)):
        sentence = _("Answers already given name these choices by their place: reword them, add new ones after them.")
        raise Conflict("choices_named", sentence, field=name)


def _lines(question: Question, name: str) -> list[str]:
    return [line.strip() for line in (getattr(question, name) or "").splitlines() if line.strip()]


def check_form_with(call: Call, edits: list[QuestionEdit]) -> None:
    """Raise Invalid when the form of `call` would make no sense once `edits` are published."""
    edited = {edit.question_id: as_edited(edit) for edit in edits if edit.question_id}
    questions: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(section__call=call).order_by("order", "pk"):
        after = edited.get(question.pk, question)
        if after is not None:
            questions[question.section_id].append(after)
    for edit in edits:
        if edit.question_id is None:
            questions[edit.section_id].append(as_edited(edit))  # type: ignore[arg-type]
    fault = next(faults(call.sections.order_by("order", "pk"), questions), None)
    if fault:
        raise Invalid("odd_form", fault.sentence, field=fault.field)


@transaction.atomic
def publish_changes(call: Call, *, reason: str, by: Any) -> FormChange:
    """Let the form of the open `call` be what was prepared, and tell everyone who applies, with the reason.

    What was handed in stays as it was, and reads as it was asked. Returns the change. Raises Forbidden, Invalid (no
    reason, or a form that makes no sense) or Conflict (not open, or nothing prepared).
    """
    require(by, "calls.configure_call", call)
    check_reason(reason)
    held = _held(call)
    check_form_open(held)
    edits = edits_of(held)
    if not edits:
        raise Conflict("nothing", _("Nothing is prepared: there is nothing to publish."))
    check_form_with(held, edits)
    change = FormChange.objects.create(
        call=held, number=held.form_number + 1, reason=reason.strip(), at=clock.now(), by_id=by.pk
    )
    done = [_apply(edit, change) for edit in edits]
    Call.objects.filter(pk=held.pk).update(form_number=change.number)
    call.form_number = change.number
    record(held, "change_form", by=by, reason=reason, data={"change": change.number, "questions": sorted(done)})
    notices.form_changed(change)
    return change


def _apply(edit: QuestionEdit, change: FormChange) -> int:
    """Write what was prepared into the question, with how it was asked before. Returns the question's key."""
    former = edit.question
    question = former or Question(section=edit.section, order=_last_place(edit.section) + 1)
    was = columns_of(former) if former else None
    line = {"form": change.number, "at": change.at.isoformat(), "was": was}
    for name, value in edit.columns.items():
        setattr(question, name, value)
    question.withdrawn_in = change.number if edit.withdraws else None
    question.history = [*question.history, line]
    edit.delete()
    question.save()
    return int(question.pk)
