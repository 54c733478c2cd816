"""The kinds of documents that are taken, told from what is in them and never from their names."""

from typing import Any

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

PDF = "application/pdf"
PICTURES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/heic": ".heic"}
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE = {
    f"{_OPEN_XML}wordprocessingml.document": ".docx",
    f"{_OPEN_XML}spreadsheetml.sheet": ".xlsx",
    f"{_OPEN_XML}presentationml.presentation": ".pptx",
    f"{_OPEN_DOCUMENT}text": ".odt",
    f"{_OPEN_DOCUMENT}spreadsheet": ".ods",
    f"{_OPEN_DOCUMENT}presentation": ".odp",
}
ACCEPTED = {PDF: ".pdf", **PICTURES, **OFFICE}
# Those whose pages are drawn; of the others the document itself is read.
DRAWN = (PDF, *PICTURES)
# What may hold an office document: only its members tell which.
ARCHIVE = "application/zip"
TAKEN = {PDF, *PICTURES, ARCHIVE}
# What an office document of today becomes behind a password, and those of before 2007 always were.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def kinds_taken() -> str:
    """What documents are taken, in words."""
    return gettext(
        "A PDF document, a picture (PNG, JPEG, WebP, HEIC) or an office document (docx, xlsx, pptx, odt, ods, odp)."
    )


def true_type(upload: UploadedFile) -> str:
    """The content type read from the file's first bytes, whatever its name says. Empty when unknown."""
    head = _head(upload)
    if head.startswith(b"PK\x03\x04"):
        return ARCHIVE
    kind: Any = filetype.guess(head)
    return kind.mime if kind else ""


def is_locked_office(upload: UploadedFile) -> bool:
    """Whether it is an office document that its password wraps into another format."""
    if not _head(upload).startswith(_COMPOUND):
        return False
    content = upload.read()
    upload.seek(0)
    return _LOCKED in content


def _head(upload: UploadedFile) -> bytes:
    upload.seek(0)
    head: bytes = upload.read(4096)
    upload.seek(0)
    return head
