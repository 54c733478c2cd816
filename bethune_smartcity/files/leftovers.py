"""Contents that no row names: a process killed during an upload leaves one, and nothing else would take it away."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

from django.core.files.storage import Storage

from bethune_smartcity.core import clock

from .models import StoredFile

FOLDER = "files"
# A content is there before its row is: no upload takes so long.
AGE = timedelta(days=1)
# Taken away in a run, and looked up in a statement.
MOST, TOGETHER = 1000, 500

List = Callable[[str], tuple[list[str], list[str]]]


def names_below(listdir: List, folder: str) -> Iterator[str]:
    """Every file below a folder of a storage; none where there is no such folder."""
    try:
        folders, files = listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from names_below(listdir, f"{folder}/{name}")


def unnamed(storage: Storage) -> Iterator[str]:
    """Every content of the storage that no row names."""
    every = names_below(storage.listdir, FOLDER)
    while names := list(islice(every, TOGETHER)):
        known = set(StoredFile.objects.filter(blob__in=names).values_list("blob", flat=True))
        yield from (name for name in names if name not in known)


def remove() -> int:
    """Delete contents older than a day that no row names, a thousand at most. Returns how many.

    A database that names no content at all is one that is not there yet: nothing is deleted.
    """
    storage: Storage = StoredFile._meta.get_field("blob").storage  # type: ignore[union-attr]
    if not StoredFile.objects.exists():
        return 0
    old = (name for name in unnamed(storage) if _is_old(storage, name))
    # Looked for before any goes: what is listed while it is emptied may be listed wrong.
    found = list(islice(old, MOST))
    for name in found:
        storage.delete(name)
    return len(found)


def _is_old(storage: Storage, name: str) -> bool:
    """Whether a content is older than a day; what was taken away meanwhile is not."""
    try:
        return storage.get_modified_time(name) <= clock.unshifted() - AGE
    except FileNotFoundError:
        return False
