"""How many statements a page runs, and how many rows the heaviest of them reads."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

from .jobs import Job, at_step

# What PostgreSQL asks for one look into an index: two pages at random. A scan it prices below reads a table of a few
# pages, which it prefers to any index; with more rows it prefers the index.
ONE_LOOK = 8.0
COUNTS = re.compile(r"^SELECT COUNT\(", re.IGNORECASE)


class Counter:
    """Runs inside Django's execute wrapper: keeps each statement with its parameters."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen.append((sql, params))
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Counter]:
    counter = Counter()
    with connection.execute_wrapper(counter):
        yield counter


def visit(client: Client, job: Job, step: int) -> Any:
    fields = at_step(job.fields, step)
    if fields is None:
        response = client.get(job.path)
        return b"".join(response.streaming_content) if response.streaming else response.content
    return client.post(job.path, fields).content


def signed_in(session: str | None) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    if session:
        client.cookies["sessionid"] = session
    return client


def rows_read(sql: str, params: Any) -> int:
    """Rows a SELECT touches: from the plan on PostgreSQL; on SQLite, the rows it returns."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
            return _touched((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
        cursor.execute(sql, params)
        return len(cursor.fetchall())


def _touched(node: dict[str, Any]) -> int:
    """The largest number of rows one node of a plan reads from a table or an index, those it drops included.

    Set aside: what a plain aggregate reads, counted and not shown, like the pager's count; a scan below ONE_LOOK.
    """
    if node["Node Type"] == "Aggregate" and node["Strategy"] == "Plain":
        return 0
    if node["Node Type"] == "Seq Scan" and node["Total Cost"] < ONE_LOOK and "Plans" not in node:
        return 0
    here = 0
    if "Relation Name" in node or "Index Name" in node:
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        here = int(read * node["Actual Loops"])
    return max([here, *(_touched(child) for child in node.get("Plans", []))])


def measure(job: Job, session: str | None) -> tuple[int, int]:
    """(statements, rows read by the heaviest page statement) of one visit after a first one that warms caches."""
    client = signed_in(session)
    visit(client, job, 0)
    with counted() as counter:
        visit(client, job, 1)
    statements = [s for s in counter.seen if not s[0].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    reads = [s for s in statements if s[0].lstrip().upper().startswith("SELECT") and not COUNTS.match(s[0])]
    heaviest = max((rows_read(*s) for s in reads if "FOR UPDATE" not in s[0]), default=0)
    return len(statements), heaviest
