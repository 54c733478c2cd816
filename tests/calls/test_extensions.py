"""More time for one application: by an agent, for a reason, known to its people and to the call's agents alone."""

import re
from datetime import UTC, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.planners import foresee
from calls.models import Call, CallAgent, Submission
from calls.operations import deadlines, extensions, publication, reminders, screening, submissions
from tests.factories.accounts import StructureFactory, join, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, submitted
from tests.personas import PERSONAS, cast

pytestmark = pytest.mark.django_db

REASON = "Panne du portail mardi soir"
STEP = re.compile(r"([0-9]+[dh])@([0-9]+)")
MEMBERS = {"owner", "editor", "reader", "member_agent"}


def given(submission, *, days=2, by=None, reason=REASON):
    """`submission` with that many days more than the others."""
    until = submission.call.closes_at + timedelta(days=days)
    return extensions.extend(submission, until=until, reason=reason, by=by or agent_of(submission.call))


@pytest.mark.parametrize("make", [draft, submitted])
def test_only_agents_who_screen_others_applications_give_more_time(make):
    play = cast(make=make)
    found = {name for name in PERSONAS if can(play.people[name], "calls.extend_submission", play.submission)}
    assert found == {"agent"}
    with pytest.raises(Forbidden):
        given(play.submission, by=play.people["owner"])
    with pytest.raises(Forbidden):
        given(play.submission, by=agent_of(play.call, CallAgent.Right.CONFIGURE))


def test_it_is_journalled_with_its_reason_and_told_to_its_people_in_their_language():
    waiting = draft()
    people = {"fr": owner_of(waiting.structure)} | {
        language: join(waiting.structure, "reader") for language in ("en", "de", "nl")
    }
    for language, person in people.items():
        User.objects.filter(pk=person.pk).update(language=language)
    agent = agent_of(waiting.call)
    given(waiting, by=agent)
    line = JournalEntry.objects.get(verb="extend")
    assert (line.actor, line.reason) == (agent, REASON)
    assert line.data == {"until": waiting.extended_until.isoformat()}
    written = {message.language: message for message in Message.objects.filter(kind="calls.extended")}
    assert set(written) == set(people)
    assert all(REASON in message.body for message in written.values())
    starts = {"fr": "Un délai pour", "en": "More time for", "de": "Mehr Zeit für", "nl": "Meer tijd voor"}
    for language, message in written.items():
        assert message.subject.startswith(starts[language])
    assert not Message.objects.filter(kind="calls.extended").exclude(recipient__in=people.values()).exists()


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "before_close"), (0, "before_close"), (32, "too_long"), (-400, "past")]
)
def test_the_end_is_after_the_close_and_within_a_month_of_it(days, code):
    with pytest.raises(Invalid) as refusal:
        given(draft(), days=days)
    assert (refusal.value.code, refusal.value.field) == (code, "until")


def test_a_reason_is_due():
    with pytest.raises(Invalid) as refusal:
        given(draft(), reason="  ")
    assert refusal.value.field == "reason"


def test_what_was_examined_or_withdrawn_gets_no_more_time():
    call = CallFactory(closed=True)
    agent, done = agent_of(call), submitted(call)
    screening.admit(done, by=agent)
    gone = draft()
    submissions.withdraw(gone, by=owner_of(gone.structure))
    for over in (done, gone):
        with pytest.raises(Conflict):
            given(over, days=5)


def test_given_again_the_last_end_counts():
    waiting = draft()
    agent = agent_of(waiting.call)
    given(waiting, days=9, by=agent)
    given(waiting, days=3, by=agent, reason="Un mot de trop")
    kept = Submission.objects.get(pk=waiting.pk)
    assert kept.closes_at == kept.call.closes_at + timedelta(days=3)
    assert kept.extension_reason == "Un mot de trop"


def test_a_close_moved_beyond_it_is_everyones():
    waiting = draft()
    agent = agent_of(waiting.call)
    given(waiting, days=2, by=agent)
    later = waiting.call.closes_at + timedelta(days=9)
    deadlines.move_deadline(waiting.call, "closes_at", later, reason="Pour tous", by=agent)
    kept = Submission.objects.get(pk=waiting.pk)
    assert (kept.closes_at, kept.is_extended) == (later, False)


