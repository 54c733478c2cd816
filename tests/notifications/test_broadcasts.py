"""Followers are told in batches, once each, in their language, with a way out in every mail."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import broadcasts, following, kinds
from bethune_smartcity.notifications.broadcasts import Bulletin, register_bulletin, tell_followers, write_due
from bethune_smartcity.notifications.forgetting import followers_told_in_time
from bethune_smartcity.notifications.holders import KEY_MARK, holder_of, key_of_holder
from bethune_smartcity.notifications.kinds import Kind, register_kind
from bethune_smartcity.notifications.models import Broadcast, Message, Subscription
from bethune_smartcity.notifications.operations import replaying
from bethune_smartcity.notifications.tasks import sweep
from calls.models import CallAgent
from pillars.models import Pillar
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory
from tests.factories.news import article

pytestmark = pytest.mark.django_db
NEWS = ("portal.news", 0)
KIND = "tests.news"


@pytest.fixture(autouse=True)
def _bulletin(monkeypatch):
    """A bulletin about a call, to those who follow the news."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(broadcasts, "_bulletins", dict(broadcasts._bulletins))
    register_kind(Kind(KIND, "News", template="calls/emails/published", to_followers=True))
    register_bulletin(
        KIND,
        Bulletin(
            wishes=lambda call: [NEWS, *(("portal.news", pillar.pk) for pillar in call.pillars.all())],
            page=lambda call: ("calls:detail", {"slug": call.slug}),
            context=lambda call: {"call": call},
        ),
    )


def followers(number, wish=NEWS, language="fr", start=0):
    moment = clock.now()
    Subscription.objects.bulk_create(
        Subscription(
            topic=wish[0],
            about=wish[1],
            holder=holder_of(f"{start + n}@town.example"),
            address=f"{start + n}@town.example",
            language=language,
            confirmed_at=moment,
        )
        for n in range(number)
    )


def tell(call, **options):
    return tell_followers(KIND, subject=call, **options)


def test_each_follower_gets_one_mail_with_its_own_way_out():
    followers(3)
    tell(CallFactory())
    assert not Message.objects.exists()
    assert sweep() == 3
    assert len(mail.outbox) == len({one.to[0] for one in mail.outbox}) == 3
    links = set()
    for one in mail.outbox:
        stop = one.extra_headers["List-Unsubscribe"]
        assert one.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(r"<https://portail\.example/suivi/[0-9a-f]{40}:[\w-]+/arreter/portal\.news/0/>", stop)
        assert stop.strip("<>") in one.body
        assert "Vous recevez ce courriel parce que vous suivez" in one.body
        assert "town.example" not in one.body + stop
        links.add(stop)
    assert len(links) == 3
    read_back = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=default)
    assert read_back["List-Unsubscribe"].strip() == mail.outbox[0].extra_headers["List-Unsubscribe"]


