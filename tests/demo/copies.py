"""Rows and files as they were found, to be put back: in a moment, where making them takes many seconds."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import connection

Table = tuple[str, tuple[str, ...], str]
Rows = dict[Any, tuple[Any, ...]]
# SQLite takes some 32,000 values a statement.
VALUES = 20_000


@dataclass(frozen=True)
class Copy:
    """What came into the tables and what changed there between two readings, and the files kept at the second."""

    added: dict[Table, list[tuple[Any, ...]]]
    changed: dict[Table, Rows]
    files: dict[str, bytes]

    def put_back(self, storage: Storage) -> None:
        """Into tables as they were at the first reading, and a storage that keeps nothing yet."""
        for table, rows in self.added.items():
            _insert(table, rows)
        for table, rows in self.changed.items():
            _update(table, rows)
        for name, content in self.files.items():
            storage.save(name, ContentFile(content))


def read_tables() -> dict[Table, Rows]:
    """Every row of every table, as the database gives it, by its key."""
    return {table: _read(table) for table in _tables()}


def copied(before: dict[Table, Rows], after: dict[Table, Rows], storage: Storage) -> Copy:
    """What leads from `before` to `after`, where nothing is missing that was there; and the files of `storage`."""
    added, changed = {}, {}
    for table, rows in after.items():
        known = before[table]
        assert known.keys() <= rows.keys(), f"rows of {table[0]} are gone"
        added[table] = [row for key, row in rows.items() if key not in known]
        changed[table] = {key: row for key, row in rows.items() if known.get(key, row) != row}
    return Copy(added, changed, {name: storage.open(name).read() for name in _names(storage, "")})


def _tables() -> list[Table]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [
        (meta.db_table, tuple(field.column for field in meta.concrete_fields), meta.pk.column)
        for meta in (model._meta for model in models if not model._meta.proxy)
    ]


def _read(table: Table) -> Rows:
    name, columns, key = table
    place = columns.index(key)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_quoted(columns)} FROM {_quoted([name])}")
        return {row[place]: row for row in cursor.fetchall()}


def _insert(table: Table, rows: list[tuple[Any, ...]]) -> None:
    name, columns, _key = table
    one = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        step = VALUES // len(columns)
        for some in (rows[first : first + step] for first in range(0, len(rows), step)):
            values = ", ".join([one] * len(some))
            cursor.execute(
                f"INSERT INTO {_quoted([name])} ({_quoted(columns)}) VALUES {values}",
                list(chain.from_iterable(some)),
            )


def _update(table: Table, rows: Rows) -> None:
    name, columns, key = table
    parts = ", ".join(f"{_quoted([column])} = %s" for column in columns)
    with connection.cursor() as cursor:
        for pk, row in rows.items():
            sql = f"UPDATE {_quoted([name])} SET {parts} WHERE {_quoted([key])} = %s"
            cursor.execute(sql, [*row, pk])


def _quoted(names: Any) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def _names(storage: Storage, folder: str) -> list[str]:
    folders, files = storage.listdir(folder)
    here = [f"{folder}/{name}" if folder else name for name in files]
    return here + [name for each in folders for name in _names(storage, f"{folder}/{each}" if folder else each)]
