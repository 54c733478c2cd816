"""Two schedulers at one instant write one mail of the day."""

import itertools

import pytest
from django.db import connection
from django.db.models import QuerySet

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import channels, digests
from bethune_smartcity.notifications.models import Message
from calls import notices
from tests.factories.accounts import UserFactory
from tests.racing import meet_before, racing, together

from .test_channels import choose, remind

pytestmark = racing


def run_two(monkeypatch):
    """Two schedulers that both found the same reader; the mails of the day there are then."""
    reader = UserFactory()
    choose(reader, "daily", notices.REMINDERS)
    message = remind(reader, days=30)
    at = channels.next_hour(clock.now())
    Message.objects.filter(pk=message.pk).update(state="gathered")
    meet_before(monkeypatch, digests, "_mail")

    def scheduler():
        with clock.at(at):
            return digests.plan(at)

    counts = together(scheduler, scheduler)
    message.refresh_from_db()
    assert message.state == "shown"
    return sum(counts), Message.objects.filter(kind=digests.DIGEST).count()


def test_two_schedulers_write_one_mail(monkeypatch):
    assert run_two(monkeypatch) == (1, 1)


def test_without_the_guards_they_write_two(monkeypatch):
    """The control: neither the lock nor the key that both would write."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: SQLite is a guard of its own")
    numbers = itertools.count()
    monkeypatch.setattr(digests, "_key", lambda reader, _day: f"{digests.DIGEST}:{reader}:{next(numbers)}")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows.all())
    assert run_two(monkeypatch) == (2, 2)
