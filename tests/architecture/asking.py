"""Asking the scene's addresses, and what the table of answers expects of them.

The answers stand in answers.txt: an address, then what GET and what an empty POST answer to each persona of
tests.scene.PERSONAS. One word stands for all, two for the anonymous visitor and everyone else. "in" leads to the
sign-in page; "200/404" is either of them (the back office, whose pages have their own tests).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction

from bethune_smartcity.core import clock
from tests.scene import PERSONAS, Scene, build, routes

ROUTES = sorted(set(routes()))
METHODS = ("get", "post")
# Where everyone gets the same answer, these speak for all.
FEW = ("anonymous", "owner", "agent")
# The back office's pages, one for each table and act, have their own tests.
BACK_OFFICE = "admin/*"


@contextmanager
def built_once(django_db_blocker) -> Iterator[Scene]:
    """The scene for a module of tests; what a request changes is undone after it, the scene itself in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@cache
def table():
    """Each address, or pattern of addresses, with the answers to GET and to POST."""
    lines = (Path(__file__).parent / "answers.txt").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if line.strip() and not line.startswith("#")]
    return {route.strip(): dict(zip(METHODS, map(spread, answers), strict=True)) for route, *answers in rows}


def spread(words):
    """The answer to each persona."""
    cells = words.split()
    if len(cells) < 3:
        cells = [cells[0], *[cells[-1]] * (len(PERSONAS) - 1)]
    assert len(cells) == len(PERSONAS), words
    return dict(zip(PERSONAS, cells, strict=True))


def expected(route):
    """The row of an address, or of the pattern of the back office it follows; None when there is none."""
    found = [row for pattern, row in table().items() if route == pattern]
    patterns = [row for pattern, row in table().items() if "*" in pattern and fnmatchcase(route, pattern)]
    return next(iter(found + patterns), None)


def params(routes):
    """Routes to parametrise by; those of the back office's tables, one like the other, make long tests."""
    return [pytest.param(one, marks=pytest.mark.long if is_back_office(one) else []) for one in routes]


def is_back_office(route):
    """Whether it is one of the many pages that follow the back office's one row of the table."""
    return expected(route) is table()[BACK_OFFICE]


def ask(scene, persona, method, path, data=None, look=None):
    """The answer to one request at the scene's own instant, and what `look()` sees after it; its effects are undone."""
    with transaction.atomic(), clock.at(scene.moment):
        answer = getattr(scene.client(persona), method)(path, data or {})
        if answer.streaming:
            b"".join(answer.streaming_content)
        seen = look() if look else None
        transaction.set_rollback(True)
    return answer, seen


def told(answer):
    """The answer as the table writes it."""
    if answer.status_code == 302 and answer["Location"].startswith(("/connexion/?", "/admin/login/")):
        return "in"
    return str(answer.status_code)
