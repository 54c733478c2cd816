"""What followers of calls are told: never before the public, once, and not beside what they are told as applicants."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import following
from bethune_smartcity.notifications.models import Broadcast, Message, Subscription
from bethune_smartcity.notifications.tasks import sweep
from calls.models import Call
from calls.operations import deadlines, publication
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory, draft

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FOLLOWED = ("calls.opens", "calls.published", "calls.date_moved")


def follower(*wishes, **who):
    person = UserFactory(**who)
    following.follow(wishes, by=person)
    Subscription.objects.filter(user=person).update(confirmed_at=clock.now() - 60 * DAY)
    return person


def told(person):
    return list(Message.objects.filter(recipient=person, kind__in=FOLLOWED).order_by("pk"))


def test_a_call_that_opens_is_told_to_those_who_follow_its_pillar_all_calls_or_itself():
    call = CallFactory(coming=True, title="Mobilité demain")
    pillar, other = call.pillars.first(), Pillar.objects.exclude(calls=call).first()
    told_to = [
        follower(("calls.opening", 0)),
        follower(("calls.opening", pillar.pk)),
        follower(("calls.call", call.pk)),
    ]
    left = follower(("calls.opening", other.pk), ("portal.news", 0))
    sweep()
    assert not Message.objects.exists()
    with clock.at(call.opens_at):
        sweep()
        sweep()
    for person in told_to:
        (message,) = told(person)
        assert "Mobilité demain" in message.subject
        assert call.slug in message.body
        assert message.stop_path
    assert not told(left)


def test_the_mail_names_the_pillars_and_the_close_in_the_reader_s_language():
    call = CallFactory(opens_at=clock.now() - DAY, closes_at=clock.paris(clock.today().year + 1, 1, 13))
    person = follower(("calls.opening", 0), language="de")
    sweep()
    (message,) = told(person)
    pillar = call.pillars.first()
    assert f"Säulen: {pillar.name_de}" in message.body
    assert "<" not in message.body
    assert "12.\u00a0Januar" in message.body
    assert "23:59" in message.body


def test_a_call_in_preparation_is_told_to_nobody_until_it_is_announced():
    person = follower(("calls.opening", 0))
    agent = AgentFactory()
    call = CallFactory(draft=True, agent=agent, opens_at=clock.now() - DAY)
    sweep()
    assert not told(person)
    assert not Broadcast.objects.exists()
    publication.announce(call, by=agent)
    sweep()
    assert len(told(person)) == 1


def test_who_follows_after_the_opening_is_not_told_of_it():
    call = CallFactory(opens_at=clock.now() - DAY)
    person = UserFactory()
    following.follow([("calls.opening", 0)], by=person)
    sweep()
    assert not told(person)
    assert Broadcast.objects.filter(kind="calls.opens", subject_id=str(call.pk), ended_at__isnull=False).exists()


def test_results_are_told_at_their_hour_and_not_before():
    call = CallFactory(closed=True)
    person = follower(("calls.call", call.pk))
    hour = clock.now() + DAY
    Call.objects.filter(pk=call.pk).update(results_at=hour)
    with clock.at(hour - timedelta(seconds=1)):
        sweep()
        assert not told(person)
        assert not Broadcast.objects.filter(kind="calls.published").exists()
    with clock.at(hour):
        sweep()
        sweep()
    (message,) = told(person)
    assert message.kind == "calls.published"


def test_results_of_long_ago_are_no_news():
    call = CallFactory(closed=True, results_at=clock.now() - 40 * DAY)
    person = follower(("calls.call", call.pk))
    sweep()
    assert not told(person)


def test_a_deadline_that_moves_is_told_once_to_followers_and_applicants_alike():
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    applicant = owner_of(draft(call).structure)
    following.follow([("calls.call", call.pk)], by=applicant)
    following.ask(applicant.email.upper(), [("calls.call", call.pk)], language="fr")
    person = follower(("calls.call", call.pk), language="de")
    elsewhere = follower(("calls.opening", 0))
    deadlines.move_deadline(call, "closes_at", call.closes_at + 7 * DAY, reason="More time", by=agent)
    sweep()
    sweep()
    (message,) = [one for one in told(person) if one.kind == "calls.date_moved"]
    assert "More time" in message.body
    assert "neuer Bewerbungsschluss" in message.subject
    about_dates = Message.objects.filter(kind__in=("calls.moved", "calls.date_moved"))
    assert sorted(about_dates.values_list("kind", "recipient")) == sorted(
        [("calls.moved", applicant.pk), ("calls.date_moved", person.pk)]
    )
    assert not about_dates.filter(recipient=elsewhere).exists()


def test_a_date_that_only_applicants_live_by_is_not_told_to_followers():
    agent = AgentFactory()
    call = CallFactory(agent=agent, questions_until=clock.now() + DAY)
    follower(("calls.call", call.pk))
    deadlines.move_deadline(call, "questions_until", clock.now() + 2 * DAY, reason="More time", by=agent)
    assert not Broadcast.objects.filter(kind="calls.date_moved").exists()
