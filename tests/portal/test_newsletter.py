"""Whoever follows the news is told of an article once it is public, in their language, once."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.notifications import following
from bethune_smartcity.notifications.models import Message, Subscription
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.tasks import sweep
from bethune_smartcity.portal.operations import news
from pillars.models import Pillar
from tests.factories.accounts import UserFactory
from tests.factories.news import article

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def follower(*wishes, **who):
    person = UserFactory(**who)
    following.follow(wishes, by=person)
    Subscription.objects.filter(user=person).update(confirmed_at=clock.now() - 60 * DAY)
    return person


def told(person):
    return list(Message.objects.filter(recipient=person, kind="portal.newsletter"))


def sweeps():
    """Two minutes: what became public is found in one, and told in the next at the latest."""
    sweep()
    sweep()


@pytest.fixture
def mobility():
    return Pillar.objects.get(slug="mobilite-transport")


def test_an_article_is_told_to_those_who_follow_its_theme_or_all_the_news(mobility):
    everything, theme = follower(("portal.news", 0)), follower(("portal.news", mobility.pk))
    other = follower(("portal.news", Pillar.objects.exclude(pk=mobility.pk).first().pk), ("calls.opening", 0))
    article("mobilite", title_fr="Un bus de plus")
    sweeps()
    for person in (everything, theme):
        (message,) = told(person)
        assert message.subject == "Un bus de plus"
        assert message.stop_path
    assert not told(other)


def test_nobody_is_told_before_its_instant_nor_of_what_was_taken_back(mobility):
    person = follower(("portal.news", 0))
    at = clock.now() + DAY
    planned = article("mobilite", planned=at)
    withdrawn = article("mobilite", planned=at)
    sweeps()
    assert not told(person)
    news.withdraw(withdrawn, reason="Too early.", by=SYSTEM)
    with clock.at(at):
        sweeps()
    (message,) = told(person)
    assert planned.slug in message.body


def test_the_letter_is_in_its_reader_s_language_and_falls_back():
    german, dutch = follower(("portal.news", 0), language="de"), follower(("portal.news", 0), language="nl")
    article(title_fr="Une nouvelle", title_de="Eine Nachricht")
    sweeps()
    assert told(german)[0].subject == "Eine Nachricht"
    assert told(dutch)[0].subject == "Une nouvelle"
    assert "/de/actualites/" in told(german)[0].body


def test_old_news_is_told_to_nobody():
    person = follower(("portal.news", 0))
    article(at=clock.now() - 31 * DAY)
    sweeps()
    assert not told(person)


def test_an_article_held_back_stays_so_when_it_is_planned_for_another_instant(mobility):
    person = follower(("portal.news", 0))
    planned = article("mobilite", planned=clock.now() + DAY)
    [one] = foresee(SYSTEM, clock.now(), clock.now() + 9 * DAY)
    one.handle.hold(by=SYSTEM)
    news.withdraw(planned, reason="A doubt.", by=SYSTEM)
    news.publish(planned, by=SYSTEM, at=clock.now() + 3 * DAY)
    [one] = foresee(SYSTEM, clock.now(), clock.now() + 9 * DAY)
    assert one.is_held
    with clock.at(clock.now() + 4 * DAY):
        sweeps()
        assert not told(person)
        [one] = foresee(SYSTEM, clock.now(), clock.now() + 9 * DAY)
        one.handle.release(by=SYSTEM)
        sweeps()
        assert len(told(person)) == 1
