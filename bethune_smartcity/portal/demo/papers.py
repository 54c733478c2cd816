"""Documents drawn for the demonstration, so that attachments can be opened."""

from io import BytesIO
from typing import Any
from unicodedata import normalize

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from calls.models import Question, Submission
from calls.operations import submissions

PAGES = 4


def drawn_page(title: str, number: int) -> Image.Image:
    """A slide, 16:9, 72 dots an inch, that says it is a demonstration."""
    page = Image.new("RGB", (960, 540), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 960, 84), fill="#0b5d66")
    # The font that comes with Pillow knows no accents.
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode()
    pen.text((40, 26), plain, fill="white", font_size=30)
    pen.text((40, 116), "Fichier fictif, pour l'exemple.", fill="#10243a", font_size=20)
    pen.text((880, 500), f"{number} / {PAGES}", fill="#10243a", font_size=18)
    for line in range(8):
        length = 40 + (620 + 97 * line * number) % 820
        pen.rectangle((40, 176 + 38 * line, length, 190 + 38 * line), fill="#e3dccf")
    return page


def drawn_pdf(title: str) -> bytes:
    """A presentation of a few slides as a PDF."""
    first, *others = [drawn_page(title, number) for number in range(1, PAGES + 1)]
    kept = BytesIO()
    first.save(kept, "PDF", save_all=True, append_images=others)
    return kept.getvalue()


def attach_presentation(submission: Submission, *, by: Any) -> None:
    """Attach a drawn presentation to the question that asks for a document."""
    question = Question.objects.filter(section__call=submission.call, kind=Question.Kind.FILE).first()
    upload = SimpleUploadedFile("presentation-demo.pdf", drawn_pdf(submission.title), "application/pdf")
    submissions.attach(submission, question, upload, by=by)
