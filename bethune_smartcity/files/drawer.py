"""Draw a document's pages as pictures. A program of its own: what a hostile document does to it stays here.

`python -I drawer.py DOCUMENT TYPE FOLDER` writes `1.webp`, `2.webp`… into the folder and tells, as JSON, how many pages
the document has (`pages`) and the size of each picture (`drawn`). Any other end means that there is nothing to show. It
imports nothing of the portal. Sources: pypdfium2, whose pdfium must not be called from two threads; Pillow; pi-heif.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pi_heif
from PIL import Image, ImageOps

WIDTH = 1100
# A page longer than that is drawn narrower: a plan of ten metres is still one picture.
TALLEST = 4 * WIDTH
MOST_PAGES = 40
MOST_POINTS = 50_000_000
QUALITY = 80
# Seconds after which no further page is begun, and seconds of processor after which the system ends it all.
ENOUGH, PROCESSOR = 40, 60
MEMORY, LARGEST = 1_500_000_000, 30_000_000
LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_CPU: PROCESSOR,
    resource.RLIMIT_FSIZE: LARGEST,
    resource.RLIMIT_CORE: 0,
}


def scale_of(width: float, height: float) -> float:
    """By how much a page of that size is drawn larger or smaller."""
    return min(WIDTH / max(width, 1), TALLEST / max(height, 1))


def pdf_pages(document: Path) -> tuple[int, Iterator[Image.Image]]:
    """How many pages a PDF has, and each of them, filled-in fields included."""
    import pypdfium2  # noqa: PLC0415  only a PDF needs it

    pdf = pypdfium2.PdfDocument(document)
    pdf.init_forms()
    return len(pdf), (page.render(scale=scale_of(*page.get_size())).to_pil().convert("RGB") for page in pdf)


def picture_pages(document: Path) -> tuple[int, Iterator[Image.Image]]:
    """One page: the picture upright, on white, no larger than it came."""
    pi_heif.register_heif_opener()
    picture = Image.open(document)
    if picture.width * picture.height > MOST_POINTS:
        raise ValueError("too many points")
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    scale = min(1.0, scale_of(*upright.size))
    small = upright.resize((max(1, round(upright.width * scale)), max(1, round(upright.height * scale))))
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    return 1, iter([ground])


def draw(document: Path, content_type: str, folder: Path) -> dict[str, object]:
    """Write the pictures. Returns what there is to tell of them."""
    until = time.monotonic() + ENOUGH
    count, pages = (pdf_pages if content_type == "application/pdf" else picture_pages)(document)
    drawn = []
    for number, page in enumerate(islice(pages, MOST_PAGES), start=1):
        page.save(folder / f"{number}.webp", "WEBP", quality=QUALITY, method=2)
        drawn.append(page.size)
        if time.monotonic() > until:
            break
    return {"pages": count, "drawn": drawn}


if __name__ == "__main__":
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    sys.stdout.write(json.dumps(draw(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))))
