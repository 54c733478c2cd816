"""The closing ladder: each rung once, to those who still have something to do, never after the close."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.layout import laid
from bethune_smartcity.notifications.mails import body_of
from bethune_smartcity.notifications.models import Message, Step
from bethune_smartcity.notifications.tasks import sweep
from calls.models import Call, Submission
from calls.operations import deadlines, reminders, submissions
from calls.operations.reminders import plan_closing
from tests.calls.test_conditions import call_asking
from tests.factories.accounts import AgentFactory, StructureFactory, join, owner_of
from tests.factories.calls import CallFactory, draft, pdf, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def written():
    return Message.objects.filter(kind="calls.closing").order_by("pk")


def test_at_each_rung_before_the_close_what_lacks_is_named_once():
    call = CallFactory()
    started = draft(call)
    submitted(call)
    close = call.closes_at
    assert plan_closing(close - 8 * DAY) == 0
    for moment, rungs in ((7 * DAY, 1), (6 * DAY, 1), (2 * DAY, 2), (DAY, 3), (20 * HOUR, 3), (3 * HOUR, 4), (HOUR, 4)):
        plan_closing(close - moment)
        assert written().count() == rungs
    assert plan_closing(close) == 0
    mail = written().first()
    assert mail.recipient == owner_of(started.structure)
    assert "Say the project in one line." in mail.body
    assert str(started.pk) in mail.body


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_answer_that_lacks_is_a_link_to_its_field(language):
    call, _questions = call_asking({"kind": "yes_no"}, {"kind": "short", "place": 2})
    started = draft(call)
    owner = owner_of(started.structure)
    owner.language = language
    owner.save()
    plan_closing(call.closes_at - DAY)
    [mail] = written()
    links = [
        piece
        for block in body_of(laid(mail.body, mail.layout)).blocks
        if block.is_list
        for line in block.lines
        for piece in line
    ]
    assert links
    assert all(link.url for link in links)
    client = Client()
    client.force_login(owner)
    with clock.at(call.closes_at - DAY):
        for link in links:
            address, _hash, anchor = link.url.removeprefix("https://portail.example").partition("#")
            assert address.startswith(f"/{language}/candidatures/{started.pk}/")
            assert f'id="{anchor}"' in client.get(address).content.decode()


def test_a_rung_missed_gives_way_to_the_nearer_one():
    call = CallFactory()
    draft(call)
    assert plan_closing(call.closes_at - 3 * HOUR) == 1
    assert plan_closing(call.closes_at - HOUR) == 0


def test_a_draft_just_started_is_left_alone():
    call = CallFactory()
    with clock.at(call.closes_at - 3 * DAY):
        draft(call)
    assert plan_closing(call.closes_at - 3 * DAY + HOUR) == 0
    assert plan_closing(call.closes_at - DAY) == 1


def test_each_member_is_told_in_their_language_even_one_who_joins_later():
    started = draft()
    join(started.structure, "editor")
    french = join(started.structure, "reader")
    french.language = "fr"
    french.save()
    moment = started.call.closes_at - DAY
    assert plan_closing(moment) == 3
    theirs, others = written().get(recipient=french), written().exclude(recipient=french).first()
    assert "est encore un brouillon" in theirs.body
    assert "is still a draft" in others.body
    assert (theirs.path, others.path) == (f"/candidatures/{started.pk}/verifier/", f"/en{theirs.path}")
    join(started.structure, "editor")
    assert plan_closing(moment) == 1


def test_a_close_that_moves_has_its_ladder_again():
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    draft(call)
    with clock.at(call.closes_at - DAY):
        plan_closing(clock.now())
        deadlines.move_deadline(call, "closes_at", call.closes_at + 30 * DAY, reason="A storm.", by=agent)
    assert plan_closing(call.closes_at - 7 * DAY) == 1
    assert written().count() == 2


def test_a_sweep_writes_and_sends_and_a_second_one_does_nothing(mailoutbox):
    call = CallFactory()
    draft(call)
    with clock.at(call.closes_at - DAY):
        assert sweep() == 1
        assert sweep() == 0
    assert len(mailoutbox) == 1


def statements(moment):
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as asked:
        plan_closing(moment)
    return len(asked)


def test_a_round_asks_the_same_of_one_and_of_a_hundred_drafts():
    writing, after = [], []
    for n in (1, 3, 100):
        Submission.objects.all().delete()
        Step.objects.all().delete()
        call = Call.objects.first() or CallFactory()
        drafts = [Submission(call=call, structure=StructureFactory(), title="A draft") for _n in range(n)]
        Submission.objects.bulk_create(drafts)
        before = written().count()
        writing.append(statements(call.closes_at - DAY))
        assert written().count() == before + n
        # An hour later newcomers are looked for among as many; long after, among none.
        after.append(statements(call.closes_at - 23 * HOUR))
        Step.objects.update(written_at=clock.now() + HOUR)
        after.append(statements(call.closes_at - 23 * HOUR))
    assert after[0] == after[2] == after[4] <= 8
    assert after[1] == after[3] == after[5] <= 5
    # SQLite takes a hundred rows in three statements: as many values as it binds in one.
    assert writing[0] == writing[1] >= writing[2] - 2
    assert max(writing) <= 24


def test_statements_grow_with_the_batches_and_not_with_the_drafts(monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 5)
    counts = []
    for n in (5, 6, 10, 20):
        Submission.objects.all().delete()
        Step.objects.all().delete()
        call = Call.objects.first() or CallFactory()
        Submission.objects.bulk_create(
            Submission(call=call, structure=StructureFactory(), title="A draft") for _n in range(n)
        )
        counts.append(statements(call.closes_at - DAY))
    one, more, two, four = counts
    assert more == two
    assert four - two == 2 * (two - one) <= 2 * 12


def test_each_of_many_drafts_is_told_what_its_own_page_says_it_lacks():
    call, (first, second, plan, other) = call_asking(
        {"kind": "yes_no"},
        {"kind": "choice", "after": 0, "shown_values": "yes", "eligible_values": "0"},
        {"kind": "file", "after": 0, "shown_values": "yes"},
        {"kind": "long", "place": 2, "max_words": 2},
    )
    given = (
        {},
        {first: "no", other: "Two words"},
        {first: "yes"},
        {first: "yes", second: "1", other: "Three words here"},
        {first: "yes", second: "0", other: "One"},
    )
    drafts = [draft(call) for _each in given]
    for begun, values in zip(drafts, given, strict=True):
        submissions.save_answers(begun, values, by=owner_of(begun.structure))
    submissions.attach(drafts[-1], plan, pdf(), by=owner_of(drafts[-1].structure))
    plan_closing(call.closes_at - DAY)
    for begun in drafts:
        body = written().get(about_id=str(begun.pk)).body
        with translation.override("en"):
            lacks = submissions.missing(begun)
        places = [f"{lack.section}, {lack.question.label}: " if lack.question else "" for lack in lacks]
        told = [line.removeprefix("- ") for line in body.splitlines() if line.startswith("- ")]
        words, addresses = zip(*(line.rsplit(" ", 1) for line in told), strict=True)
        assert [*words] == [place + lack.sentence for place, lack in zip(places, lacks, strict=True)]
        assert [address.partition("#")[2] for address in addresses] == [lack.anchor for lack in lacks]
        assert len(told) >= 2
        assert f"/en/candidatures/{begun.pk}/verifier/" in body
