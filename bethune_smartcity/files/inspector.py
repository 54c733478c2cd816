"""Say whether a document opens. A program of its own: what a hostile document does to it stays here.

`python -I inspector.py DOCUMENT TYPE` writes one word: `opens`, or what is wrong with it (`locked`: by a password). Any
other end means that it does not open, or not within the bounds. It imports nothing of the portal. Sources: pypdfium2,
what a common browser opens a PDF with, so that what people can read is taken; Pillow.
"""

import resource
import sys
from pathlib import Path

# Seconds of processor, and octets of memory: what an honest document of the largest size takes, many times over.
PROCESSOR, MEMORY = 10, 1_500_000_000
LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_CPU: PROCESSOR,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}


def look_at_pdf(document: Path) -> str:
    """Whether the first and the last page are there; those between are not looked at."""
    import pypdfium2  # noqa: PLC0415  only a PDF needs it

    try:
        pdf = pypdfium2.PdfDocument(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            return "locked"
        raise
    for number in (0, len(pdf) - 1):
        pdf[number].close()
    return "opens"


def look_at_picture(document: Path, form: str) -> str:
    """Whether every point is there. Pillow itself refuses more than 179 million of them."""
    from PIL import Image  # noqa: PLC0415  only a picture needs it

    with Image.open(document, formats=[form]) as picture:
        picture.verify()
    with Image.open(document, formats=[form]) as picture:
        # A JPEG is read to its end, and kept at an eighth of its width.
        picture.draft(None, (picture.width // 8, picture.height // 8))
        picture.load()
    return "opens"


def look(document: Path, content_type: str) -> str:
    if content_type == "application/pdf":
        return look_at_pdf(document)
    return look_at_picture(document, FORMATS[content_type])


if __name__ == "__main__":
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    sys.stdout.write(look(Path(sys.argv[1]), sys.argv[2]))