def test_nothing_is_examined_before_its_own_end():
    call = CallFactory()
    done, agent = submitted(call), agent_of(call)
    given(done, by=agent)
    with clock.at(call.closes_at + timedelta(days=1)), pytest.raises(Conflict) as refusal:
        screening.admit(Submission.objects.get(pk=done.pk), by=agent)
    assert refusal.value.code == "still_open"
    with clock.at(call.closes_at + timedelta(days=2)):
        assert screening.admit(Submission.objects.get(pk=done.pk), by=agent).state == "admissible"


def test_after_the_close_only_its_people_and_the_agents_read_of_it(client):
    call = CallFactory(closed=True)
    structure = StructureFactory()
    waiting, other, agent = draft(call, structure), draft(call), agent_of(call)
    given(waiting, days=5, by=agent)
    own_end = wording.deadline(call.closes_at + timedelta(days=5)).replace("\u00a0", " ")
    space = "/espace/"

    def page(person, path):
        client.logout()
        if person:
            client.force_login(person)
        return client.get(path, follow=True).content.decode().replace("\u00a0", " ")

    inside = reverse("calls:submission", kwargs={"pk": waiting.pk})
    assert own_end in page(owner_of(structure), inside)
    assert REASON in page(owner_of(structure), inside)
    assert own_end in page(owner_of(structure), space)
    assert REASON in page(agent, reverse("calls:board-drafts", kwargs={"slug": call.slug}))
    stranger = owner_of(other.structure)
    outside = [call.get_absolute_url(), "/", "/appels/", f"/api/v1/calls/{call.slug}/", f"/appels/{call.slug}/"]
    own = [*outside, space, reverse("calls:submission", kwargs={"pk": other.pk})]
    for person, paths in ((None, outside), (stranger, own), (owner_of(structure), outside)):
        for path in paths:
            shown = page(person, path)
            assert REASON not in shown, path
            assert own_end not in shown, path


