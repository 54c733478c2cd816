"""An account closed for a while and opened again reads its subjects again: it gets what waited, and what it missed."""

from datetime import timedelta

import pytest

from bethune_smartcity.accounts import operations
from bethune_smartcity.core import clock
from bethune_smartcity.notifications import outbox
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import supersede
from bethune_smartcity.notifications.tasks import deliver, sweep
from calls import notices as calls_notices
from calls.models import Submission
from projects import notices as project_notices
from tests.factories import projects
from tests.factories.accounts import AgentFactory, join, owner_of
from tests.factories.calls import CallFactory, submitted

from .test_at_the_hour import EVENING, a_decision, recipients, whole_round

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
State = Message.State


@pytest.fixture(autouse=True)
def _in_the_evening():
    with clock.at(EVENING):
        yield


@pytest.fixture
def administrator():
    return AgentFactory(is_administrator=True)


@pytest.fixture
def screened():
    """An application examined, and the two people of its structure: one whose account is closed by now."""
    done = submitted(CallFactory(closed=True))
    Message.objects.all().delete()
    return done, owner_of(done.structure), join(done.structure, "editor")


def told_to(person):
    return Message.objects.filter(recipient=person, kind=calls_notices.SCREENED)


def test_what_was_written_while_it_was_closed_leaves_to_it_with_the_others(screened, administrator, mailoutbox):
    done, owner, person = screened
    operations.deactivate(person, by=administrator)
    with clock.at(EVENING + HOUR):
        calls_notices.screened(done)
        Message.objects.filter(kind=calls_notices.SCREENED).update(due_at=EVENING + DAY)
        assert not told_to(person).exists()
    with clock.at(EVENING + 2 * HOUR):
        operations.reactivate(person, by=administrator)
    mailoutbox.clear()
    whole_round(EVENING + DAY)
    assert recipients(mailoutbox) == sorted([owner.email, person.email])


def test_and_to_a_team_too(administrator, mailoutbox):
    project = projects.project()
    join(project.structure, "owner")
    person = join(project.structure, "editor")
    operations.deactivate(person, by=administrator)
    with clock.at(EVENING + HOUR):
        project_notices.project_opened(project, by=None)
        Message.objects.filter(kind="projects.opened").update(due_at=EVENING + DAY)
    with clock.at(EVENING + 2 * HOUR):
        operations.reactivate(person, by=administrator)
    mailoutbox.clear()
    whole_round(EVENING + DAY)
    assert recipients(mailoutbox).count(person.email) == 1


def test_who_was_open_all_along_is_no_newcomer(screened, administrator):
    done, _owner, person = screened
    operations.deactivate(person, by=administrator)
    operations.reactivate(person, by=administrator)
    with clock.at(EVENING + HOUR):
        calls_notices.screened(done)
        Message.objects.filter(recipient=person).delete()
        Message.objects.filter(kind=calls_notices.SCREENED).update(due_at=EVENING + DAY, state=State.PENDING)
    whole_round(EVENING + DAY)
    assert not told_to(person).exists()


@pytest.fixture
def withheld(screened, administrator):
    """A message that a round met while the account of its reader was closed."""
    done, _owner, person = screened
    calls_notices.screened(done)
    Message.objects.exclude(recipient=person).delete()
    operations.deactivate(person, by=administrator)
    deliver(told_to(person).get().pk)
    assert told_to(person).get().state == State.WITHHELD
    return done, person


def reopened(person, administrator, after):
    with clock.at(EVENING + after):
        operations.reactivate(person, by=administrator)
        sweep()
        return told_to(person).get()


def test_what_was_withheld_from_it_meanwhile_leaves(withheld, administrator, mailoutbox):
    _done, person = withheld
    mailoutbox.clear()
    assert reopened(person, administrator, DAY).state == State.SENT
    assert recipients(mailoutbox) == [person.email]


def test_what_is_old_is_shown_in_its_space_alone(withheld, administrator, mailoutbox):
    _done, person = withheld
    mailoutbox.clear()
    assert reopened(person, administrator, 40 * DAY).state == State.SHOWN
    assert not mailoutbox
    with clock.at(EVENING + 40 * DAY):
        assert inbox(person).filter(kind=calls_notices.SCREENED).count() == 1


def test_what_it_may_not_read_stays_withheld(withheld, administrator, mailoutbox):
    done, person = withheld
    person.memberships.filter(structure=done.structure).delete()
    mailoutbox.clear()
    assert reopened(person, administrator, DAY).state == State.WITHHELD
    assert not mailoutbox


def test_what_is_past_its_use_stays_withheld(withheld, administrator, mailoutbox):
    _done, person = withheld
    told_to(person).update(expires_at=EVENING + HOUR)
    mailoutbox.clear()
    assert reopened(person, administrator, DAY).state == State.WITHHELD
    assert not mailoutbox


def test_what_was_replaced_meanwhile_does_not_come_back(withheld, administrator):
    done, person = withheld
    supersede(calls_notices.SCREENED, done)
    assert reopened(person, administrator, DAY).state == State.CANCELLED


def test_what_was_called_off_does_not_either(screened, administrator, mailoutbox):
    people, kind, at = a_decision()
    message = Message.objects.get(kind=kind, recipient=people.closed)
    operations.deactivate(people.closed, by=administrator)
    outbox.cancel(message, by=administrator)
    operations.reactivate(people.closed, by=administrator)
    mailoutbox.clear()
    whole_round(at)
    assert people.closed.email not in recipients(mailoutbox)
    assert Submission.objects.count() == 2
