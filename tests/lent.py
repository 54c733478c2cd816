"""The servers lent to a test run: each portal that its tests start has a database and keys of its own there.

Without TEST_DATABASE_URL and TEST_REDIS_URL nothing is lent: portals live in their folders alone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path
from typing import Any

REDIS_URL = os.environ.get("TEST_REDIS_URL", "")
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
SERVER, _, LENT = DATABASE_URL.rpartition("/")
BEGINNING = f"{LENT}_portal_"


def name_of(folder: Path) -> str:
    """What the database and the keys of the portal that lives in `folder` are called."""
    return BEGINNING + sha1(str(folder).encode(), usedforsecurity=False).hexdigest()[:16]


def addresses(folder: Path) -> dict[str, str]:
    """The variables that tell the portal that lives in `folder` where its database and its broker are."""
    name = name_of(folder)
    return {
        "DATABASE_URL": f"{SERVER}/{name}" if DATABASE_URL else "",
        "REDIS_URL": REDIS_URL,
        "REDIS_PREFIX": name,
    }


def make_database(folder: Path, like: Path | None = None) -> None:
    """Make the database of the portal that lives in `folder`: empty, or a copy of one that nobody is connected to."""
    if not DATABASE_URL:
        return
    with _cursor() as cursor:
        _drop(cursor, name_of(folder))
        cursor.execute(f"CREATE DATABASE {name_of(folder)}" + (f" TEMPLATE {name_of(like)}" if like else ""))


def forget(folder: Path) -> None:
    """Drop what the portal that lived in `folder` left on the servers."""
    if DATABASE_URL:
        with _cursor() as cursor:
            _drop(cursor, name_of(folder))
    forget_keys(f"{name_of(folder)}:")


def forget_all() -> None:
    """Drop what portals of this run, or of one that ended before its time, left on the servers."""
    if DATABASE_URL:
        with _cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [BEGINNING])
            for (name,) in cursor.fetchall():
                _drop(cursor, name)
    forget_keys(BEGINNING)


@contextmanager
def _cursor() -> Iterator[Any]:
    import psycopg2

    connection = psycopg2.connect(DATABASE_URL)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def forget_keys(beginning: str) -> None:
    """Delete the keys of the lent Redis that begin so."""
    if not REDIS_URL:
        return
    import redis

    with redis.Redis.from_url(REDIS_URL) as server:
        if kept := list(server.scan_iter(f"{beginning}*")):
            server.delete(*kept)
