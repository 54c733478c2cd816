"""What is acknowledged is on the disk, whatever the engine."""

import sqlite3

import pytest
from django.db import connection

from bethune_smartcity.settings.base import database

FULL = 2


def test_sqlite_flushes_each_transaction(tmp_path):
    options = database(f"sqlite:///{tmp_path / 'portal.sqlite3'}")["default"]["OPTIONS"]
    with sqlite3.connect(tmp_path / "portal.sqlite3") as opened:
        opened.executescript(options["init_command"])
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert opened.execute("PRAGMA synchronous").fetchone() == (FULL,)


@pytest.mark.django_db
def test_the_database_in_use_acknowledges_nothing_it_may_lose():
    ask, durable = {
        "sqlite": ("PRAGMA synchronous", FULL),
        "postgresql": ("SHOW synchronous_commit", "on"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(ask)
        assert cursor.fetchone() == (durable,)
