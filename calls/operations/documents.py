"""The documents of an application: attached to its questions, replaced and taken off, each on its own."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.uploads import discard, storing
from calls.models import Attachment, Question, Submission

from .checks import check_asked
from .clashes import DocumentConflict
from .pen import check_may_write, writing


def too_many(most: int) -> str:
    """What is said where a question that takes `most` documents has them all."""
    words = _("This question takes %(n)s documents at most: remove or replace one to send another.")
    return words % {"n": wording.number(most)}


def refused(question: Question, upload: UploadedFile, error: Invalid) -> str:
    """Why `upload` is refused; with its name where it is one of several."""
    if not question.takes_several:
        return str(error)
    return _("“%(name)s”: %(sentence)s") % {"name": upload.name, "sentence": error}


def attach(
    submission: Submission, question: Question, upload: UploadedFile, *, by: Any, seen: int | None = None
) -> Attachment:
    """Attach a document as the answer to `question`: in place of the former one or, where the question takes several,
    after the others. Returns the attachment.

    `seen` is the key of the document that it replaces, in its place (0 for none); another one there meanwhile, or
    none, raises DocumentConflict. Without it, the only one of its question is replaced whatever it is. Raises
    Forbidden, Invalid (at the question's field, with the reason) or Conflict.
    """
    check_asked(submission, [question])
    if question.kind != Question.Kind.FILE:
        raise Invalid("not_a_document", _("This question is not answered by a document."), field=question.field_name)
    check_may_write(submission, [question.field_name], by=by)
    with storing() as shelf:
        try:
            stored = shelf.store(upload, by=by)
        except Invalid as error:
            raise Invalid(error.code, refused(question, upload, error), field=question.field_name) from None
        return put(submission, question, stored, by=by, seen=seen)


def put(
    submission: Submission, question: Question, stored: StoredFile, *, by: Any, seen: int | None = None
) -> Attachment:
    """Attach `stored`, whose content is kept already, as `attach` does. Raises Forbidden, Invalid or Conflict."""
    with writing(submission, by) as pen:
        pen.touch([question.field_name])
        kept = _kept(pen.held, question)
        former = _replaced(question, kept, seen)
        place = former.position if former else max((one.position for one in kept), default=0) + 1
        if former:
            _discard(former)
        stored.save()
        return Attachment.objects.create(
            submission=pen.held, question=question, file=stored, position=place, attached_at=clock.now()
        )


def detach(attachment: Attachment, *, by: Any, seen: int | None = None) -> None:
    """Take a document off its application.

    `seen` as for `attach`. Raises Forbidden, Conflict, DocumentConflict, or Invalid (handed in, and required).
    """
    question = attachment.question
    with writing(attachment.submission, by) as pen:
        pen.touch([question.field_name])
        kept = _kept(pen.held, question)
        wanted = attachment.pk if question.takes_several else seen
        former = _replaced(question, kept, wanted)
        if former is None or former.pk != attachment.pk:
            raise DocumentConflict(question, former)
        _discard(former)


def _kept(held: Submission, question: Question) -> list[Attachment]:
    """The documents that answer `question` now, in order."""
    rows = held.attachments.filter(question=question).select_related("file__owner")
    return list(rows.order_by("position"))


def _replaced(question: Question, kept: list[Attachment], seen: int | None) -> Attachment | None:
    """The one of `kept` that makes place; None for one more. Raises DocumentConflict unless it is the one of the key
    `seen`, Invalid when there is no room.
    """
    if not question.takes_several:
        only = kept[0] if kept else None
        if seen is not None and seen != (only.pk if only else 0):
            raise DocumentConflict(question, only)
        return only
    if seen:
        former = next((one for one in kept if one.pk == seen), None)
        if former is None:
            raise DocumentConflict(question, None)
        return former
    if len(kept) >= question.max_files:
        raise Invalid("too_many", too_many(question.max_files), field=question.field_name)
    return None


def _discard(attachment: Attachment) -> None:
    stored: StoredFile = attachment.file
    attachment.delete()
    discard(stored)
