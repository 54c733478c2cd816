"""Several people at one instant: numbers, answers and the close stay whole."""

from threading import Event

from django.urls import reverse

from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.notifications.texts import Words
from calls.models import Call, CallAgent, MessageText, QuestionEdit, Submission
from calls.operations import deadlines, form_changes, message_texts, publication, submissions
from calls.operations.message_texts import stamp_of, word
from tests.bench.counting import counted
from tests.factories.accounts import StructureFactory, join, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, questions_of
from tests.racing import meet_before, racing, together

pytestmark = racing
ALL = "{manques} {date_limite} {lien}"


def submitting(made):
    return lambda: submissions.submit(Submission.objects.get(pk=made.pk), by=owner_of(made.structure))


def test_numbers_given_at_once_differ_and_leave_no_gap():
    call = CallFactory()
    ready = [draft(call, complete=True) for _ in range(4)]
    done = together(*map(submitting, ready))
    assert sorted(submission.number for submission in done) == [f"{call.number_prefix}-000{n}" for n in range(1, 5)]


def test_one_draft_handed_in_at_once_from_two_windows_is_in_once():
    ready = draft(complete=True)
    came_to = together(*[submitting(ready)] * 3)
    assert sum(isinstance(result, Submission) for result in came_to) == 1
    assert ready.versions.count() == 1
    assert Call.objects.get(pk=ready.call_id).last_number == 1


def test_two_colleagues_starting_at_once_start_one_application():
    call, structure = CallFactory(), StructureFactory()
    by = [owner_of(structure), join(structure, "editor"), join(structure, "editor")]

    def starting(person):
        return lambda: submissions.start_draft(call, structure, title="At once", by=person)

    came_to = together(*map(starting, by))
    assert sum(isinstance(result, Submission) for result in came_to) == 1
    assert Submission.objects.count() == 1


def test_two_writers_of_one_answer_at_once_never_lose_a_text_in_silence():
    made = draft()
    question = questions_of(made.call)[0]
    people = [owner_of(made.structure), join(made.structure, "editor")]

    def saving(person):
        values, seen = {question: f"By {person.pk}"}, {question: 0}
        return lambda: submissions.save_answers(made, values, by=person, versions=seen)

    came_to = together(*map(saving, people))
    kept = made.answers.get(question=question)
    assert sum(isinstance(result, submissions.AnswerConflict) for result in came_to) == 1
    assert (kept.version, kept.value) == (1, f"By {kept.saved_by_id}")


def test_two_agents_who_change_one_message_at_once_never_lose_a_text_in_silence(guarded, monkeypatch):
    call = CallFactory()
    agents, key, language = [agent_of(call), agent_of(call)], "calls.withdrawn", "fr"
    seen = stamp_of(word(call, key, language, Words("Premier", "{lien}"), seen="", by=agents[0]))
    meet_before(monkeypatch, message_texts, "record")

    def writing(agent):
        words = Words(f"Texte {agent.pk}", "{lien}")
        return lambda: word(Call.objects.get(pk=call.pk), key, language, words, seen=seen, by=agent)

    came_to = together(*map(writing, agents))
    assert sum(isinstance(result, Conflict) for result in came_to) == int(guarded)


def test_two_agents_who_word_one_message_first_and_at_once_leave_one_text():
    call = CallFactory()
    agents = [agent_of(call), agent_of(call)]

    def writing(agent):
        return lambda: word(call, "calls.closing", "de", Words(f"{agent.pk}", ALL), seen="", by=agent)

    came_to = together(*map(writing, agents))
    assert sum(isinstance(result, Conflict) for result in came_to) == 1
    assert MessageText.objects.count() == 1


def test_an_early_close_and_a_submission_at_once_agree_on_who_was_first():
    call = CallFactory()
    agent, ready = agent_of(call), draft(call, complete=True)

    def closing():
        return deadlines.close_early(Call.objects.get(pk=call.pk), reason="At once", by=agent)

    result, _moved = together(submitting(ready), closing)
    closes_at = Call.objects.get(pk=call.pk).closes_at
    ready.refresh_from_db()
    assert isinstance(result, Conflict) == ready.is_draft
    assert ready.is_draft or ready.submitted_at < closes_at


def test_two_rights_to_configure_taken_back_at_once_leave_one(guarded, monkeypatch):
    call = CallFactory()
    agent_of(call), agent_of(call)
    meet_before(monkeypatch, publication, "record")
    held = CallAgent.objects.filter(call=call, right=CallAgent.Right.CONFIGURE)
    by = held[0].user

    def revoking(pk):
        return lambda: publication.revoke_right(CallAgent.objects.select_related("call").get(pk=pk), by=by)

    assert held.count() == 2
    together(*map(revoking, list(held.values_list("pk", flat=True))))
    assert held.count() == int(guarded)


def test_an_application_that_arrives_while_the_call_is_closed_early_is_never_stamped_after_the_close(
    guarded, monkeypatch
):
    call = CallFactory()
    agent, ready = agent_of(call), draft(call, complete=True)
    real, closing, handed_in = deadlines._move, Event(), Event()

    def move_late(*given, **options):
        closing.set()
        handed_in.wait(0.7)
        return real(*given, **options)

    def close():
        return deadlines.close_early(Call.objects.get(pk=call.pk), reason="At once", by=agent)

    def hand_in():
        closing.wait(5)
        try:
            return submitting(ready)()
        finally:
            handed_in.set()

    monkeypatch.setattr(deadlines, "_move", move_late)
    together(close, hand_in)
    ready.refresh_from_db()
    late = not ready.is_draft and ready.submitted_at >= Call.objects.get(pk=call.pk).closes_at
    assert late != guarded


def test_a_form_that_changes_as_one_hands_in_lets_nothing_incomplete_in(monkeypatch):
    made = draft(complete=True)
    agent, section = agent_of(made.call), made.call.sections.first()
    form_changes.prepare_question(section, by=agent, kind="short", audience="jury", label_fr="Late", required=True)
    meet_before(monkeypatch, submissions, "next_number")
    together(submitting(made), lambda: form_changes.publish_changes(made.call, reason="Why", by=agent))
    stands = Submission.objects.get(pk=made.pk)
    assert Call.objects.get(pk=made.call_id).form_number == 1
    assert (stands.is_draft, stands.form_number) in {(True, 0), (False, 0)}
    assert not any("Late" in str(version.content) for version in stands.versions.all())


def test_two_agents_preparing_one_question_at_once_leave_one_change():
    call = CallFactory()
    question = questions_of(call)[0]

    def preparing(agent):
        return lambda: form_changes.prepare_change(question, by=agent, label_fr=f"By {agent.pk}")

    came_to = together(*map(preparing, (agent_of(call), agent_of(call), agent_of(call))))
    assert QuestionEdit.objects.get(question=question) in came_to
    assert all(isinstance(result, QuestionEdit) for result in came_to)


def test_keeping_a_field_takes_eight_statements_its_transaction_included(client):
    made = draft(CallFactory())
    text = questions_of(made.call)[0]
    client.force_login(owner_of(made.structure))
    address = reverse("calls:autosave", kwargs={"pk": made.pk})
    for version, words in enumerate(("First.", "Second.", "Third.")):
        sent = {"field": text.field_name, text.field_name: words, "version": str(version)}
        with counted() as asked:
            assert client.post(address, sent).json()["version"] == version + 1
        assert len(asked.seen) <= 8, [sql[:80] for sql, _params in asked.seen]
