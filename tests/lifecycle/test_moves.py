"""States change in one way only, and each change is written down for good."""

import pytest

from bethune_smartcity.core.access import SYSTEM, acting_for
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.moves import move, record
from calls.models import Submission
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.calls import admitted, agent_of, draft, submitted

pytestmark = pytest.mark.django_db


def lines(subject):
    return JournalEntry.objects.filter(subject_id=str(subject.pk)).order_by("pk")


def test_the_slower_of_two_is_told_and_changes_nothing():
    done = submitted()
    agent = agent_of(done.call)
    slower = Submission.objects.get(pk=done.pk)
    move(done, "admit", by=agent)
    before = lines(done).count()
    with pytest.raises(Conflict) as refusal:
        move(slower, "refuse", by=agent, reason="Too slow")
    assert refusal.value.code == "already_changed"
    assert Submission.objects.get(pk=done.pk).state == "admissible"
    assert lines(done).count() == before


def test_a_move_asks_state_permission_reason_and_guard():
    done = submitted()
    agent = agent_of(done.call)
    with pytest.raises(Forbidden):
        move(done, "admit", by=owner_of(done.structure))
    with pytest.raises(Conflict):
        move(done, "shortlist", by=SYSTEM)
    with pytest.raises(Invalid):
        move(done, "refuse", by=agent, reason="  ")

    def guard(_seen):
        raise Conflict("not_now", "Not now.")

    with pytest.raises(Conflict):
        move(done, "admit", by=agent, guard=guard)
    assert Submission.objects.get(pk=done.pk).state == "submitted"


def test_a_move_writes_who_when_from_what_to_what_and_why():
    done = submitted()
    agent = agent_of(done.call)
    move(done, "refuse", by=agent, reason="Not legal.")
    line = lines(done).last()
    assert (line.verb, line.from_state, line.to_state) == ("refuse", "submitted", "inadmissible")
    assert (line.actor, line.actor_label, line.reason) == (agent, str(agent), "Not legal.")


def test_what_the_portal_does_for_someone_bears_their_name():
    person = UserFactory()
    line = record(draft(), "note", by=acting_for(person))
    assert (line.actor, line.actor_label) == (person, str(person))
    assert record(draft(), "note", by=SYSTEM).actor is None


def test_saving_never_writes_a_state():
    done = admitted()
    stale = Submission.objects.get(pk=done.pk)
    stale.state, stale.title = "laureate", "Better named"
    stale.save()
    kept = Submission.objects.get(pk=done.pk)
    assert (kept.state, kept.title) == ("admissible", "Better named")
    with pytest.raises(ValueError, match="move"):
        stale.save(update_fields=["state"])
    with pytest.raises(ValueError, match="starts as"):
        Submission(call=done.call, structure=done.structure, title="x", state="laureate").save()


def test_a_journal_line_is_neither_rewritten_nor_deleted():
    line = lines(draft()).get()
    line.verb = "other"
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        line.delete()
    assert JournalEntry.objects.get(pk=line.pk).verb == "start"


def test_a_reason_holds_nothing_that_deceives_the_eye():
    done = submitted()
    with pytest.raises(Invalid) as refusal:
        move(done, "refuse", by=agent_of(done.call), reason="Out of \u202escope")
    assert (refusal.value.code, refusal.value.field) == ("odd_characters", "reason")
    assert Submission.objects.get(pk=done.pk).state == "submitted"
