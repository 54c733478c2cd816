"""Taking up an application in another call: a new draft with what both forms ask."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.uploads import Shelf, storing
from calls.answers import clean_answer
from calls.models import Attachment, Call, Question, Submission
from calls.queries import Filled, filled_form

from .documents import put
from .submissions import check_may_start, describe, save_answers, start_draft


def renew(former: Submission, call: Call, *, by: Any) -> Submission:
    """Start a draft for `call` by the same structure, with what `former` answered to the questions of the same key.

    Answers the new form refuses are left out, and so are choices it does not offer. Returns the draft. Raises
    Forbidden, or Conflict (the same call, a call that is not open, or a structure that applies already).
    """
    require(by, "calls.edit_submission", former)
    if former.call_id == call.pk:
        raise Conflict("same_call", _("This application is for this very call."))
    check_may_start(call, former.structure, by=by)
    kept = filled_form(former)
    pairs = _pairs(kept, call)
    with storing() as shelf:
        documents = [
            (new, stored)
            for old, new in pairs
            for attachment in kept.attachments.get(old.pk, [])[: new.max_files]
            if (stored := _copied(shelf, attachment, by))
        ]
        return _begun(former, call, _answers(kept, pairs), documents, by=by)


@transaction.atomic
def _begun(
    former: Submission,
    call: Call,
    answers: dict[Question, str],
    documents: list[tuple[Question, StoredFile]],
    *,
    by: Any,
) -> Submission:
    """The draft, with what is said again and the documents that were copied for it."""
    pillars = set(call.pillars.all())
    pillar = former.pillar if former.pillar in pillars else None
    draft = start_draft(call, former.structure, title=former.title, pillar=pillar, by=by)
    others = [other for other in former.other_pillars.all() if other in pillars]
    describe(draft, title=former.title, one_line=former.one_line, pillar=pillar, other_pillars=others, by=by)
    save_answers(draft, answers, by=by)
    for question, stored in documents:
        put(draft, question, stored, by=by)
    return draft


def _pairs(kept: Filled, call: Call) -> list[tuple[Question, Question]]:
    """The questions of both forms that have the same key and kind: the former one and the new one."""
    new = {(q.key, q.kind): q for q in Question.objects.filter(section__call=call).select_related("section")}
    return [(old, new[old.key, old.kind]) for old in kept.in_order() if (old.key, old.kind) in new]


def _answers(kept: Filled, pairs: list[tuple[Question, Question]]) -> dict[Question, str]:
    """What is said again, as far as the new questions accept it. A consent is given anew."""
    found = {}
    for old, new in pairs:
        answer = kept.answers.get(old.pk)
        if answer is None or old.kind in {Question.Kind.FILE, Question.Kind.CONSENT}:
            continue
        try:
            found[new] = clean_answer(new, translated(old, new, answer.value))
        except Invalid:
            continue
    return found


def translated(old: Question, new: Question, value: str) -> str:
    """`value`, an answer to `old`, as `new` keeps it: choices are matched by their words."""
    if old.kind not in {Question.Kind.CHOICE, Question.Kind.CHOICES}:
        return value
    words, keys = dict(old.option_pairs), {text: key for key, text in new.offered_pairs}
    chosen = [keys.get(words.get(key, ""), "") for key in value.split()]
    return "\n".join(filter(None, chosen))


def _copied(shelf: Shelf, former: Attachment, by: Any) -> StoredFile | None:
    """A copy of a document; None for one that is gone or not accepted, which is left out."""
    stored = former.file
    if stored.scan == StoredFile.Scan.INFECTED:
        return None
    try:
        with stored.blob.open("rb") as blob:
            upload = SimpleUploadedFile(stored.name, blob.read(), content_type=stored.content_type)
        return shelf.store(upload, by=by)
    except (Invalid, OSError):
        return None
