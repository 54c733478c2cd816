"""What is slow about a file comes before the transaction that keeps it: a hostile one holds up nobody's writes."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from bethune_smartcity.accounts import partners
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.files import uploads
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.portal.operations import news
from calls.models import Call, Question, Submission
from calls.operations import submissions
from calls.operations.renewal import renew
from juries.operations import attendance
from juries.queries.attendance import own_attendance
from projects.operations import photos
from tests.factories import projects as make
from tests.factories.accounts import AgentFactory, PartnerFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, draft, pdf, questions_of
from tests.factories.news import ALTS, article
from tests.juries.finale import a_finale
from tests.racing import racing


def in_transaction():
    """Whether a transaction is open on this connection, besides the one that a test runs in."""
    return any(not block._from_testcase for block in connection.atomic_blocks)


def ask_for_plan(call):
    plan = {"kind": "file", "label": "Plan", "key": "plan", "required": False}
    Question.objects.create(section=call.sections.first(), order=9, **plan)


def applying():
    call = CallFactory()
    ask_for_plan(call)
    return draft(call)


def plan_of(submission):
    return next(question for question in questions_of(submission.call) if question.kind == "file")


def attached():
    one = applying()
    return lambda: submissions.attach(one, plan_of(one), pdf(), by=owner_of(one.structure))


def renewed():
    former, following = applying(), CallFactory()
    team = owner_of(former.structure)
    submissions.attach(former, plan_of(former), pdf(), by=team)
    ask_for_plan(following)
    return lambda: renew(former, following, by=team)


def deck():
    finale = a_finale(1, deck_due_at=clock.now() + 10 * timedelta(days=1))
    one = finale.finalists[0]
    team = owner_of(one.structure)
    return lambda: attendance.send_deck(own_attendance(team, one.pk, clock.now()), pdf(), by=team)


def photo():
    scene = make.cast()
    return lambda: photos.send_photo(scene.project, make.picture(), alt="A probe", by=scene["owner"])


def logo():
    partner, agent = PartnerFactory(), AgentFactory(is_administrator=True)
    return lambda: partners.put_logo(partner, make.picture(800, 200), by=agent)


def illustration():
    one = article()
    return lambda: news.illustrate(one, make.picture(), by=SYSTEM, **ALTS)


PATHS = {
    "document": attached,
    "document taken up": renewed,
    "deck": deck,
    "photograph": photo,
    "logo": logo,
    "picture of an article": illustration,
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_no_transaction_is_open_while_a_file_is_looked_at_or_written(path, monkeypatch):
    act, seen = PATHS[path](), []

    def watched(real):
        def watching(*given, **options):
            seen.append((real.__name__, in_transaction()))
            return real(*given, **options)

        return watching

    monkeypatch.setattr(uploads, "inspected", watched(uploads.inspected))
    monkeypatch.setattr(default_storage, "save", watched(default_storage.save))
    act()
    assert {name for name, _open in seen} == {"inspected", "save"}
    assert not [name for name, is_open in seen if is_open]


@pytest.mark.django_db
def test_the_watch_sees_a_transaction():
    """The control: what the test above looks for."""
    assert not in_transaction()
    with transaction.atomic():
        assert in_transaction()


# --- Others meanwhile ---


@contextmanager
def held_up(monkeypatch):
    """A file that is looked at until the block ends."""
    looked, enough, real = Event(), Event(), uploads.inspected

    def looking(*given):
        looked.set()
        enough.wait(60)
        return real(*given)

    monkeypatch.setattr(uploads, "inspected", looking)
    yield looked
    enough.set()


class TestMeanwhile:
    pytestmark = racing

    def test_another_application_is_saved_while_a_file_is_looked_at(self, monkeypatch):
        mine, other = applying(), applying()
        long = next(question for question in questions_of(other.call) if question.kind == "long")

        def sending():
            try:
                submissions.attach(mine, plan_of(mine), pdf(), by=owner_of(mine.structure))
            finally:
                connection.close()

        with held_up(monkeypatch) as looked:
            thread = Thread(target=sending)
            thread.start()
            assert looked.wait(60)
            submissions.save_answers(other, {long: "Saved meanwhile"}, by=owner_of(other.structure))
            assert not mine.attachments.exists()
        thread.join(60)
        assert mine.attachments.count() == 1


# --- Refused all the same ---


@pytest.fixture
def unlooked(monkeypatch):
    monkeypatch.setattr(uploads, "inspected", lambda *_given: pytest.fail("refused before the file is looked at"))


@pytest.mark.django_db
@pytest.mark.usefixtures("unlooked")
def test_who_may_not_write_learns_nothing_of_the_file_and_costs_nothing():
    one = applying()
    for person in (UserFactory(), join(one.structure, "reader")):
        with pytest.raises(Forbidden):
            submissions.attach(one, plan_of(one), pdf(), by=person)
    with clock.at(one.call.closes_at + timedelta(seconds=1)), pytest.raises(Conflict):
        submissions.attach(one, plan_of(one), pdf(), by=owner_of(one.structure))


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"state": "withdrawn"}, {}], ids=["withdrawn", "closed"])
def test_what_changes_while_the_file_is_looked_at_decides_under_the_lock(change, monkeypatch):
    one, real, written, save = applying(), uploads.inspected, [], default_storage.save

    def changing(*given):
        if change:
            Submission.objects.filter(pk=one.pk).update(**change)
        else:
            Call.objects.filter(pk=one.call_id).update(closes_at=clock.now() - timedelta(seconds=1))
        return real(*given)

    def saving(*given, **options):
        written.append(save(*given, **options))
        return written[-1]

    monkeypatch.setattr(uploads, "inspected", changing)
    monkeypatch.setattr(default_storage, "save", saving)
    with pytest.raises(Conflict):
        submissions.attach(one, plan_of(one), pdf(), by=owner_of(one.structure))
    assert len(written) == 1
    assert not default_storage.exists(written[0])
    assert not StoredFile.objects.exists()
