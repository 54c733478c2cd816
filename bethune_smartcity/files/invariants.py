"""What must always hold of stored files."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from .leftovers import FOLDER, names_below
from .models import StoredFile


def no_orphan_file() -> Iterator[str]:
    """A sentence for each row without its content, and for each content without its row."""
    known = set()
    for pk, name in StoredFile.objects.values_list("pk", "blob").iterator():
        known.add(name)
        if not default_storage.exists(name):
            yield f"stored file {pk} has lost its content ({name})"
    for name in names_below(default_storage.listdir, FOLDER):
        if name not in known:
            yield f"{name} belongs to no stored file"
