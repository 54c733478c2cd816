"""What may be handed in, and how it is kept."""

import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.core.text import is_odd

from .inspection import inspected
from .kinds import ACCEPTED, TAKEN, is_locked_office, true_type
from .models import Page, Preview, StoredFile

Scan = StoredFile.Scan
OPENS = "opens"
UNREADABLE = _("This file cannot be opened: it may be cut or damaged. Export it again and retry.")
FAULTS = {
    "locked": _("This document is protected by a password: send it without."),
    "macros": _("This document holds macros or other programs: save it without them, or export it as a PDF."),
    "swells": _("This document unfolds into more than can be looked at: export it as a PDF."),
    "other": _(
        "Send a PDF document, a picture (PNG, JPEG, WebP, HEIC) "
        "or an office document (docx, xlsx, pptx, odt, ods, odp)."
    ),
}


def refuse(code: str, message: Any) -> NoReturn:
    raise Invalid(code, message, field="file")


def too_large() -> str:
    """What is said of a document that is too large."""
    return gettext("This file is too large: %(n)d MB at most.") % {"n": settings.UPLOAD_MAX_BYTES // 1_000_000}


def safe_name(name: str, content_type: str) -> str:
    """`name` without folders, control or direction characters, with the ending of its true type, 120 characters."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = "".join(c for c in base if not is_odd(c) and c not in '\n\r\t"').rsplit(".", 1)[0].strip(" .")
    return (stem[:110] or "document") + ACCEPTED[content_type]


def check_upload(upload: UploadedFile) -> str:
    """The true type of an acceptable file, looked at once. Raises Invalid (field `file`) with the reason otherwise.

    It takes as long as the document makes it take: never inside a transaction, which would hold up everyone's writes.
    """
    if known := getattr(upload, "vouched_type", None):
        return str(known)
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        refuse("too_large", too_large())
    content_type = true_type(upload)
    if content_type not in TAKEN:
        fault = "locked" if is_locked_office(upload) else "other"
        refuse(fault, FAULTS[fault])
    verdict, content_type = inspected(upload, content_type)
    if verdict != OPENS or content_type not in ACCEPTED:
        refuse(verdict, FAULTS.get(verdict, UNREADABLE))
    vouch(upload, content_type)
    return content_type


def vouch(upload: UploadedFile, content_type: str) -> None:
    """Let `upload`, checked or made by the portal itself, be taken for what it is without being looked at again."""
    upload.vouched_type = content_type  # type: ignore[attr-defined]


def prepare(upload: UploadedFile, *, by: Any) -> StoredFile:
    """The row of `upload` once it is checked; nothing is kept yet. Raises Invalid with the reason."""
    content_type = check_upload(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return StoredFile(
        owner=by if getattr(by, "pk", None) else None,
        name=safe_name(upload.name or "", content_type),
        content_type=content_type,
        size=upload.size,
        digest=digest.hexdigest(),
        scan=Scan.PENDING if settings.CLAMD_URL and not getattr(upload, "made_here", False) else Scan.CLEAN,
    )


def discard(stored: StoredFile) -> None:
    """Take a stored file and the pictures of its pages away: rows now, contents once the transaction holds."""
    forget_pages(stored)
    _take_away(stored)


def forget_pages(stored: StoredFile) -> None:
    """Take the pictures of the pages of `stored` away; whoever draws it at this moment gives up."""
    # The claim first: who holds it to write its pages is waited for, and those pages are then found.
    Preview.objects.filter(original=stored).delete()
    for page in Page.objects.filter(original=stored).select_related("picture"):
        page.delete()
        _take_away(page.picture)


def _take_away(stored: StoredFile) -> None:
    name = stored.blob.name
    stored.delete()
    if name:
        transaction.on_commit(partial(stored.blob.storage.delete, name))


class Shelf:
    """Where the contents of uploads are kept inside `storing()`: the transaction saves their rows."""

    def __init__(self) -> None:
        self.written: list[StoredFile] = []

    def store(self, upload: UploadedFile, *, by: Any) -> StoredFile:
        """Check `upload` and keep its content. Returns the row to save. Raises Invalid with the reason."""
        return self._keep(prepare(upload, by=by), upload)

    def keep(self, content: bytes, name: str, content_type: str) -> StoredFile:
        """Keep the content of what the portal made itself. Returns the row to save."""
        digest = hashlib.sha256(content).hexdigest()
        made = StoredFile(name=name, content_type=content_type, size=len(content), digest=digest)
        return self._keep(made, ContentFile(content))

    def _keep(self, stored: StoredFile, content: File) -> StoredFile:
        stored.blob.save(stored.name, content, save=False)
        self.written.append(stored)
        return stored

    def empty(self) -> None:
        """Delete what was kept here: no row names it."""
        for stored in self.written:
            stored.blob.storage.delete(stored.blob.name)
        self.written.clear()


@contextmanager
def storing() -> Iterator[Shelf]:
    """Keep uploads inside a block that goes *around* the transaction of their rows.

    What is slow comes before the transaction: looking at a document, writing it. A transaction that fails takes its
    rows back, not the files written before: they are deleted here.
    """
    shelf = Shelf()
    try:
        yield shelf
    except BaseException:
        shelf.empty()
        raise