def test_the_page_that_gives_it_tells_nothing_of_the_draft(client):
    waiting = draft(title="Un titre qui reste à eux", complete=True)
    client.force_login(agent_of(waiting.call))
    path = reverse("calls:extend", kwargs={"pk": waiting.pk})
    shown = client.get(path).content.decode()
    assert waiting.structure.name in shown
    assert waiting.title not in shown
    until = (waiting.call.closes_at + timedelta(days=1)).astimezone(clock.PARIS)
    data = {"until": f"{until:%Y-%m-%dT%H:%M}", "reason": REASON}
    assert client.post(path, {**data, "until": "2020-01-01T00:00"}).status_code == 400
    answer = client.post(path, data, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("calls:board-drafts", kwargs={"slug": waiting.call.slug})
    assert REASON in answer.content.decode()
    assert waiting.title not in answer.content.decode()


def test_an_hour_that_does_not_exist_is_refused_at_its_field(client):
    call = CallFactory(closes_at=clock.paris(2027, 3, 20), opens_at=clock.paris(2027, 3, 1))
    with clock.at(clock.paris(2027, 3, 10)):
        waiting, agent = draft(call), agent_of(call)
        client.force_login(agent)
        path = reverse("calls:extend", kwargs={"pk": waiting.pk})
        answer = client.post(path, {"until": "2027-03-28T02:30", "reason": REASON})
    assert answer.status_code == 422
    assert not Submission.objects.get(pk=waiting.pk).extended_until


def test_its_reminders_are_timed_on_its_own_end_and_come_once():
    call = CallFactory(closes_at=clock.now() + timedelta(days=30))
    others, waiting, late = draft(call), draft(call), draft(call)
    given(waiting, days=5)
    close, own = call.closes_at, call.closes_at + timedelta(days=5)
    for hours in range(-8 * 24, 6 * 24 + 1, 3):
        with clock.at(close + timedelta(hours=hours)):
            if hours == -24:
                given(late, days=5)
            reminders.plan_closing(clock.now())
            reminders.plan_closing(clock.now())
    ends = {f"{end.astimezone(UTC):%Y%m%d%H%M}": name for end, name in ((close, "close"), (own, "own"))}
    written = Message.objects.filter(kind="calls.closing").order_by("pk")
    sent = {one: list(written.filter(key__contains=str(one.pk))) for one in (others, waiting, late)}
    rungs = {one: [STEP.search(told.key).groups() for told in messages] for one, messages in sent.items()}
    told = {one: [f"{rung} {ends[end]}" for rung, end in found] for one, found in rungs.items()}
    assert told[others] == ["7d close", "48h close", "24h close", "3h close"]
    assert told[waiting] == ["30d own", "7d own", "48h own", "24h own", "3h own"]
    assert told[late] == ["7d close", "48h close", "48h own", "24h own", "3h own"]
    with translation.override("en"):
        assert all(wording.deadline(own) in one.body for one in sent[waiting])
        assert not any(wording.deadline(close) in one.body for one in sent[waiting])


def test_a_close_that_moves_is_not_told_to_whom_it_does_not_concern():
    call = CallFactory(closes_at=clock.now() + timedelta(days=30))
    others, waiting, soon = draft(call), draft(call), draft(call)
    given(waiting, days=9)
    given(soon, days=2)
    later = call.closes_at + timedelta(days=3)
    deadlines.move_deadline(call, "closes_at", later, reason=REASON, by=agent_of(call))
    told = set(Message.objects.filter(kind="calls.moved").values_list("recipient", flat=True))
    assert told == {owner_of(others.structure).pk, owner_of(soon.structure).pk}


def test_agents_foresee_the_reminders_of_an_own_end_beside_those_of_the_close(client):
    call = CallFactory(closes_at=clock.now() + timedelta(days=30))
    agent = agent_of(call)
    draft(call)
    given(draft(call), days=5)
    with translation.override("en"):
        coming = foresee(agent, clock.now(), clock.now() + timedelta(days=60))
    apart = [one for one in coming if "with more time" in one.about]
    common = [one for one in coming if one not in apart]
    assert {one.count for one in apart} == {one.count for one in common} == {1}
    assert {one.at - timedelta(days=5) for one in apart} >= {one.at for one in common}
    client.force_login(agent)
    with translation.override("en"):
        page = client.get(reverse("calls:ladders", kwargs={"slug": call.slug})).content.decode()
        assert wording.day_and_hour(wording.last_minute(common[-1].at)) in page
        assert wording.day_and_hour(wording.last_minute(apart[-1].at)) not in page


def test_the_reminder_before_the_close_names_its_own_end():
    waiting = draft(CallFactory(closes_at=clock.now() + timedelta(days=30)))
    given(waiting)
    call = waiting.call
    with clock.at(call.closes_at - timedelta(hours=40)):
        reminders.plan_closing(clock.now())
        written = Message.objects.get(kind="calls.closing")
    with translation.override("en"):
        assert wording.deadline(call.closes_at + timedelta(days=2)) in written.body
        assert wording.deadline(call.closes_at) not in written.body


@pytest.mark.parametrize("phase", ["announced", "open", "closed"])
def test_no_public_page_tells_the_grace(client, phase):
    """The same pages with and without grace are the same, at the same instants: in the grace as well."""
    close = clock.paris(2027, 1, 13)
    moments = {"announced": close - timedelta(days=35), "open": close - timedelta(seconds=30), "closed": close}
    call = CallFactory(closes_at=close, opens_at=close - timedelta(days=30), slug="same")
    shown = []
    for grace in (0, 15):
        Call.objects.filter(pk=call.pk).update(grace_minutes=grace)
        with clock.at(moments[phase]):
            paths = (call.get_absolute_url(), "/", "/appels/", "/api/v1/calls/", f"/api/v1/calls/{call.slug}/")
            shown.append([client.get(path).content for path in paths])
    assert shown[0] == shown[1]


def test_the_grace_is_small_and_fixed_by_the_close():
    call = CallFactory()
    agent = agent_of(call)
    publication.edit_call(call, grace_minutes=5, by=agent)
    line = JournalEntry.objects.filter(verb="edit").latest("pk")
    assert line.data == {"fields": ["grace_minutes"], "grace_minutes": [0, 5]}
    with clock.at(call.closes_at), pytest.raises(Conflict) as refusal:
        publication.edit_call(call, grace_minutes=10, by=agent)
    assert refusal.value.field == "grace_minutes"


def test_a_new_call_has_a_minute_of_grace_and_never_more_than_fifteen():
    call = CallFactory(draft=True)
    assert Call().grace_minutes == 1
    call.grace_minutes = 16
    with pytest.raises(ValidationError) as refusal:
        call.clean_fields()
    assert list(refusal.value.message_dict) == ["grace_minutes"]
