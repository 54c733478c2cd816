"""What must always hold of stored files."""

from collections.abc import Iterator

from django.core.files.storage import Storage, default_storage

from .models import StoredFile


def _names(storage: Storage, folder: str) -> Iterator[str]:
    """Every file below a folder of the storage."""
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _names(storage, f"{folder}/{name}")


def no_orphan_file() -> Iterator[str]:
    """A sentence for each row without its content, and for each content without its row."""
    known = set()
    for pk, name in StoredFile.objects.values_list("pk", "blob").iterator():
        known.add(name)
        if not default_storage.exists(name):
            yield f"stored file {pk} has lost its content ({name})"
    for name in _names(default_storage, "files"):
        if name not in known:
            yield f"{name} belongs to no stored file"
