"""Documents drawn for the demonstration, so that attachments can be opened."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from calls.models import Question, Submission
from calls.operations import submissions


def drawn_pdf(title: str) -> bytes:
    """A one-page PDF (A4, 72 dots an inch) that says it is a demonstration."""
    page = Image.new("RGB", (595, 842), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 595, 90), fill="#0b5d66")
    pen.text((40, 34), title.encode("ascii", "replace").decode(), fill="white", font_size=26)
    pen.text((40, 130), "Document de demonstration, invente.", fill="#10243a", font_size=16)
    for line in range(12):
        pen.rectangle((40, 190 + 34 * line, 515 - 25 * (line % 3), 202 + 34 * line), fill="#e3dccf")
    kept = BytesIO()
    page.save(kept, "PDF")
    return kept.getvalue()


def attach_presentation(submission: Submission, *, by: Any) -> None:
    """Attach a drawn presentation to the question that asks for a document."""
    question = Question.objects.filter(section__call=submission.call, kind=Question.Kind.FILE).first()
    upload = SimpleUploadedFile("presentation-demo.pdf", drawn_pdf(submission.title), "application/pdf")
    submissions.attach(submission, question, upload, by=by)
