"""An application as its structure writes it: from a draft to what is handed in, until the close."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import is_system, require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.files.uploads import forget_pages
from bethune_smartcity.lifecycle.moves import move, record
from calls import notices
from calls.answers import clean_answer
from calls.models import Answer, Call, Question, Submission
from calls.queries import Missing, missing
from calls.workflow import SUBMISSION, SubmissionState
from pillars.models import Pillar

from .checks import check_asked, check_columns, check_complete, check_pillars, check_same_form, search_text
from .clashes import AnswerConflict, DescriptionConflict, DocumentConflict, changed_in, description_of
from .closing import check_accepting, check_call_accepting, check_corrected, check_writable
from .documents import attach, detach
from .pen import HELD, lock, writing
from .versions import freeze

__all__ = [
    "HELD",
    "AnswerConflict",
    "DescriptionConflict",
    "DocumentConflict",
    "Missing",
    "attach",
    "check_call_accepting",
    "check_corrected",
    "check_withdrawable",
    "check_writable",
    "describe",
    "description_of",
    "detach",
    "missing",
    "save_answers",
    "send_correction",
    "start_draft",
    "submit",
    "withdraw",
]


def check_first(call: Call, structure: Structure) -> None:
    """Raise Conflict when `structure` already applies to a call that takes one application each."""
    if not call.one_per_structure:
        return
    others = Submission.objects.filter(call=call, structure=structure, exclusive=True)
    if others.exclude(state=SubmissionState.WITHDRAWN).exists():
        _already_applied()


def _already_applied() -> None:
    raise Conflict("already_applied", _("This structure already has an application for this call."), field="structure")


def check_may_start(call: Call, structure: Structure, *, by: Any) -> None:
    """Raise Forbidden or Conflict where `by` may not start the application of `structure` to `call`."""
    require(by, "calls.start_draft", structure)
    check_call_accepting(call)
    check_first(call, structure)


def start_draft(call: Call, structure: Structure, *, title: str, pillar: Pillar | None = None, by: Any) -> Submission:
    """Start the application of `structure` to `call`. Returns the draft.

    Raises Forbidden (not an owner or editor), Conflict (call not open, or structure already applying) or Invalid.
    """
    check_may_start(call, structure, by=by)
    check_pillars(call, [pillar] if pillar else [], "pillar")
    draft = Submission(call=call, structure=structure, title=title.strip(), pillar=pillar)
    draft.exclusive = call.one_per_structure
    draft.created_by_id, draft.created_at, draft.edited_at = by.pk, clock.now(), clock.now()
    draft.search_text = search_text(draft)
    check_columns(draft, "title")
    try:
        with transaction.atomic():
            draft.save()
            record(draft, "start", by=by, to_state=SubmissionState.DRAFT)
    except IntegrityError:
        _already_applied()
    return draft


def describe(
    submission: Submission,
    *,
    title: str,
    one_line: str,
    pillar: Pillar | None,
    other_pillars: list[Pillar],
    by: Any,
    versions: dict[str, int] | None = None,
) -> Submission:
    """Set the project's name, its line, its main pillar and the others. Returns it.

    `versions` are those the writer saw, by name: one that moved on meanwhile raises DescriptionConflict. Raises
    Forbidden, Invalid (at the field) or Conflict.
    """
    with writing(submission, by) as pen:
        held = pen.held
        others = [other for other in other_pillars if other != pillar]
        changed = changed_in(held, title=title.strip(), one_line=one_line.strip(), pillar=pillar, other_pillars=others)
        moved = [name for name in changed if held.version_of(name) != (versions or {}).get(name, held.version_of(name))]
        if moved:
            raise DescriptionConflict(held, moved)
        pen.touch(changed, "title", "one_line", "pillar", "search_text", "description_edits")
        mark = {"at": clock.now().isoformat(), "by": by.pk}
        held.description_edits |= {name: {"version": held.version_of(name) + 1, **mark} for name in changed}
        held.title, held.one_line, held.pillar = title.strip(), one_line.strip(), pillar
        held.search_text = search_text(held)
        check_columns(held, "title", "one_line")
        check_pillars(held.call, [pillar] if pillar else [], "pillar")
        check_pillars(held.call, other_pillars, "other_pillars")
        held.other_pillars.set(others)
    return submission


def save_answers(
    submission: Submission,
    values: dict[Question, str],
    *,
    by: Any,
    versions: dict[Question, int] | None = None,
    known: Mapping[int, Any] | None = None,
) -> dict[Question, Answer]:
    """Keep `values` as the answers to their questions: all of them, or none when this raises.

    `versions` are the answers' versions the writer saw (0 for none): one that moved on meanwhile raises
    AnswerConflict. `known` are the answers (value, pk, version) as the caller just read them, by question: as long as
    they stand so, they are not read again. Returns the kept answers. Raises Forbidden, Invalid (at the question's
    field) or Conflict.
    """
    check_asked(submission, list(values))
    clean = {question: clean_answer(question, value) for question, value in values.items()}
    if known is not None:
        try:
            return _save(submission, clean, by, versions or {}, {q.pk: known[q.pk] for q in clean if q.pk in known})
        except (_MovedMeanwhile, IntegrityError):
            pass  # nothing of it was kept: what stands now decides
    return _save(submission, clean, by, versions or {}, None)


class _MovedMeanwhile(Exception):
    """What was known of answers does not decide: they moved on, or are not changed by it."""


def _save(
    submission: Submission,
    clean: dict[Question, str],
    by: Any,
    versions: dict[Question, int],
    known: Mapping[int, Any] | None,
) -> dict[Question, Answer]:
    """Keep answers, read anew, or as `known`: each is then written where it still stands so. Raises _MovedMeanwhile
    when one does not.
    """
    with writing(submission, by) as pen:
        if known is None:
            rows = pen.held.answers.filter(question__in=clean).select_related("question", "saved_by")
            kept = {answer.question_id: answer for answer in rows}
        else:
            kept = {pk: Answer(pk=said.pk, value=said.value, version=said.version) for pk, said in known.items()}
        changed = {q: v for q, v in clean.items() if v != (kept[q.pk].value if q.pk in kept else "")}
        moved = _moved(changed, kept, versions)
        if known is not None and (moved or not changed):
            raise _MovedMeanwhile
        if moved:
            raise AnswerConflict(moved)
        if changed:
            pen.touch([question.field_name for question in changed])
            kept |= {q.pk: _keep(pen.held, q, value, kept.get(q.pk), by) for q, value in changed.items()}
    return {question: kept[question.pk] for question in clean if question.pk in kept}


def _moved(changed: dict[Question, str], kept: dict[int, Answer], seen: dict[Question, int]) -> list[Answer]:
    """Those of the answers `changed` that are not what their writer saw."""
    return [kept[q.pk] for q in changed if q.pk in kept and q in seen and kept[q.pk].version != seen[q]]


def _keep(submission: Submission, question: Question, value: str, kept: Answer | None, by: Any) -> Answer:
    """Write an answer: a first one, or `kept` where it still has its version. Raises _MovedMeanwhile otherwise."""
    said = {"value": value, "saved_at": clock.now(), "saved_by_id": by.pk, "version": (kept.version if kept else 0) + 1}
    if kept is None:
        return Answer.objects.create(submission=submission, question=question, **said)
    if not Answer.objects.filter(pk=kept.pk, version=kept.version).update(**said):
        raise _MovedMeanwhile
    for name, now in said.items():
        setattr(kept, name, now)
    kept.submission, kept.question = submission, question
    return kept


def next_number(submission: Submission) -> str:
    """The next application number of its call, such as SC17-0042.

    The call's row is held from here to the end of the transaction: a close or a change of the form decided meanwhile
    is seen. Raises Conflict.
    """
    call, checked = submission.call, submission.call.form_number
    Call.objects.filter(pk=call.pk).update(last_number=F("last_number") + 1)
    call.refresh_from_db(fields=["last_number", "closes_at", "form_number"])
    check_accepting(submission)
    check_same_form(checked, call.form_number)
    return f"{call.number_prefix}-{call.last_number:04d}"


def submit(submission: Submission, *, by: Any) -> Submission:
    """Hand in a complete draft before the close: it gets its number, a frozen version and a receipt.

    What counts, and what the receipt prints, is the instant at which it reached the server.

    Returns it. Raises Forbidden, Conflict (closed, or handed in already) or Invalid (incomplete).
    """
    with transaction.atomic():
        held = lock(submission, by)
        require(by, "calls.submit_submission", held)
        SUBMISSION.check_source("submit", held.state, _("This application was already handed in."))
        check_accepting(held)
        check_complete(held)
        held.number = number = next_number(held)
        now = clock.arrived()
        text = search_text(held)
        move(held, "submit", by=by, data={"number": number}, number=number, submitted_at=now, search_text=text)
        notices.receipt(held, freeze(held, by=by).digest)
    submission.refresh_from_db()
    return submission


def check_withdrawable(submission: Submission) -> None:
    """Raise Conflict when it can no longer be withdrawn, or after the close: applicants withdraw until then."""
    SUBMISSION.check_source("withdraw", submission.state, _("This application can no longer be withdrawn."))
    check_accepting(submission)


def withdraw(submission: Submission, *, by: Any, reason: str = "") -> Submission:
    """Withdraw an application; its structure may start another until the close.

    After the close only the portal withdraws, for whoever recorded that decision. Returns it. Raises Forbidden or
    Conflict.
    """
    with transaction.atomic():
        held = lock(submission, by)
        require(by, "calls.withdraw_submission", held)
        move(held, "withdraw", by=by, reason=reason, guard=None if is_system(by) else check_withdrawable)
        for attachment in held.attachments.select_related("file"):
            forget_pages(attachment.file)
        if held.number:
            notices.withdrawn(held)
    submission.refresh_from_db()
    return submission


def send_correction(submission: Submission, *, by: Any) -> Submission:
    """Tell the city that the correction asked for is done; the answers close again.

    Returns it. Raises Forbidden or Conflict (no correction awaited).
    """
    now = clock.arrived()
    awaited = Submission.objects.filter(pk=submission.pk, state=SubmissionState.SUBMITTED, correction_until__gt=now)
    with transaction.atomic():
        require(by, "calls.edit_submission", lock(submission, by))
        if not awaited.update(correction_until=now):
            raise Conflict("no_correction", _("No correction is awaited."))
        record(submission, "send_correction", by=by)
    submission.correction_until = now
    return submission
