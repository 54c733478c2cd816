"""Agents run a call: rights, announcement, dates, screening, questions, publication."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM, acting_for
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls import invariants
from calls.models import Call, CallAgent, Section
from calls.operations import clarifications, deadlines, decisions, publication, screening, submissions
from calls.phases import Phase
from calls.queries import public_calls, shown_state, state_shown, visible_calls
from tests.factories.accounts import AgentFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of, draft, questions_of, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(kind):
    """Who received a message of that kind."""
    return {message.recipient for message in Message.objects.filter(kind=kind).select_related("recipient")}


def last_line(subject):
    return JournalEntry.objects.filter(subject_id=str(subject.pk)).order_by("-pk").first()


# --- Creation, form, rights ---


def test_whoever_creates_a_call_holds_all_its_rights():
    agent, now = AgentFactory(), clock.now()
    call = publication.create_call(
        by=agent, slug="new", title="New", number_prefix="N", opens_at=now + DAY, closes_at=now + 9 * DAY
    )
    assert set(call.agent_rights.values_list("user", "right")) == {
        (agent.pk, right) for right in CallAgent.Right.values
    }
    assert call.phase == Phase.DRAFT
    assert call not in visible_calls(UserFactory())
    assert call in visible_calls(agent)
    with pytest.raises(Forbidden):
        publication.create_call(by=UserFactory(), slug="other", opens_at=now, closes_at=now + DAY)


def test_rights_are_given_to_agents_and_one_configures_always():
    call = CallFactory()
    agent, other = agent_of(call), AgentFactory()
    publication.grant_right(call, other, CallAgent.Right.SCREEN, by=agent)
    publication.grant_right(call, other, CallAgent.Right.SCREEN, by=agent)
    assert call.agent_rights.filter(user=other).count() == 1
    with pytest.raises(Invalid):
        publication.grant_right(call, UserFactory(), CallAgent.Right.SCREEN, by=agent)
    with pytest.raises(Forbidden):
        publication.grant_right(call, other, CallAgent.Right.JURY, by=other)
    with pytest.raises(Conflict):
        publication.revoke_right(call.agent_rights.get(user=agent, right=CallAgent.Right.CONFIGURE), by=agent)


def test_a_call_is_announced_once_it_asks_something():
    agent = AgentFactory()
    empty = CallFactory(draft=True, form=False, agent=agent)
    with pytest.raises(Invalid):
        publication.announce(empty, by=agent)
    call = CallFactory(draft=True, agent=agent)
    publication.announce(call, by=agent)
    assert Call.objects.get(pk=call.pk).phase == Phase.OPEN
    with pytest.raises(Conflict):
        publication.announce(call, by=agent)
    assert call in public_calls(clock.now()).open


def test_the_form_is_locked_once_people_may_write():
    agent = AgentFactory()
    coming, opened = CallFactory(coming=True, agent=agent), CallFactory(agent=agent)
    publication.save_part(Section(call=coming, order=9, title="More"), by=agent)
    with pytest.raises(Conflict):
        publication.save_part(Section(call=opened, order=9, title="More"), by=agent)
    with pytest.raises(Conflict):
        publication.remove_part(questions_of(opened)[0], by=agent)
    publication.edit_call(opened, title="Better said", by=agent)
    with pytest.raises(Conflict):
        publication.edit_call(opened, closes_at=opened.closes_at + DAY, by=agent)


# --- Dates ---


def test_moving_the_close_asks_a_reason_tells_applicants_and_is_kept():
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    holder, applicant = owner_of(draft(call).structure), owner_of(submitted(call).structure)
    former, later = call.closes_at, call.closes_at + 7 * DAY
    with pytest.raises(Invalid) as refusal:
        deadlines.move_deadline(call, "closes_at", later, reason=" ", by=agent)
    assert refusal.value.field == "reason"
    deadlines.move_deadline(call, "closes_at", later, reason="A storm.", by=agent)
    moved = Call.objects.get(pk=call.pk).moves.get()
    assert (moved.before, moved.after, moved.reason) == (former, later, "A storm.")
    assert told("calls.moved") == {holder, applicant}
    assert last_line(call).reason == "A storm."


def test_after_the_close_a_moved_date_is_told_to_those_who_wait_not_to_holders_of_dead_drafts():
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    draft(call)
    applicant = owner_of(submitted(call).structure)
    with clock.at(call.closes_at + DAY):
        deadlines.move_deadline(call, "screening_until", clock.now() + 30 * DAY, reason="A storm.", by=agent)
    assert told("calls.moved") == {applicant}


@pytest.mark.parametrize(
    ("field", "shift", "code"),
    [("slug", DAY, "unknown_date"), ("opens_at", DAY, "date_past"), ("closes_at", -60 * DAY, "past")],
)
def test_dates_that_cannot_move_say_why(field, shift, code):
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    with pytest.raises((Invalid, Conflict)) as refusal:
        deadlines.move_deadline(call, field, call.closes_at + shift, reason="x", by=agent)
    assert refusal.value.code == code


def test_someone_else_having_moved_a_date_is_noticed():
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    stale = Call.objects.get(pk=call.pk)
    deadlines.move_deadline(call, "closes_at", call.closes_at + DAY, reason="x", by=agent)
    with pytest.raises(Conflict):
        deadlines.move_deadline(stale, "closes_at", stale.closes_at + 2 * DAY, reason="x", by=agent)


def test_closing_early_closes_for_everyone_at_once():
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    started, done = draft(call, complete=True), submitted(call)
    with clock.at(clock.now()):
        deadlines.close_early(call, reason="The envelope is spent.", by=agent)
        with pytest.raises(Conflict):
            submissions.submit(started, by=owner_of(started.structure))
        assert Call.objects.get(pk=call.pk).phase == Phase.CLOSED
        with pytest.raises(Conflict):
            deadlines.close_early(Call.objects.get(pk=call.pk), reason="Again", by=agent)
    assert told("calls.moved") == {owner_of(started.structure), owner_of(done.structure)}
    assert done.submitted_at < Call.objects.get(pk=call.pk).closes_at
    assert not list(invariants.nobody_late_is_in())
    assert not list(invariants.numbers_were_given_by_their_call())


# --- Screening ---


def closed(submission, after=timedelta(hours=1)):
    return clock.at(submission.call.closes_at + after)


def test_nothing_is_examined_before_the_close():
    done = submitted()
    agent = agent_of(done.call)
    with pytest.raises(Conflict) as refusal:
        screening.admit(done, by=agent)
    assert refusal.value.code == "still_open"
    with closed(done):
        assert screening.admit(done, by=agent).state == "admissible"
        with pytest.raises(Conflict):
            screening.refuse(done, reason="Too late", by=agent)


def test_an_agent_who_is_a_member_examines_nothing_of_theirs():
    done = submitted()
    agent = join(done.structure, "reader", agent_of(done.call))
    with closed(done), pytest.raises(Forbidden):
        screening.admit(done, by=agent)


def test_a_refusal_gives_its_reason():
    done = submitted()
    agent = agent_of(done.call)
    with closed(done):
        with pytest.raises(Invalid):
            screening.refuse(done, reason="", by=agent)
        screening.refuse(done, reason="Not a legal person.", by=agent)
    assert "Not a legal person." in Message.objects.get(kind="calls.screened").body
    assert last_line(done).reason == "Not a legal person."


def test_a_correction_reopens_the_answers_until_its_instant():
    done = submitted()
    agent, by = agent_of(done.call), owner_of(done.structure)
    question = questions_of(done.call)[0]
    until = done.call.closes_at + 3 * DAY
    with closed(done):
        with pytest.raises(Conflict):
            submissions.save_answers(done, {question: "Corrected."}, by=by)
        screening.ask_for_correction(done, request="Say where.", fields=[question.field_name], until=until, by=agent)
        with pytest.raises(Conflict):
            screening.refuse(done, reason="x", by=agent)
        submissions.save_answers(done, {question: "Corrected."}, by=by)
        assert done.versions.count() == 2
    with clock.at(until), pytest.raises(Conflict):
        submissions.save_answers(done, {question: "Too late."}, by=by)
    with clock.at(until):
        screening.refuse(done, reason="Still not there.", by=agent)
    assert "Say where." in Message.objects.get(kind="calls.correction").body


def test_a_correction_sent_closes_the_answers_again():
    done = submitted()
    by = owner_of(done.structure)
    with closed(done):
        with pytest.raises(Conflict):
            submissions.send_correction(done, by=by)
        until = clock.now() + DAY
        screening.ask_for_correction(done, request="Say where.", fields=["title"], until=until, by=agent_of(done.call))
        submissions.send_correction(done, by=by)
        with pytest.raises(Conflict):
            submissions.save_answers(done, {questions_of(done.call)[0]: "More."}, by=by)


# --- Decisions ---


def test_a_decision_stays_hidden_until_it_is_public():
    done = admitted()
    agent, owner = agent_of(done.call), owner_of(done.structure)
    public_at = clock.now() + DAY
    with pytest.raises(Forbidden):
        decisions.shortlist(done, by=agent, public_at=public_at)
    decisions.shortlist(done, by=acting_for(agent), public_at=public_at)
    now = clock.now()
    assert state_shown(done, owner, now) == "admissible"
    assert state_shown(done, agent, now) == "shortlisted"
    member_agent = join(done.structure, "reader", agent_of(done.call))
    assert state_shown(done, member_agent, now) == "admissible"
    assert state_shown(done, owner, public_at) == "shortlisted"
    decisions.elect(done, by=acting_for(agent), public_at=public_at + DAY)
    assert shown_state(done, public_at) == "admissible"
    assert shown_state(done, public_at + DAY) == "laureate"


def test_results_and_archive_follow_the_close():
    agent = AgentFactory()
    call = CallFactory(agent=agent)
    with pytest.raises(Conflict):
        publication.set_results_at(call, clock.now(), by=acting_for(agent))
    with clock.at(call.closes_at + DAY):
        with pytest.raises(Conflict):
            publication.archive(call, by=agent)
        publication.set_results_at(call, clock.now() + DAY, by=acting_for(agent))
    with clock.at(call.closes_at + 2 * DAY):
        assert call.phase == Phase.PUBLISHED
        with pytest.raises(Conflict):
            publication.set_results_at(call, clock.now(), by=SYSTEM)
        publication.archive(call, by=agent)
        assert Call.objects.get(pk=call.pk).phase == Phase.ARCHIVED


# --- Questions ---


def test_a_question_is_answered_once_for_all_who_prepare_and_who_asked():
    call = CallFactory()
    asker, holder = UserFactory(), owner_of(draft(call).structure)
    asked = clarifications.ask(call, " May an association apply? ", by=asker, language="en")
    assert asked.text == "May an association apply?"
    with pytest.raises(Forbidden):
        clarifications.answer(asked, "Yes.", by=agent_of(call, CallAgent.Right.JURY))
    agent = agent_of(call, CallAgent.Right.SCREEN)
    clarifications.answer(asked, "Yes.", by=agent)
    assert told("calls.answered") == {asker, holder}
    with pytest.raises(Conflict):
        clarifications.answer(asked, "No.", by=agent)


@pytest.mark.parametrize("text", ["", "  ", "nul\x00", "x" * 2001, "over\u202eride"])
def test_odd_questions_are_refused_at_their_field(text):
    with pytest.raises(Invalid) as refusal:
        clarifications.ask(CallFactory(), text, by=UserFactory())
    assert refusal.value.field == "text"


def test_questions_end_before_the_call_when_it_says_so():
    call = CallFactory(questions_until=clock.now() + DAY)
    with clock.at(clock.now() + DAY), pytest.raises(Conflict):
        clarifications.ask(call, "Too late?", by=UserFactory())


def test_the_calls_one_sees_are_parted_by_what_one_may_do():
    opened, coming, judged = CallFactory(), CallFactory(coming=True), CallFactory(closed=True)
    past = CallFactory(closed=True, results_at=clock.now() - DAY)
    CallFactory(draft=True)
    parts = public_calls(clock.now())
    assert (parts.open, parts.coming, parts.judged, parts.past) == ([opened], [coming], [judged], [past])


def test_ten_questions_an_hour_are_taken_from_one_person_and_the_rest_asked_to_wait(client):
    call, person = CallFactory(), UserFactory()
    for n in range(10):
        clarifications.ask(call, f"Question {n}?", by=person)
    clarifications.ask(call, "Mine is the first.", by=UserFactory())
    client.force_login(person)
    address = reverse("calls:questions", kwargs={"slug": call.slug})
    answer = client.post(address, {"text": "And the eleventh?"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3601
    assert "And the eleventh?" in answer.content.decode()
    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        assert clarifications.ask(call, "And the eleventh?", by=person)
