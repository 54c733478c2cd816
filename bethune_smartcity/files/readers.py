"""Who may read a stored file: the apps that attach files say so, each for its own."""

from collections.abc import Callable
from typing import Any

from .models import StoredFile

Reader = Callable[[Any, StoredFile], bool]

_readers: dict[str, Reader] = {}


def register_reader(name: str, reader: Reader) -> None:
    """Let `reader(user, stored_file)` open files; a file opens when any registered reader says yes."""
    _readers[name] = reader


def may_read(user: Any, stored: StoredFile) -> bool:
    return any(reader(user, stored) for reader in _readers.values())
