"""Who may read a stored file: the apps that attach files say so, each for its own."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet, UUIDField
from django.db.models.functions import Coalesce

from .models import StoredFile

Reader = Callable[[Any], QuerySet[Any, Any]]

# The file whose readers decide: the document of a page, else the file itself.
READ_AS = Coalesce(F("page__original_id"), F("pk"), output_field=UUIDField())

_readers: dict[str, Reader] = {}


def register_reader(name: str, reader: Reader) -> None:
    """Let `reader(user)`, the keys of the files that `user` may read, open them; a file opens to any of the readers."""
    _readers[name] = reader


def readable_files(user: Any) -> QuerySet[StoredFile]:
    """The files `user` may read. One that is hidden is asked for like one that does not exist.

    The picture of a page opens to those who may read its document, and to nobody else.
    """
    opened = Q(pk__in=())
    for reader in _readers.values():
        opened |= Q(read_as__in=reader(user))
    return StoredFile.objects.alias(read_as=READ_AS).filter(opened)
