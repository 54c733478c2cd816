"""What was handed in, frozen: the whole application as data, and its digest."""

from typing import Any

from django.conf import settings
from django.utils import translation

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.digests import digest
from calls.answers import shown_lines
from calls.models import Answer, Attachment, Question, Submission, SubmissionVersion
from calls.queries import Filled, filled_form, form_written


def structure_content(structure: Structure) -> dict[str, Any]:
    return {
        "name": structure.name,
        "kind": structure.kind,
        "country": str(structure.country),
        "registration_number": structure.registration_number,
        "city": structure.city,
        "website": structure.website,
    }


def attachment_content(attachment: Attachment) -> dict[str, Any]:
    stored = attachment.file
    return {
        "name": stored.name,
        "content_type": stored.content_type,
        "size": stored.size,
        "digest": stored.digest,
    }


def question_content(question: Question, filled: Filled) -> dict[str, Any]:
    content: dict[str, Any] = {"id": question.pk, "kind": question.kind, "label": question.label}
    if question.kind == Question.Kind.FILE:
        return content | {"files": [attachment_content(one) for one in filled.attachments.get(question.pk, [])]}
    answer = filled.answers.get(question.pk)
    value = answer.value if answer else ""
    return content | {"value": value, "shown": shown_lines(question, value)}


def content_of(submission: Submission, filled: Filled) -> dict[str, Any]:
    """What `submission` hands in as JSON data, in the portal's first language: what a version keeps."""
    filled = filled.asked()
    with translation.override(settings.LANGUAGE_CODE):
        sections = [
            {"title": s.title, "questions": [question_content(q, filled) for q in filled.questions[s.pk]]}
            for s in filled.sections
        ]
        return {
            "call": submission.call.slug,
            "number": submission.number,
            "submitted_at": submission.submitted_at.isoformat() if submission.submitted_at else None,
            "structure": structure_content(submission.structure),
            "title": submission.title,
            "one_line": submission.one_line,
            "pillar": submission.pillar.slug if submission.pillar else None,
            "other_pillars": sorted(submission.other_pillars.values_list("slug", flat=True)),
            "sections": sections,
        }


def set_aside(filled: Filled) -> None:
    """Mark which answers and documents of an application are not handed in. No statement when none changed."""
    keys = filled.asked_keys()
    attached = [one for several in filled.attachments.values() for one in several]
    for model, kept in ((Answer, filled.answers.values()), (Attachment, attached)):
        for aside in (True, False):
            given = [row for row in kept if row.set_aside is not aside]
            rows = [row.pk for row in given if (row.question_id not in keys) is aside]
            if rows:
                model.objects.filter(pk__in=rows).update(set_aside=aside)


def _stamp_form(submission: Submission) -> None:
    """Note the form by which `submission` is read from now on: the one it is handed in under. No statement when it is
    the same.
    """
    form = submission.call.form_number
    if form_written(submission) is None and submission.form_number != form:
        Submission.objects.filter(pk=submission.pk).update(form_number=form)
        submission.form_number = form


def freeze(submission: Submission, *, by: Any) -> SubmissionVersion:
    """Keep the present content of `submission` as its next version. Returns it. The caller holds the row.

    Answers that the others no longer ask for stay out of it, and are marked so: nobody else reads them.
    """
    filled = filled_form(submission, written=True)
    _stamp_form(submission)
    content = content_of(submission, filled)
    set_aside(filled)
    late = not submission.is_draft and not submission.accepts_at(clock.arrived())
    return SubmissionVersion.objects.create(
        submission=submission,
        number=submission.versions.count() + 1,
        content=content,
        digest=digest(content),
        correction=submission.correction_request if late else "",
        at=clock.now(),
        by_id=getattr(by, "pk", None),
    )