def test_who_follows_one_pillar_reads_which_and_stops_that_one(client):
    mine, other = Pillar.objects.all()[:2]
    news = article()
    news.pillars.set([mine, other])
    for address, about in (("one@town.example", mine.pk), ("all@town.example", 0)):
        holder = {"address": address, "holder": holder_of(address), "language": "fr", "confirmed_at": clock.now()}
        Subscription.objects.create(topic="portal.news", about=about, **holder)
    Subscription.objects.create(topic="portal.news", about=other.pk, **(holder | {"ended_at": clock.now()}))
    tell_followers("portal.newsletter", subject=news)
    sweep()
    sent = {one.to[0]: one for one in mail.outbox}
    one, every = sent["one@town.example"], sent["all@town.example"]
    assert f"Les actualités du programme\u00a0: {mine.name}" in one.body
    assert f"/arreter/portal.news/{mine.pk}/" in one.body
    assert f"/arreter/portal.news/{mine.pk}/" in one.extra_headers["List-Unsubscribe"]
    assert "/arreter/portal.news/0/" in every.body
    foot = one.alternatives[0].content.partition("<footer>")[2]
    assert [foot.count("<a "), str(mine.name) in foot] == [2, True]
    client.post(one.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://portail.example"))
    live = Subscription.objects.filter(ended_at__isnull=True).values_list("address", "about")
    assert set(live) == {("all@town.example", 0)}


def test_no_row_holds_the_key_to_what_its_reader_follows_before_or_after_it_left():
    followers(2)
    person = UserFactory(email="person@town.example")
    following.follow([NEWS], by=person)
    tell(CallFactory())
    write_due(clock.now())
    keys = [key_of_holder(holder) for holder in Subscription.objects.values_list("holder", flat=True)]

    def held():
        return [key for key in keys if key.partition(":")[2] in str(list(Message.objects.values("body", "stop_path")))]

    assert not held()
    assert sweep() == 3
    assert not held()
    # What left has it, each its own.
    for one in mail.outbox:
        own = key_of_holder(holder_of(one.to[0]))
        assert one.body.count(own) == one.alternatives[0].content.count(own) == 2
        assert own in one.extra_headers["List-Unsubscribe"]
        assert not [key for key in keys if key != own and key in str(one.message())]
        assert KEY_MARK not in str(one.message())


def test_what_left_before_keeps_no_key_either():
    """Rows of an older portal: emptied where they left, or never will; the others leave as they were written."""
    key, call = key_of_holder(holder_of("0@town.example")), CallFactory()
    stop = f"/de/suivi/{key}/arreter/portal.news/0/"
    text = f"News.\n\n-- \nStop: https://portail.example{stop}\nChoose: https://portail.example/de/suivi/{key}/\n"
    for state in ("sent", "shown", "pending", "withheld"):
        Message.objects.create(
            key=state,
            kind="calls.published",
            address="0@town.example",
            about_id=str(call.pk),
            body=text,
            stop_path=stop,
            state=state,
            sent_at=clock.now() if state == "sent" else None,
        )
    Message.objects.create(
        key="asked", kind=following.CONFIRM, subject="Confirm", body=text, state="sent", sent_at=clock.now()
    )
    import_module("bethune_smartcity.notifications.migrations.0013_no_key_in_what_left").take_keys_out(apps, None)
    rows = {row.key: row for row in Message.objects.all()}
    assert {name for name, row in rows.items() if key in row.body + row.stop_path} == {"pending", "withheld"}
    assert rows["sent"].body.startswith("News.")
    assert rows["sent"].stop_path == stop.replace(key, KEY_MARK)
    assert (rows["asked"].subject, rows["asked"].body) == ("", "")


def test_who_followed_from_another_mailbox_ends_it_by_the_link_of_their_mail(client):
    person = UserFactory(email="new@town.example")
    following.follow([NEWS], by=person)
    Subscription.objects.update(holder=holder_of("old@town.example"))
    tell(CallFactory())
    sweep()
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in mail.outbox[0].body
    assert client.post(stop.removeprefix("https://portail.example")).status_code == 200
    assert Subscription.objects.get().ended_at


def test_the_header_ends_it_in_one_click_without_cookie_or_token(client):
    followers(2)
    tell(CallFactory())
    sweep()
    first = mail.outbox[0]
    path = first.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://portail.example")
    browser = Client(enforce_csrf_checks=True)
    for _again in range(2):
        answer = browser.post(path, {"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 200
        assert not answer.cookies
    tell(CallFactory())
    mail.outbox.clear()
    sweep()
    assert [one.to for one in mail.outbox if one.to == first.to] == []
    assert len(mail.outbox) == 1


def test_nobody_gets_the_same_thing_twice_by_whatever_ways_they_follow():
    call = CallFactory()
    pillar = call.pillars.first()
    person = UserFactory(email="0@town.example")
    followers(1)
    followers(1, wish=("portal.news", pillar.pk))
    Subscription.objects.create(
        topic="portal.news", about=pillar.pk, holder="old-mailbox", user=person, confirmed_at=clock.now()
    )
    tell(call)
    tell(call)
    assert sweep() == 1
    assert write_due(clock.now()) == 0
    tell(call, step="second edition")
    assert sweep() == 1


def test_only_who_had_confirmed_is_told_and_nobody_who_stopped():
    with clock.at(clock.now() - timedelta(hours=1)):
        following.ask("silent@town.example", [NEWS], language="fr")
    call = CallFactory()
    followers(2)
    Subscription.objects.filter(address="0@town.example").update(ended_at=clock.now())
    gone = UserFactory(is_active=False)
    following.follow([NEWS], by=gone)
    tell(call)
    with clock.at(clock.now() + timedelta(minutes=1)):
        followers(1, start=50)
        write_due(clock.now())
    assert [m.address for m in Message.objects.filter(kind=KIND)] == ["1@town.example"]


def test_each_reads_it_in_their_language():
    for start, language in enumerate(("fr", "en", "de", "nl")):
        followers(1, language=language, start=start)
    person = UserFactory(language="de", email="person@town.example")
    following.follow([NEWS], by=person)
    tell(CallFactory(title="Aufruf"))
    write_due(clock.now())
    subjects = dict(Message.objects.values_list("address", "subject"))
    assert subjects["0@town.example"] == "Les résultats de «\u00a0Aufruf\u00a0» sont publics"
    assert subjects["1@town.example"] == "The results of “Aufruf” are public"
    assert (
        subjects["2@town.example"] == subjects["person@town.example"] == "Die Ergebnisse von „Aufruf“ sind öffentlich"
    )
    german = Message.objects.get(address="2@town.example")
    assert "Sie erhalten diese E-Mail, weil Sie Folgendes verfolgen: Die Neuigkeiten des Programms" in german.body
    assert "/de/suivi/" in german.stop_path
    assert "/de/appels/" in german.body


def test_a_mail_to_come_waits_for_its_hour_and_is_dropped_when_it_no_longer_holds():
    call, later = CallFactory(), clock.now() + timedelta(hours=2)
    followers(1)
    tell(call, due_at=later)
    assert sweep() == 0
    assert not Message.objects.exists()
    with clock.at(later):
        assert sweep() == 1
    register_bulletin(KIND, replace(broadcasts._bulletins[KIND], holds=lambda _call: False))
    tell(call, step="withdrawn")
    assert sweep() == 0
    assert not Broadcast.objects.filter(ended_at__isnull=True).exists()


def test_a_title_cannot_write_into_a_mail_s_head():
    call = CallFactory(title="Mobility\r\nBcc: all@town.example\r\n\r\n{{ secret }} %s")
    followers(1)
    tell(call)
    assert sweep() == 1
    sent = mail.outbox[0]
    assert "\n" not in sent.subject
    assert sent.recipients() == ["0@town.example"]
    assert "Bcc" not in sent.message()


def statements_for(number, start):
    """The statements of one round, but the inserts, which SQLite splits by the number of their parameters."""
    followers(number, start=start)
    tell(CallFactory())
    with CaptureQueriesContext(connection) as captured:
        write_due(clock.now())
    Subscription.objects.all().delete()
    return [one["sql"] for one in captured if not one["sql"].startswith("INSERT")]


def test_statements_grow_with_the_batches_not_with_the_followers(monkeypatch):
    statements_for(1, 0)
    counts = [len(statements_for(number, number * 1000)) for number in (1, 3, 100)]
    assert counts[0] == counts[1] == counts[2]
    monkeypatch.setattr(broadcasts, "BATCH", 10)
    assert len(statements_for(25, 500_000)) <= 3 * counts[0]


def test_what_stops_half_way_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(broadcasts, "BATCH", 2)
    monkeypatch.setattr(broadcasts, "BATCHES", 1)
    followers(5)
    row = tell(CallFactory())
    seen = []
    for _sweep in range(4):
        write_due(clock.now())
        row.refresh_from_db()
        seen.append((row.written, bool(row.ended_at)))
    assert seen == [(2, False), (4, False), (5, True), (5, True)]
    assert Message.objects.filter(kind=KIND).count() == 5


def test_a_worker_that_lost_the_race_writes_nothing():
    followers(2)
    row = tell(CallFactory())
    stale = Broadcast.objects.get(pk=row.pk)
    assert write_due(clock.now()) == 2
    assert broadcasts._write_out(stale) == 0
    assert Message.objects.count() == 2


def test_one_at_fault_stops_no_other_and_is_reported():
    followers(1)
    register_bulletin(KIND + ".broken", replace(broadcasts._bulletins[KIND], page=lambda _call: 1 / 0))
    register_kind(Kind(KIND + ".broken", "Broken", template="calls/emails/published", to_followers=True))
    broken = tell_followers(KIND + ".broken", subject=CallFactory())
    tell(CallFactory())
    assert sweep() == 1
    with clock.at(clock.now() + timedelta(hours=2)):
        assert [str(broken.pk) in sentence for sentence in followers_told_in_time()] == [True]


def test_a_history_that_is_replayed_tells_nobody():
    followers(1)
    with replaying():
        tell(CallFactory())
    assert sweep() == 0


def test_an_unknown_kind_is_refused():
    with pytest.raises(LookupError):
        tell_followers("calls.receipt", subject=CallFactory())


@pytest.mark.parametrize("right", CallAgent.Right.values)
def test_an_agent_of_the_call_reads_neither_who_follows_it_nor_the_key_to_what_they_follow(right):
    call, agent = CallFactory(), UserFactory(is_agent=True)
    CallAgent.objects.create(call=call, user=agent, right=right)
    followers(1)
    tell(call)
    write_due(clock.now())
    mailed = Message.objects.get(kind=KIND)
    assert mailed.stop_path
    client = Client()
    client.force_login(agent)
    listed = client.get("/admin/notifications/message/")
    assert listed.status_code == 200
    assert "0@town.example" not in listed.text
    assert client.get(f"/admin/notifications/message/{mailed.pk}/change/").status_code == 404
