"""A request counts from when it reached the server, however long its answer takes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from calls import invariants
from calls.instants import to_the_second
from calls.models import Submission
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, draft, submitted

pytestmark = pytest.mark.django_db

CLOSE = clock.paris(2027, 1, 13)
SECOND = timedelta(seconds=1)
DECLARED = {"mandate": "on", "truth": "on", "rules": "on"}
ARRIVAL = "bethune_smartcity.core.middleware.ArrivalMiddleware"


@pytest.fixture
def slow(monkeypatch):
    """Everything a request asks of the clock once it is in is answered five minutes after the close."""
    with clock.at(CLOSE - timedelta(days=20)):
        ready = draft(CallFactory(closes_at=CLOSE), complete=True)
    with clock.at(CLOSE - SECOND):
        monkeypatch.setattr(clock, "now", lambda: CLOSE + timedelta(minutes=5))
        yield ready


def hand_in(client, ready):
    client.force_login(owner_of(ready.structure))
    return client.post(reverse("calls:submit", kwargs={"pk": ready.pk}), DECLARED)


def test_a_slow_request_that_arrived_in_time_is_in_and_its_receipt_says_when(client, slow):
    assert hand_in(client, slow).status_code == 302
    kept = Submission.objects.get(pk=slow.pk)
    assert kept.submitted_at == CLOSE - SECOND
    page = client.get(reverse("calls:receipt", kwargs={"pk": slow.pk})).content.decode()
    assert to_the_second(CLOSE - SECOND) in page
    assert not list(invariants.nobody_late_is_in())


def test_without_the_door_the_same_request_is_late(client, slow, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != ARRIVAL]
    assert hand_in(client, slow).status_code == 409
    assert Submission.objects.get(pk=slow.pk).is_draft


def test_the_door_stands_before_everything_that_may_wait(settings):
    assert settings.MIDDLEWARE[0] == ARRIVAL


def test_the_instant_is_kept_for_one_request_alone():
    with clock.at(CLOSE), clock.arriving():
        assert clock.arrived() == CLOSE
        with clock.at(CLOSE + SECOND):
            assert clock.arrived() == CLOSE + SECOND
        assert clock.arrived() == CLOSE
    with clock.at(CLOSE + SECOND):
        assert clock.arrived() == CLOSE + SECOND


def test_the_clock_of_a_demonstration_moves_the_arrival_as_well():
    try:
        with clock.arriving():
            clock.shift(timedelta(days=100))
            assert abs(clock.arrived() - clock.now()) < timedelta(minutes=1)
    finally:
        clock.shift(timedelta(0))


def test_what_came_in_during_the_grace_prints_its_true_instant_and_is_not_late(client):
    call = CallFactory(closes_at=CLOSE, opens_at=CLOSE - timedelta(days=30), grace_minutes=2)
    with clock.at(CLOSE - timedelta(days=1)):
        ready = draft(call, complete=True)
    with clock.at(CLOSE + timedelta(seconds=90)):
        assert hand_in(client, ready).status_code == 302
        page = client.get(reverse("calls:receipt", kwargs={"pk": ready.pk})).content.decode()
    assert to_the_second(CLOSE + timedelta(seconds=90)) in page
    assert not list(invariants.nobody_late_is_in())


def test_an_application_that_came_in_after_all_of_it_is_named_by_the_check():
    done = submitted()
    late = done.call.closes_at + timedelta(minutes=1)
    Submission.objects.filter(pk=done.pk).update(submitted_at=late)
    assert len(list(invariants.nobody_late_is_in())) == 1
    Submission.objects.filter(pk=done.pk).update(extended_until=late + SECOND, extension_reason="A failure.")
    assert not list(invariants.nobody_late_is_in())
