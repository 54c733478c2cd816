"""Who may read a stored file: the apps that attach files say so, each for its own."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from .models import StoredFile

Reader = Callable[[Any], QuerySet[Any, Any]]

_readers: dict[str, Reader] = {}


def register_reader(name: str, reader: Reader) -> None:
    """Let `reader(user)`, the keys of the files that `user` may read, open them; a file opens to any of the readers."""
    _readers[name] = reader


def readable_files(user: Any) -> QuerySet[StoredFile]:
    """The files `user` may read. One that is hidden is asked for like one that does not exist."""
    opened = Q(pk__in=())
    for reader in _readers.values():
        opened |= Q(pk__in=reader(user))
    return StoredFile.objects.filter(opened)
