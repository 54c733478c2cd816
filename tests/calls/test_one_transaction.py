"""What one request of an applicant costs the disk: one transaction that writes, and nothing written outside it.

Messages leave later, from the worker: here nobody wakes it.
"""

import struct
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from bethune_smartcity.celery import WakeUpTask
from calls.models import Answer, Question, Submission
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, draft, pdf, questions_of
from tests.racing import racing

pytestmark = racing
DECLARED = {"mandate": "on", "truth": "on", "rules": "on"}
WRITES = ("INSERT", "UPDATE", "DELETE", "SELECT SETVAL")
FRAME_HEAD, LOG_HEAD = 24, 32


class Kept:
    """What reached the disk: each transaction that wrote, by the statements it wrote with, in order."""

    def __init__(self):
        self.transactions, self.open = [], []

    def statement(self, execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if sql.upper().startswith(WRITES) or "FOR UPDATE" in sql.upper():
            self.open.append(sql)
            if not connection.in_atomic_block:
                self.end()
        return done

    def end(self):
        self.transactions += [self.open] if self.open else []
        self.open = []


@contextmanager
def kept(monkeypatch):
    seen, commit = Kept(), connection._commit

    def committing():
        seen.end()
        commit()

    monkeypatch.setattr(connection, "_commit", committing)
    with connection.execute_wrapper(seen.statement):
        yield seen


def commits_in_the_log():
    """How many transactions the write-ahead log of SQLite holds: the last frame of each says how large the file is."""
    log = Path(f"{connection.settings_dict['NAME']}-wal").read_bytes()
    (page,) = struct.unpack(">I", log[8:12])
    sizes = (struct.unpack(">I", log[at + 4 : at + 8])[0] for at in range(LOG_HEAD, len(log), FRAME_HEAD + page))
    return sum(size > 0 for size in sizes)


class Desk:
    """A complete draft with a document asked for, and its owner in a browser that has opened it."""

    def __init__(self):
        call = CallFactory()
        Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan", required=False)
        self.draft = draft(call, complete=True)
        self.asked = {question.kind: question for question in questions_of(call)}
        self.client = Client()
        self.client.force_login(owner_of(self.draft.structure))
        self.client.get(reverse("calls:check", kwargs={"pk": self.draft.pk}))

    def post(self, name, data):
        return self.client.post(reverse(f"calls:{name}", kwargs={"pk": self.draft.pk}), data)

    def submit(self):
        return self.post("submit", DECLARED)

    def save(self):
        field = self.asked["long"].field_name
        return self.post("autosave", {"field": field, field: "Another text."})

    def send(self):
        field = self.asked["file"].field_name
        return self.post("autosave", {"field": field, field: pdf("plan.pdf")})


def wake_nobody(_task, *_given):
    """In place of what wakes the worker."""


ACTS = {"submit": (Desk.submit, Submission), "save": (Desk.save, Answer), "send": (Desk.send, Submission)}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_one_transaction_and_one_only_reaches_the_disk(act, monkeypatch):
    desk, (carry_out, model) = Desk(), ACTS[act]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    monkeypatch.setattr(WakeUpTask, "delay", wake_nobody)
    with kept(monkeypatch) as seen:
        assert carry_out(desk).status_code < 400
    assert len(seen.transactions) == 1, seen.transactions
    (written,) = seen.transactions
    assert any(model._meta.db_table in sql for sql in written)
    if connection.vendor == "sqlite":
        assert commits_in_the_log() == 1


def test_two_writes_outside_a_transaction_are_counted_as_two(monkeypatch):
    """The control: what the test above counts."""
    desk = Desk()
    with kept(monkeypatch) as seen:
        for title in ("One", "Two"):
            Submission.objects.filter(pk=desk.draft.pk).update(title=title)
    assert len(seen.transactions) == 2
