"""The ladders of payments: who is to act is told as the day comes near, and nobody else."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.serving import still_serving
from bethune_smartcity.notifications.tasks import sweep
from calls.models import CallAgent
from projects.models import Payment
from projects.operations import incubation
from projects.operations.reminders import morning_of
from tests.factories import projects as made
from tests.factories.accounts import join
from tests.factories.calls import agent_of

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ASKED, WAITS = "projects.payment_due", "projects.payment_waits"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def cast():
    """A project under way for two months, with everyone around it."""
    return made.cast(made.project(opened_at=clock.now() - 60 * DAY))


def told(kind):
    return Message.objects.filter(kind=kind).order_by("pk")


def readers(kind):
    return {message.recipient for message in told(kind)}


def rounds(payment, *moments):
    for moment in moments:
        with clock.at(morning_of(payment.due_on) + moment):
            sweep()
            sweep()
        yield told(ASKED).count(), told(WAITS).count()


def test_a_month_a_week_and_the_day_itself_the_team_is_told_to_request_it(cast):
    payment = made.payment(cast.project, days=40, amount="1500")
    counts = [*rounds(payment, -31 * DAY, -30 * DAY, -7 * DAY, -HOUR, 0 * DAY, DAY)]
    assert counts == [(0, 0), (2, 0), (4, 0), (4, 0), (6, 0), (6, 0)]
    assert readers(ASKED) == {cast["owner"], cast["editor"]}
    mail = told(ASKED).first()
    assert "Premier versement" in mail.subject
    assert "1,500" in mail.body
    client = Client()
    client.force_login(mail.recipient)
    assert client.get(mail.path).status_code == 200
    assert mail.body.split()[-1].endswith(mail.path)


def test_once_it_is_requested_the_agents_are_told_to_approve_it_from_then_on(cast):
    payment = made.payment(cast.project, days=40)
    incubation.request_payment(payment, by=cast["owner"])
    assert [*rounds(payment, -7 * DAY, 0 * DAY)] == [(0, 1), (0, 2)]
    assert readers(WAITS) == {cast["agent"]}
    assert told(WAITS).first().path.endswith("/approve/")
    with clock.at(morning_of(payment.due_on) + HOUR):
        incubation.approve_payment(payment, by=cast["agent"])
        assert not still_serving(list(told(WAITS)), clock.now())


def test_what_waits_for_a_step_is_not_asked_for_before_the_step_is_accepted(cast):
    step = made.milestone(cast.project, days=50, state="reported")
    payment = made.payment(cast.project, days=40, step=step)
    assert [*rounds(payment, -30 * DAY)] == [(0, 0)]
    with clock.at(morning_of(payment.due_on) - 20 * DAY):
        incubation.accept_milestone(step, by=cast["agent"])
    assert [*rounds(payment, -19 * DAY, -7 * DAY)] == [(0, 0), (2, 0)]


def test_after_an_outage_one_reminder_leaves_and_the_others_are_let_go(cast):
    payment = made.payment(cast.project, days=40)
    assert [*rounds(payment, -31 * DAY, 2 * DAY)] == [(0, 0), (2, 0)]
    lines = JournalEntry.objects.filter(verb="drop_reminder", subject_id=str(payment.pk))
    assert {line.data["rung"] for line in lines} == {"30d", "7d"}
    assert not told(ASKED).filter(expires_at__isnull=False)


@pytest.mark.parametrize("state", ["approved", "paid", "cancelled"])
def test_nobody_is_told_of_a_payment_that_waits_for_nobody(cast, state):
    payment = made.payment(cast.project, days=7, state=state)
    assert [*rounds(payment, 0 * DAY)] == [(0, 0)]


def test_nor_of_one_without_a_day_or_of_a_project_that_was_stopped(cast):
    made.payment(cast.project)
    over = made.project(state="stopped", opened_at=clock.now() - 60 * DAY)
    join(over.structure, Membership.Role.OWNER)
    payment = made.payment(over, days=7)
    assert [*rounds(payment, 0 * DAY)] == [(0, 0)]


def test_a_day_that_moves_takes_its_reminders_along(cast):
    payment = made.payment(cast.project, days=20)
    with clock.at(morning_of(payment.due_on) - 7 * DAY):
        sweep()
        assert told(ASKED).count() == 2
        incubation.date_payment(payment, payment.due_on + 10 * DAY, by=cast["agent"])
        assert not still_serving(list(told(ASKED)), clock.now())
    assert [*rounds(payment, -8 * DAY, -7 * DAY, 0 * DAY)] == [(2, 0), (4, 0), (6, 0)]
    line = JournalEntry.objects.get(verb="date_payment")
    assert line.data["after"] == payment.due_on.isoformat()


def test_what_is_held_back_or_called_off_of_them_stays_so_even_when_it_has_no_day_for_a_while(cast):
    payment = made.payment(cast.project, days=40)
    agent = cast["agent"]

    def coming():
        found = foresee(agent, clock.now(), clock.now() + 366 * DAY)
        return {one.sending.rung.code: one for one in (each.handle for each in found) if one.sending.subject == payment}

    coming()["30d"].hold(by=agent)
    coming()["7d"].cancel(by=agent)
    incubation.date_payment(payment, None, by=agent)
    incubation.date_payment(payment, clock.today() + 50 * DAY, by=agent)
    assert set(coming()) == {"30d", "0d"}
    assert [*rounds(payment, -30 * DAY, -7 * DAY, 0 * DAY)] == [(0, 0), (0, 0), (2, 0)]


def test_who_may_give_a_payment_a_day_and_which(cast):
    payment = made.payment(cast.project)
    soon = clock.today() + 9 * DAY
    for name in ("owner", "mentor", "partner", "conflicted agent", "agent elsewhere", "administrator"):
        with pytest.raises(Forbidden):
            incubation.date_payment(payment, soon, by=cast[name])
    with pytest.raises(Invalid):
        incubation.date_payment(payment, clock.today() - 90 * DAY, by=cast["agent"])
    incubation.date_payment(payment, soon, by=cast["agent"])
    assert Payment.objects.get(pk=payment.pk).due_on == soon
    paid = made.payment(cast.project, state="paid")
    with pytest.raises(Conflict):
        incubation.date_payment(paid, soon, by=cast["agent"])


def test_the_day_is_given_on_the_form_shown_on_the_pages_and_changed_in_the_back_office(cast):
    client, day = Client(), clock.today() + 9 * DAY
    client.force_login(cast["agent"], backend="django.contrib.auth.backends.ModelBackend")
    typed = {"label": "First half", "amount": "100", "milestone": "", "due_on": day.isoformat()}
    assert client.post(f"/en/gestion/projets/{cast.project.slug}/versements/", typed).status_code == 302
    payment = Payment.objects.get()
    assert payment.due_on == day
    assert "planned for" in client.get(f"/en/projets/{cast.project.slug}/suivi/").content.decode()
    change = f"/admin/projects/payment/{payment.pk}/change/"
    assert client.post(change, {"due_on": (day + DAY).isoformat()}).status_code == 302
    payment.refresh_from_db()
    assert payment.due_on == day + DAY


def test_who_follows_the_projects_foresees_whom_it_goes_to(cast):
    made.payment(cast.project, days=40)
    asked = made.payment(cast.project, days=40, state="requested")

    def planned(user):
        ahead = foresee(user, clock.now(), clock.now() + 99 * DAY)
        return sorted((str(one.what), one.to) for one in ahead if "payment" in str(one.what))

    call = cast.project.award.call
    agent_of(call, CallAgent.Right.FOLLOW)
    approve, request = ("A payment is to be approved", "2 people"), ("A payment is to be requested", "2 people")
    assert planned(cast["agent"]) == [approve] * 3 + [request] * 3
    assert not planned(cast["conflicted agent"])
    assert not planned(cast["screener"])
    Payment.objects.filter(pk=asked.pk).update(state="approved")
    assert planned(cast["agent"]) == [request] * 3


def test_foresight_asks_no_more_with_more_payments(cast):
    def statements():
        ContentType.objects.clear_cache()
        ContentType.objects.get_for_model(Payment)
        with CaptureQueriesContext(connection) as asked:
            assert list(foresee(cast["agent"], clock.now(), clock.now() + 99 * DAY))
        return len(asked)

    for state in ("planned", "requested"):
        made.payment(cast.project, days=40, state=state)
    once = statements()
    for _n in range(4):
        made.payment(cast.project, days=50)
    assert statements() == once
