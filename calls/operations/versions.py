"""What was handed in, frozen: the whole application as data, and its digest."""

from typing import Any

from django.conf import settings
from django.utils import translation

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.digests import digest
from calls.answers import shown_lines
from calls.models import Attachment, Question, Submission, SubmissionVersion
from calls.queries import Filled, filled_form


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
        attachment = filled.attachments.get(question.pk)
        return content | {"file": attachment_content(attachment) if attachment else None}
    answer = filled.answers.get(question.pk)
    value = answer.value if answer else ""
    return content | {"value": value, "shown": shown_lines(question, value)}


def content_of(submission: Submission) -> dict[str, Any]:
    """The whole of `submission` as JSON data, in the portal's first language: what a version keeps."""
    filled = filled_form(submission)
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


def freeze(submission: Submission, *, by: Any) -> SubmissionVersion:
    """Keep the present content of `submission` as its next version. Returns it. The caller holds the row."""
    content = content_of(submission)
    return SubmissionVersion.objects.create(
        submission=submission,
        number=submission.versions.count() + 1,
        content=content,
        digest=digest(content),
        at=clock.now(),
        by_id=getattr(by, "pk", None),
    )
