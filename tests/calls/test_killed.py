"""The server killed at any moment: what it acknowledged is there, and nothing is half done.

A process of its own carries out each act and is killed (SIGKILL) before its first statement, before its second, and
so on, before and after each commit, until it gets through.
"""

import os
import signal
import time
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.models import Call, Question, Submission
from calls.operations import submissions
from tests.factories.accounts import owner_of
from tests.factories.calls import PDF, CallFactory, draft, pdf, questions_of
from tests.racing import racing

pytestmark = racing
DECLARED = {"mandate": "on", "truth": "on", "rules": "on"}
# An act has fewer moments than this, and a process that ends by itself takes less (seconds).
MOST_MOMENTS, PATIENCE = 150, 60


class Moments:
    """Kills this very process at the moment of that number: before a statement, before or after a commit."""

    def __init__(self, last):
        self.left = last

    def pass_one(self):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def statement(self, execute, *given):
        self.pass_one()
        return execute(*given)

    def watch(self, act):
        commit = connection._commit

        def committing():
            self.pass_one()
            commit()
            self.pass_one()

        connection._commit = committing
        with connection.execute_wrapper(self.statement):
            return act()


def killed_at(moment, act):
    """Carry out `act` in a process that is killed at that moment. Returns whether it was acknowledged: it got through.

    The process ends by its own hand or by this one's, and touches no other.
    """
    connection.close()
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if Moments(moment).watch(act).status_code < 400:
                os.write(said, b"k")
        finally:
            os._exit(0)
    os.close(said)
    until = time.monotonic() + PATIENCE
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)
    with os.fdopen(heard, "rb") as pipe:
        return pipe.read() == b"k"


class Desk:
    """A draft as its owner writes it, complete, with a document, in a portal that keeps files on disk."""

    def __init__(self):
        call = CallFactory()
        Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan", required=False)
        self.draft = draft(call, complete=True)
        asked = {question.kind: question for question in questions_of(call)}
        self.text, self.plan = asked["long"], asked["file"]
        self.owner = owner_of(self.draft.structure)
        self.client = Client()
        self.client.force_login(self.owner)
        # What a server has read at its first requests, so that each process has it from the start.
        self.client.get(reverse("calls:check", kwargs={"pk": self.draft.pk}))
        self.write("Kept before.")
        self.send("before.pdf")

    def post(self, name, data):
        return self.client.post(reverse(f"calls:{name}", kwargs={"pk": self.draft.pk}), data)

    def write(self, value):
        field = self.text.field_name
        return self.post("autosave", {"field": field, field: value})

    def send(self, name):
        field = self.plan.field_name
        return self.post("autosave", {"field": field, field: pdf(name)})

    def submit(self):
        return self.post("submit", DECLARED)

    def written(self):
        answer = self.draft.answers.get(question=self.text)
        return answer.value

    def sent(self):
        """The name of the one document there is, once all of it was read."""
        stored = self.draft.attachments.get().file
        with default_storage.open(stored.blob.name) as content:
            assert content.read() == PDF
        return stored.name

    def halves(self):
        """What of the submission is there: all of it, or nothing."""
        kept = Submission.objects.get(pk=self.draft.pk)
        about = {"about_id": str(kept.pk)}
        return {
            "state": kept.state == "submitted",
            "number": kept.number is not None,
            "instant": kept.submitted_at is not None,
            "version": kept.versions.exists(),
            "journal": JournalEntry.objects.filter(subject_id=str(kept.pk), verb="submit").exists(),
            "receipt": Message.objects.filter(kind="calls.receipt", **about).exists(),
            "counted": Call.objects.get(pk=kept.call_id).last_number == 1,
        }


@pytest.fixture
def desk(tmp_path, settings):
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = configured.STORAGES | {"default": disk}
    return Desk()


def through(act, check):
    """Kill at each moment until the act gets through; `check(acknowledged)` each time. Returns how many moments."""
    for moment in range(MOST_MOMENTS):
        acknowledged = killed_at(moment, lambda moment=moment: act(moment))
        check(moment, acknowledged)
        if acknowledged:
            return moment
    raise AssertionError("it never got through")


def test_a_save_that_was_acknowledged_is_there_and_one_that_was_not_is_whole_or_absent(desk):
    kept = desk.written()

    def check(moment, acknowledged):
        nonlocal kept
        value = f"Kept at moment {moment}."
        assert desk.written() in ([value] if acknowledged else [kept, value])
        kept = desk.written()

    assert through(lambda moment: desk.write(f"Kept at moment {moment}."), check) > 5
    assert killed_at(MOST_MOMENTS, lambda: desk.write("The last."))
    assert desk.written() == "The last."


def test_a_document_is_there_whole_or_the_former_one_is(desk):
    kept = desk.sent()

    def check(moment, acknowledged):
        nonlocal kept
        name = f"plan-{moment}.pdf"
        assert desk.sent() in ([name] if acknowledged else [kept, name])
        kept = desk.sent()

    assert through(lambda moment: desk.send(f"plan-{moment}.pdf"), check) > 5


def test_an_application_is_submitted_altogether_or_not_at_all(desk):
    for moment in range(MOST_MOMENTS):
        acknowledged = killed_at(moment, desk.submit)
        parts = desk.halves()
        assert len(set(parts.values())) == 1, parts
        assert not acknowledged or all(parts.values())
        if all(parts.values()):
            break
    assert moment > 10
    # Killed once it was in and before it was said: who tries again is told so, and nothing is in twice.
    assert not killed_at(MOST_MOMENTS, desk.submit)
    assert all(desk.halves().values())
    assert desk.draft.versions.count() == 1


def test_without_the_transaction_the_same_kill_leaves_half_of_one(desk, monkeypatch):
    monkeypatch.setattr(submissions, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows.all())
    found = []
    for moment in range(MOST_MOMENTS):
        acknowledged = killed_at(moment, desk.submit)
        found.append(len(set(desk.halves().values())))
        if acknowledged or 2 in found:
            break
    assert 2 in found
