"""Whether a document opens: asked of a process with bounds of its own, so that none can hold the portal up."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.uploadedfile import UploadedFile

INSPECTOR = Path(__file__).with_name("inspector.py")
# Seconds, of a machine that is busy too: the process ends itself after ten of its own.
PATIENCE = 20
UNREADABLE = "unreadable"


def inspected(upload: UploadedFile, content_type: str) -> tuple[str, str]:
    """`opens` and its true type, or what is wrong: `unreadable` when it does not open within the bounds, else as the
    inspector says it.
    """
    with on_disk(upload) as document:
        return told(document, content_type)


def told(document: str, content_type: str) -> tuple[str, str]:
    """What the inspector says of the file at the path `document`."""
    command = [sys.executable, "-I", str(INSPECTOR), document, content_type]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True, env={})  # noqa: S603  ours
    except subprocess.SubprocessError:
        return UNREADABLE, content_type
    verdict, kind = done.stdout.decode().split()
    return verdict, kind


@contextmanager
def on_disk(upload: UploadedFile) -> Iterator[str]:
    """The path of a file that holds `upload`: its own when it is large enough to have one."""
    if own := getattr(upload, "temporary_file_path", None):
        yield own()
        return
    with NamedTemporaryFile(prefix="upload-") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        upload.seek(0)
        yield kept.name
