"""The portal for gunicorn, with a moment after each statement that writes, in which it may be killed.

With TORN=1 an application is written without a transaction, nor any row held: what a kill leaves then is half done.
"""

import os
import time
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import QuerySet

from bethune_smartcity.wsgi import application
from calls.operations import submissions

__all__ = ["application"]
# Seconds after each statement that writes.
MOMENT = 0.01
WRITES = ("INSERT", "UPDATE", "DELETE")


def slowly(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    done = execute(sql, params, many, context)
    if sql.startswith(WRITES):
        time.sleep(MOMENT)
    return done


def slow_down(connection: Any, **_told: Any) -> None:
    if slowly not in connection.execute_wrappers:
        connection.execute_wrappers.append(slowly)


connection_created.connect(slow_down)
if os.environ.get("TORN"):
    submissions.transaction = SimpleNamespace(atomic=nullcontext)  # type: ignore[assignment]
    QuerySet.select_for_update = lambda rows, **_options: rows.all()  # type: ignore[method-assign,assignment]
