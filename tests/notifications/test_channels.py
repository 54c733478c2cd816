"""What people choose about their messages is obeyed when a message is about to leave, whatever wrote it."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import broadcasts, channels, following, outbox
from bethune_smartcity.notifications.groups import AUDIENCES, Channel, fixed_for, group_named, groups_for
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.kinds import Audience, kinds
from bethune_smartcity.notifications.models import Message, Preference
from bethune_smartcity.notifications.operations import notify
from bethune_smartcity.notifications.tasks import sweep
from calls import notices
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, belong, owner_of
from tests.factories.calls import CallFactory, agent_of, draft
from tests.factories.juries import opened

pytestmark = pytest.mark.django_db
CONTEXT = {"lacks": [], "closes": "Tuesday"}
PREFERENCES = "/espace/notifications/choix/"


def remind(person, *, days=20, step="", subject=None, **options):
    """A reminder of a draft whose call closes in so many days."""
    subject = subject or draft(CallFactory(closes_at=clock.now() + timedelta(days=days)))
    belong(subject.structure, person)
    notify(
        notices.CLOSING,
        subject=subject,
        recipients=[person],
        page="calls:check",
        keys={"pk": subject.pk},
        step=step,
        context=CONTEXT | {"call": subject.call},
        expires_at=subject.closes_at,
        **options,
    )
    return Message.objects.get(recipient=person, kind=notices.CLOSING, key__contains=f"{subject.pk}:{step}:")


def choose(person, channel, group=notices.REMINDERS):
    channels.choose(person, {group: channel})


def state_of(message):
    message.refresh_from_db()
    return message.state


@pytest.mark.parametrize(
    ("channel", "state", "mails"),
    [(None, "sent", 1), ("now", "sent", 1), ("daily", "gathered", 0), ("portal", "shown", 0)],
)
def test_a_message_leaves_as_its_reader_chose(mailoutbox, channel, state, mails):
    person = UserFactory()
    if channel:
        choose(person, channel)
    message = remind(person)
    sweep()
    assert (state_of(message), len(mailoutbox)) == (state, mails)
    assert list(inbox(person)) == [message]
    assert sweep() == 0


def test_a_choice_made_after_a_message_was_written_holds_for_it(mailoutbox):
    person = UserFactory()
    message = remind(person)
    choose(person, "portal")
    sweep()
    assert (state_of(message), mailoutbox) == ("shown", [])


def test_what_waits_for_the_days_mail_follows_a_new_choice(mailoutbox):
    person, other = UserFactory(), UserFactory()
    for one in (person, other):
        choose(one, "daily")
    first, second = remind(person), remind(other)
    sweep()
    choose(person, "now")
    choose(other, "portal")
    sweep()
    assert (state_of(first), state_of(second)) == ("sent", "shown")
    assert [mail.to for mail in mailoutbox] == [[person.email]]


def test_a_choice_about_one_group_leaves_the_others_alone(mailoutbox):
    person = UserFactory()
    choose(person, "portal", notices.ANSWERS)
    assert state_of(remind(person)) == "pending"
    sweep()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("act", ["hasten", "resend"])
def test_an_agent_who_sends_a_message_obeys_its_readers_choice(mailoutbox, act):
    person = UserFactory()
    choose(person, "portal")
    call = CallFactory(closes_at=clock.now() + timedelta(days=20))
    message = remind(person, subject=draft(call))
    Message.objects.filter(pk=message.pk).update(state="failed" if act == "resend" else "held")
    message.refresh_from_db()
    getattr(outbox, act)(message, by=agent_of(call))
    sweep()
    assert (state_of(message), mailoutbox) == ("shown", [])


def test_followers_are_told_as_they_chose(mailoutbox):
    person, call = UserFactory(), CallFactory(opens_at=clock.now() + timedelta(hours=1))
    following.follow([("calls.opening", 0)], by=person)
    choose(person, "portal", following.FOLLOWED)
    with clock.at(call.opens_at + timedelta(minutes=5)):
        sweep()
        message = Message.objects.get(recipient=person, kind=notices.OPENS)
        assert (message.state, mailoutbox) == ("shown", [])
        assert broadcasts.write_due(clock.now()) == 0


def test_what_nobody_chooses_leaves_whatever_was_written_about_it(mailoutbox):
    person = UserFactory()
    Preference.objects.create(user=person, group="calls.receipt", channel="portal")
    choose(person, "portal", "calls.receipt")
    message = remind(person)
    Message.objects.filter(pk=message.pk).update(kind=notices.RECEIPT)
    sweep()
    assert (state_of(message), len(mailoutbox)) == ("sent", 1)


@pytest.mark.parametrize(("hours", "state"), [(12, "sent"), (24, "sent"), (26, "gathered")])
def test_what_presses_does_not_wait_for_the_days_mail(hours, state, mailoutbox):
    moment = clock.paris(2026, 3, 10, 6, 0)
    with clock.at(moment - timedelta(days=1)):
        person, subject = UserFactory(), draft(CallFactory(closes_at=moment + timedelta(hours=hours)))
        choose(person, "daily")
    with clock.at(moment):
        message = remind(person, subject=subject)
        sweep()
        assert state_of(message) == state


def test_every_kind_is_in_a_known_group_or_says_why_it_is_in_none():
    for kind in kinds():
        assert not kind.group or group_named(kind.group) is not None, kind.name
    told = {kind.name for why, found in fixed_for(AUDIENCES) if why for kind in found}
    free = {kind.name for kind in kinds() if kind.group}
    assert told | free >= {kind.name for kind in kinds() if kind.audience in AUDIENCES and kind.is_told}
    assert not told & free


def test_no_kind_that_decides_or_holds_a_secret_is_left_to_choice():
    for kind in kinds():
        if kind.group:
            assert not kind.sensitive
            assert kind.urgency != "proof", kind.name


def test_a_mail_left_to_choice_says_how_to_choose_and_stops_in_one_click(client, mailoutbox):
    person = UserFactory(language="de")
    remind(person)
    sweep()
    (mail,) = mailoutbox
    stop = mail.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://portail.example")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"https://portail.example/de{PREFERENCES}" in mail.body
    assert f"https://portail.example{stop}" in mail.body
    assert stop.startswith("/de/messages/")
    assert client.get(stop).status_code == 200
    assert channels.choices_of(person) == {}
    answer = client.post(stop, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert channels.choices_of(person) == {notices.REMINDERS: "portal"}
    message = remind(person, step="two")
    sweep()
    assert (state_of(message), len(mailoutbox)) == ("shown", 1)


def test_a_mail_that_is_no_choice_offers_none(mailoutbox):
    message = remind(UserFactory())
    Message.objects.filter(pk=message.pk).update(kind=notices.RECEIPT)
    sweep()
    assert "List-Unsubscribe" not in mailoutbox[0].extra_headers
    assert mailoutbox[0].body == message.body


def test_a_link_that_is_not_ours_is_unknown(client):
    person = UserFactory()
    key = channels.key_to_quiet(person.pk, notices.REMINDERS)
    gone = channels.key_to_quiet(person.pk + 1000, notices.REMINDERS)
    odd = channels.key_to_quiet(person.pk, "calls.unknown")
    for wrong in (key[:-1] + ("A" if key[-1] != "A" else "B"), "x", gone, odd):
        assert client.get(f"/messages/{wrong}/arreter/").status_code == 404
        assert client.post(f"/messages/{wrong}/arreter/").status_code == 404
    assert channels.choices_of(person) == {}


def shown_groups(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return {group.name for group in client.get(PREFERENCES).context["form"].groups}


def test_the_page_offers_what_is_sent_to_ones_audiences(client):
    juror = opened().jurors[1].user
    owner = owner_of(StructureFactory())
    follower = UserFactory()
    following.follow([("calls.opening", 0)], by=follower)
    assert shown_groups(client, UserFactory()) == set()
    assert shown_groups(client, owner) == {notices.REMINDERS, notices.ANSWERS}
    assert shown_groups(client, juror) == {"juries.reminders"}
    assert shown_groups(client, follower) == {following.FOLLOWED}
    assert "projects.work" in shown_groups(client, AgentFactory())


def test_a_choice_made_on_the_page_is_kept_and_a_wrong_one_refused(client):
    owner = owner_of(StructureFactory())
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(PREFERENCES, {notices.REMINDERS: "daily", notices.ANSWERS: "now"})
    assert answer.status_code == 302
    assert channels.choices_of(owner) == {notices.REMINDERS: "daily", notices.ANSWERS: "now"}
    wrong = client.post(PREFERENCES, {notices.REMINDERS: "pigeon", notices.ANSWERS: "now", "projects.work": "portal"})
    assert wrong.status_code == 422
    assert channels.choices_of(owner)[notices.REMINDERS] == "daily"
    assert "projects.work" not in channels.choices_of(owner)


def test_the_page_lists_what_is_always_sent_to_ones_audiences_and_why(client):
    owner = owner_of(StructureFactory())
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    fixed = {kind.name: why for why, found in client.get(PREFERENCES).context["fixed"] for kind in found}
    assert {"calls.receipt", "juries.decision", "account"} <= set(fixed)
    assert "juries.panel_opened" not in fixed
    assert "calls.closing" not in fixed
    german = client.get(f"/de{PREFERENCES}").text
    assert "Immer per E-Mail" in german


def test_obeying_costs_one_statement_and_none_where_nobody_chooses(django_assert_num_queries):
    message = remind(UserFactory())
    with django_assert_num_queries(1):
        assert channels.channel_of(message, clock.now()) == Channel.NOW
    message.kind = notices.RECEIPT
    with django_assert_num_queries(0):
        assert channels.channel_of(message, clock.now()) == Channel.NOW


def test_groups_are_few_and_each_offers_its_default():
    for audience in Audience:
        shown = groups_for([audience])
        assert len(shown) <= 3
        assert all(group.default in group.channels for group in shown)
