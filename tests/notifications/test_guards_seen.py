"""The guards on a message's way, each seen to hold and, taken away, seen to go wrong: a worker that dies once the
server took the text, a scheduler stopped for two days, a mail server away for an hour.

Elsewhere, with their own controls: dead workers and no rounds (`journeys/test_worker.py`), two schedulers at once
(`test_two_schedulers.py`), a reminder of a date that is past (`test_delivery.py`).
"""

from collections import Counter
from datetime import timedelta
from email.utils import make_msgid

import pytest
from django.core.mail.backends import base

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import delivery
from bethune_smartcity.notifications.delivery import STUCK_AFTER
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from calls.operations import ladders
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory, draft

from .leaving import waiting_message

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Died(BaseException):
    """A worker was killed: nothing it would have done next happens."""


class Server(base.BaseEmailBackend):
    """A mail server of tests, which lets nobody in while it `is_away`."""

    is_away, calls, taken = False, 0, []

    def open(self):
        Server.calls += 1
        if Server.is_away:
            raise ConnectionRefusedError("nobody there")

    def send_messages(self, mails):
        Server.taken += mails
        return len(mails)


@pytest.fixture(autouse=True)
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    for name, value in {"is_away": False, "calls": 0, "taken": []}.items():
        monkeypatch.setattr(Server, name, value)
    return Server


# --- A worker that dies between the server's yes and our stamp ---


def die(*_given, **_columns):
    raise Died


@pytest.mark.parametrize("is_kept", [True, False], ids=["guarded", "control"])
def test_the_copy_that_a_dead_worker_leaves_behind_carries_the_name_of_the_first(server, monkeypatch, is_kept):
    """The control: named anew at each attempt, the two are told apart by whoever looks, this test among them."""
    if not is_kept:
        monkeypatch.setattr(delivery, "message_id", lambda _message: make_msgid())
    call, start = CallFactory(closes_at=clock.now() + 20 * DAY), clock.now()
    with clock.at(start):
        message = waiting_message(draft(call), start)
        with monkeypatch.context() as killed:
            killed.setattr(delivery, "_settle", die)
            with pytest.raises(Died):
                sweep()
    message.refresh_from_db()
    assert (message.state, len(server.taken)) == ("claimed", 1), "the server has it and the row does not say so"
    with clock.at(start + STUCK_AFTER + MINUTE):
        sweep()
        sweep()
    message.refresh_from_db()
    copies = [mail for mail in server.taken if mail.to == [message.address]]
    assert (message.state, len(copies)) == ("sent", 2)
    assert copies[0].body == copies[1].body
    names = [mail.extra_headers["Message-ID"] for mail in copies]
    assert (len(set(names)) == 1) == is_kept
    assert (delivery.key_in(names[1]) == message.pk) == is_kept


# --- A scheduler stopped for two days, then the mail server away for an hour ---


def every_step_missed(_ladder, due, _missed_since, until):
    """Without the rule that only the nearest of the steps missed is written."""
    return sum(ladders._write(_ladder, step, until) for step in due if not step.target.is_over)


def whatever_the_date(_ladder, due, _missed_since, until):
    """Without the rule that nothing is written of a date that is past."""
    return ladders._write(_ladder, due[-1], until)


def due_exactly_now(_ladder, due, _missed_since, until):
    """Without the rule "due and not yet written": only what came due within the last minutes."""
    fresh = [step for step in due if until - step.at < 10 * MINUTE and not step.target.is_over]
    return ladders._write(_ladder, fresh[-1], until) if fresh else 0


def outage(server):
    """Drafts to remind, and others whose call closes meanwhile: nothing goes round for two days, then nobody takes mail
    for an hour. How many reminders each of the first got, and how many the others were written.
    """
    closes = clock.now() + 60 * DAY
    call = CallFactory(opens_at=clock.now() - 30 * DAY, closes_at=closes)
    over = CallFactory(opens_at=clock.now() - 30 * DAY, closes_at=closes - 5 * HOUR)
    people = [owner_of(draft(call, StructureFactory()).structure).email for _n in range(3)]
    late = [owner_of(draft(over, StructureFactory()).structure).email for _n in range(2)]
    # One goes round each day until the step of seven days: what is due since is due while nothing does.
    for moment in (30 * DAY, 7 * DAY, 2 * DAY + 3 * HOUR):
        with clock.at(closes - moment):
            sweep()
    before = Message.objects.latest("pk").pk
    server.taken.clear()
    server.is_away, moment = True, closes - 2 * HOUR - 30 * MINUTE
    while moment < closes - 90 * MINUTE:
        with clock.at(moment):
            sweep()
        moment += 5 * MINUTE
    assert server.calls
    assert not server.taken
    server.is_away = False
    while moment < closes - HOUR:
        with clock.at(moment):
            sweep()
        moment += 5 * MINUTE
    got = Counter(mail.to[0] for mail in server.taken)
    return [got[one] for one in people], Message.objects.filter(pk__gt=before, address__in=late).count()


def test_each_is_reminded_once_and_nobody_of_a_date_that_is_past(server):
    assert outage(server) == ([1, 1, 1], 0)


@pytest.mark.parametrize(
    ("climb", "seen"),
    [
        (every_step_missed, ([3, 3, 3], 0)),
        (whatever_the_date, ([1, 1, 1], 2)),
        (due_exactly_now, ([0, 0, 0], 0)),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_without_the_guards_of_the_planner_it_goes_wrong(server, monkeypatch, climb, seen):
    """The controls: reminded of each step missed, written of a date that is past, or forgotten."""
    monkeypatch.setattr(ladders, "_climb", climb)
    assert outage(server) == seen


def test_without_what_tells_a_server_away_from_a_mail_refused_all_are_lost(server, monkeypatch):
    """The control: an hour without the server counts as a refusal."""
    monkeypatch.setattr(delivery, "strikes_of", lambda _fault: 0)
    monkeypatch.setattr(delivery, "refusal_of", lambda _fault: "550 gone")
    assert outage(server) == ([0, 0, 0], 0)
    assert Message.objects.filter(state="failed").count() == 3


def test_without_the_stamp_each_round_sends_it_again(server, monkeypatch):
    """The control: a row that never says it has left is taken again once its claim is old."""
    monkeypatch.setattr(delivery, "_settle", lambda _message, **_columns: None)
    got, _late = outage(server)
    assert min(got) > 1
