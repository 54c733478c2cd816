"""Indexes that find a word inside a search column, where the database has them."""

from typing import Any

from django.db import DatabaseError, migrations, transaction


def _is_there(editor: Any) -> bool:
    """Whether the database can index trigrams, which may need a right the portal's own account lacks."""
    if editor.connection.vendor != "postgresql":
        return False
    try:
        with transaction.atomic(using=editor.connection.alias):
            editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return False
    return True


def trigram_indexes(table: str, *columns: str, drop_them: bool = False) -> migrations.RunPython:
    """The step of a migration that indexes `columns` of `table` for searches on PostgreSQL; elsewhere it does nothing.

    Where the extension is missing and may not be made, searches read the whole table: slower, and as right. With
    `drop_them` the step takes such indexes away.
    """

    def make(_apps: Any, editor: Any) -> None:
        if _is_there(editor):
            for column in columns:
                name = f"{table}_{column}_trgm"[:63]
                editor.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" USING gin ("{column}" gin_trgm_ops)')

    def drop(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            for column in columns:
                editor.execute(f'DROP INDEX IF EXISTS "{table}_{column}_trgm"')

    return migrations.RunPython(drop, make) if drop_them else migrations.RunPython(make, drop)
