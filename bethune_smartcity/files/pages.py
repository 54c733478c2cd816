"""The pages of documents as pictures, to be read beside a form. Rows say what is drawn; no page ever waits for it."""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from bethune_smartcity.core import clock

from .kinds import DRAWN
from .models import Page, Preview, StoredFile
from .uploads import storing

State = Preview.State
log = logging.getLogger(__name__)

DRAWER = Path(__file__).with_name("drawer.py")
PATIENCE = 90
# A claim older than that is of a process that died; whoever finds it so for the third time gives the document up.
STALE = timedelta(minutes=10)
ATTEMPTS = 3
PICTURE = "image/webp"


@dataclass(frozen=True)
class Drawn:
    """How many pages a document has, and the first of them as pictures: content, width, height."""

    count: int = 0
    pages: tuple[tuple[bytes, int, int], ...] = ()


def undrawn(documents: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """Those of `documents` that nobody has drawn, or is drawing."""
    dead = Q(preview__state=State.DRAWING, preview__claimed_at__lt=clock.now() - STALE)
    return documents.filter(Q(preview__isnull=True) | dead, content_type__in=DRAWN, scan=StoredFile.Scan.CLEAN)


def draw_all(documents: QuerySet[StoredFile], *, seconds: float) -> int:
    """Draw `documents` one by one; none is begun once `seconds` are over. Returns how many were drawn.

    One at fault is logged, and tried again later.
    """
    done, until = 0, time.monotonic() + seconds
    for stored in undrawn(documents):
        if time.monotonic() >= until:
            break
        try:
            done += draw(stored)
        except Exception:  # what one document does must not keep the others from being drawn
            log.exception("the pages of %s could not be drawn", stored.pk)
    return done


def draw(stored: StoredFile) -> bool:
    """Draw the pages of `stored` and keep them. False when another does so, or when it was taken away meanwhile."""
    claim = _claim(stored)
    if claim is None:
        return False
    drawn = _drawn(stored) if claim.attempts <= ATTEMPTS else Drawn()
    with storing() as shelf:
        pages = []
        for number, (content, width, height) in enumerate(drawn.pages, start=1):
            picture = shelf.keep(content, f"{_stem(stored)}-{number}.webp", PICTURE)
            pages.append(Page(original=stored, number=number, picture=picture, width=width, height=height))
        if not _kept(claim, drawn, pages):
            shelf.empty()
            return False
    return True


@transaction.atomic
def _kept(claim: Preview, drawn: Drawn, pages: list[Page]) -> bool:
    """Save the rows of `pages`, unless the document was taken away, or claimed by another, meanwhile."""
    held = Preview.objects.filter(pk=claim.pk, state=State.DRAWING, claimed_at=claim.claimed_at)
    state = State.READY if pages else State.NONE
    if not held.update(state=state, pages=drawn.count):
        return False
    for page in pages:
        page.picture.save()
        page.save()
    return True


def _stem(stored: StoredFile) -> str:
    return stored.name.rsplit(".", 1)[0][:110]


def _claim(stored: StoredFile) -> Preview | None:
    """The right to draw `stored`, for one at a time; None when another has it."""
    now = clock.now()
    try:
        with transaction.atomic():
            return Preview.objects.create(original_id=stored.pk, claimed_at=now)
    except IntegrityError:
        left = Preview.objects.filter(original=stored, state=State.DRAWING, claimed_at__lt=now - STALE)
        if not left.update(claimed_at=now, attempts=F("attempts") + 1):
            return None
    return Preview.objects.filter(original=stored, claimed_at=now).first()


def _drawn(stored: StoredFile) -> Drawn:
    """The pages of `stored`, drawn by a process with bounds of its own; none when it fails, or takes too long."""
    with TemporaryDirectory(prefix="pages-") as name:
        folder = Path(name)
        document = folder / "document"
        with stored.blob.open("rb") as content, document.open("wb") as kept:
            for chunk in content.chunks():
                kept.write(chunk)
        command = [sys.executable, "-I", str(DRAWER), str(document), stored.content_type, name]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True, env={})  # noqa: S603  ours
        except subprocess.SubprocessError as fault:
            log.warning("no preview of %s: %s", stored.pk, type(fault).__name__)
            return Drawn()
        told = json.loads(done.stdout)
        return Drawn(told["pages"], tuple(_pictures(folder, told["drawn"])))


def _pictures(folder: Path, sizes: list[list[int]]) -> Iterator[tuple[bytes, int, int]]:
    for number, (width, height) in enumerate(sizes, start=1):
        yield (folder / f"{number}.webp").read_bytes(), width, height
