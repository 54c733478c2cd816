"""Agents write to many people of a call: by a second step, to those who may know, inert, and not without return."""

from datetime import timedelta
from email import message_from_bytes, policy
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import acting_for
from bethune_smartcity.core.errors import Conflict, DomainError, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications import delivery
from bethune_smartcity.notifications.delivery import mail_for
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.post import Carrier
from bethune_smartcity.notifications.tasks import deliver, sweep
from bethune_smartcity.notifications.texts import Words
from calls.audiences import Reader
from calls.models import CallAgent, Letter, Submission
from calls.operations import decisions, letters, submissions
from calls.queries import letters as read
from calls.workflow import LetterState
from tests.factories import projects
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of, draft, submitted
from tests.factories.juries import finalist, prepared

DAY = timedelta(days=1)
FRENCH = Words("Pour {nom}", "Bonjour {nom},\n\n{appel}, {structure}.\n\n{lien}")
GERMAN = Words("Für {nom}", "Guten Tag {nom},\n\n{appel}.\n\n{lien}")
Right = CallAgent.Right
pytestmark = pytest.mark.django_db
typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(call):
    return agent_of(call)


def write(call, agent, audience="calls.applicants", part="handed_in", **words):
    return letters.write_letter(call, audience, part, words or {"fr": FRENCH}, by=agent)


def confirm(letter, agent, *, number=None, due_at=None, seen=None):
    n = read.people_of(letter, clock.now()).count() if number is None else number
    return letters.confirm(letter, number=n, due_at=due_at, seen=seen or letters.stamp_of(letter), by=agent)


def sent(letter):
    letter.refresh_from_db()
    return read.messages_of(letter)


def read_in(structure, language):
    person = owner_of(structure)
    person.language = language
    person.save()
    return person


# --- From the first word to the letter box ---


def test_a_message_reaches_each_of_its_people_once_and_is_theirs_to_find_again(call, agent):
    handed = [submitted(call) for _n in range(3)]
    draft(call)
    letter = confirm(write(call, agent), agent)
    assert not Message.objects.filter(kind="calls.letter").exists()
    sweep()
    sweep()
    told = sent(letter)
    assert {message.recipient for message in told} == {owner_of(each.structure) for each in handed}
    assert {message.state for message in told} == {"sent"}
    assert len({message.key for message in told}) == 3
    assert letter.state == LetterState.LEFT
    assert letter.written == 3
    owner = owner_of(handed[0].structure)
    assert inbox(owner).filter(kind="calls.letter").count() == 1
    one = told.get(recipient=owner)
    assert one.subject == f"Pour {owner}"
    assert f"{call.title}, {handed[0].structure.name}." in one.body
    assert one.path.endswith(f"/candidatures/{handed[0].pk}/")


def test_each_step_is_journalled_with_who_took_it(call, agent):
    submitted(call)
    letter = write(call, agent)
    letters.rewrite_letter(letter, "calls.applicants", "handed_in", {"fr": Words("Autre", "Texte")}, by=agent)
    confirm(letter, agent, due_at=clock.now() + DAY)
    letters.hold(letter, by=agent)
    letters.release(letter, by=agent)
    letters.cancel(letter, by=agent)
    lines = JournalEntry.objects.filter(subject_id=str(letter.pk), subject_type__model="letter").order_by("pk")
    assert [line.verb for line in lines] == [
        "create",
        "edit",
        "confirm",
        "hold",
        "release",
        "cancel",
        "take_back",
    ]
    assert {line.actor for line in lines} == {agent}
    assert lines[2].data["people"] == 1


def test_each_reads_it_in_their_language_and_in_french_for_want_of_it_which_it_says(call, agent):
    for language in ("fr", "de", "nl"):
        read_in(submitted(call).structure, language)
    letter = confirm(write(call, agent, fr=FRENCH, de=GERMAN), agent)
    sweep()
    told = {message.recipient.language: message for message in sent(letter)}
    assert told["de"].body.startswith("Guten Tag")
    assert "/de/candidatures/" in told["de"].body
    assert "\u00a0" not in told["de"].subject
    assert (told["nl"].language, told["nl"].subject[:4]) == ("fr", "Pour")
    with translation.override("nl"):
        assert told["nl"].body.startswith(f"{read.ONLY_FRENCH}\n\nBonjour")
    assert "/nl/candidatures/" in told["nl"].body
    assert told["fr"].body.startswith("Bonjour")


# --- Who ---


def people(call, audience, part, moment=None):
    letter = Letter(call=call, audience=audience, part=part)
    return set(read.people_of(letter, moment or clock.now()))


def test_the_people_of_each_audience_are_those_of_this_call_alone(call, agent):
    other = CallFactory()
    for each in (other,):
        draft(each), submitted(each)
    begun, handed = draft(call), submitted(call)
    gone = submitted(call)
    submissions.withdraw(gone, by=owner_of(gone.structure))
    colleague = join(handed.structure, Membership.Role.READER)
    left = join(handed.structure, Membership.Role.EDITOR)
    left.is_active = False
    left.save()
    assert people(call, "calls.drafts", "") == {owner_of(begun.structure)}
    assert people(call, "calls.applicants", "handed_in") == {owner_of(handed.structure), colleague}
    assert people(call, "calls.applicants", "submitted") == {owner_of(handed.structure), colleague}
    assert people(call, "calls.applicants", "withdrawn") == {owner_of(gone.structure)}
    assert people(call, "calls.applicants", "admissible") == set()


def test_jurors_of_one_panel_and_teams_of_one_call_are_written_to():
    jury = prepared(applications=1)
    letter = write(jury.call, jury.agent, "juries.jurors", str(jury.panel.pk), fr=Words("S", "{nom}\n{lien}"))
    sweep_after(letter, jury.agent)
    assert {m.recipient for m in sent(letter)} == {juror.user for juror in jury.jurors}
    assert all(m.path.endswith(f"/jury/{jury.panel.pk}/") for m in sent(letter))
    call = projects.published_call()
    agent = agent_of(call)
    made = projects.project(projects.award(call))
    projects.project(projects.award(projects.published_call()))
    editor = join(made.structure, Membership.Role.EDITOR)
    join(made.structure, Membership.Role.READER)
    letter = write(call, agent, "projects.teams", "", fr=Words("{projet}", "{projet}\n{lien}"))
    sweep_after(letter, agent)
    assert {m.recipient for m in sent(letter)} == {editor}
    assert {m.subject for m in sent(letter)} == {made.name}


def sweep_after(letter, agent):
    confirm(letter, agent)
    sweep()


@pytest.mark.parametrize("outcome", ["shortlist", "decline"])
def test_to_be_written_to_tells_nobody_a_decision_that_is_not_public(call, agent, outcome):
    """The canary: an agent who writes to the finalists, or to those not selected, before the hour."""
    public_at = clock.now() + 60 * DAY
    with clock.at(call.closes_at + DAY):
        one, two = admitted(call, by=agent), admitted(call, by=agent)
        getattr(decisions, outcome)(one, by=acting_for(agent), public_at=public_at)
        state = Submission.objects.get(pk=one.pk).state
        assert state in {"shortlisted", "declined"}
        letter = write(call, agent, part=state)
        assert people(call, "calls.applicants", state) == set()
        assert people(call, "calls.applicants", "finalists") == set()
        both = {owner_of(one.structure), owner_of(two.structure)}
        assert people(call, "calls.applicants", "admissible") == both
        with pytest.raises(Conflict) as refusal:
            confirm(letter, agent)
        assert refusal.value.code == "nobody"
        confirm(letter, agent, due_at=clock.now() + DAY)
    with clock.at(call.closes_at + 3 * DAY):
        sweep()
    assert not sent(letter).exists()
    with clock.at(public_at):
        late = write(call, agent, part=state)
        confirm(late, agent)
        sweep()
    assert {m.recipient for m in sent(late)} == {owner_of(one.structure)}


def test_the_canary_sings_when_real_states_are_looked_at(call, agent, monkeypatch):
    """The control: without the guard, the same walk reveals the decision."""
    from calls.queries import audiences

    monkeypatch.setattr(audiences, "in_public_states", lambda found, states, _moment: found.filter(state__in=states))
    with clock.at(call.closes_at + DAY):
        one = admitted(call, by=agent)
        decisions.shortlist(one, by=acting_for(agent), public_at=clock.now() + 9 * DAY)
        assert people(call, "calls.applicants", "shortlisted") == {owner_of(one.structure)}


def test_the_agent_is_told_which_decisions_do_not_count_yet(call, agent):
    with clock.at(call.closes_at + DAY):
        one = admitted(call, by=agent)
        decisions.shortlist(one, by=acting_for(agent), public_at=clock.now() + 9 * DAY)
        for part, is_warned in (("shortlisted", True), ("admissible", True), ("handed_in", False)):
            audience = read.audience_of(Letter(call=call, audience="calls.applicants", part=part))
            assert bool(audience.caution(call, part, clock.now())) == is_warned
        assert not audience.caution(call, "shortlisted", clock.now() + 10 * DAY)


def test_finalists_stay_finalists_once_the_finale_is_decided(call, agent):
    with clock.at(call.closes_at + DAY):
        won, lost = finalist(call, agent), finalist(call, agent)
        decisions.elect(won, by=acting_for(agent), public_at=clock.now() + DAY)
        decisions.decline(lost, by=acting_for(agent), public_at=clock.now() + DAY)
        both = {owner_of(won.structure), owner_of(lost.structure)}
        assert people(call, "calls.applicants", "finalists") == both
        assert people(call, "calls.applicants", "laureate") == set()
    with clock.at(call.closes_at + 3 * DAY):
        assert people(call, "calls.applicants", "finalists") == both
        assert people(call, "calls.applicants", "laureate") == {owner_of(won.structure)}
        assert people(call, "calls.applicants", "declined") == {owner_of(lost.structure)}


def test_who_left_the_audience_before_it_leaves_is_not_written_to_and_who_joined_it_is(call, agent):
    stays, goes = submitted(call), submitted(call)
    letter = confirm(write(call, agent), agent, due_at=clock.now() + DAY)
    submissions.withdraw(goes, by=owner_of(goes.structure))
    comes = submitted(call)
    with clock.at(clock.now() + 2 * DAY):
        sweep()
    assert {m.recipient for m in sent(letter)} == {owner_of(stays.structure), owner_of(comes.structure)}


@pytest.mark.parametrize(
    ("right", "audience", "part"),
    [(Right.SCREEN, "juries.jurors", "1"), (Right.JURY, "calls.drafts", ""), (Right.CONFIGURE, "calls.drafts", "")],
)
def test_a_right_opens_its_own_people_alone(call, right, audience, part):
    holder = agent_of(call, right)
    with pytest.raises(DomainError):
        write(call, holder, audience, part)
    letter = write(call, agent_of(call), "calls.drafts", "")
    assert read.visible_letters(holder).filter(pk=letter.pk).exists() == (right == Right.SCREEN)


def test_nobody_else_writes_confirms_or_cancels(call, agent):
    submitted(call)
    letter = write(call, agent)
    confirm(letter, agent, due_at=clock.now() + DAY)
    member = agent_of(call)
    Membership.objects.create(user=member, structure=submitted(call).structure, role=Membership.Role.READER)
    for other in (UserFactory(), AgentFactory(), agent_of(CallFactory()), agent_of(call, Right.CONFIGURE), member):
        with pytest.raises(Forbidden):
            write(call, other)
        for act in (letters.hold, letters.cancel, letters.hasten):
            with pytest.raises(Forbidden):
                act(letter, by=other)
        assert not read.visible_letters(other).exists()


# --- What is refused ---


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"fr": Words("", "Texte")}, "subject_fr"),
        ({"fr": Words("Objet", " \n")}, "body_fr"),
        ({"de": GERMAN}, "subject_fr"),
        ({"fr": FRENCH, "de": Words("Nur Betreff", "")}, "body_de"),
        ({"fr": Words("Objet", "{manques}")}, "body_fr"),
        ({"fr": Words("Objet", "{ seule")}, "body_fr"),
        ({"fr": Words("{contact}", "Texte")}, "subject_fr"),
        ({"fr": Words("Objet\u202e", "Texte")}, "subject_fr"),
        ({"fr": Words("x" * 151, "Texte")}, "subject_fr"),
        ({"fr": Words("Objet", "x" * 6001)}, "body_fr"),
    ],
)
def test_words_that_would_fail_their_readers_are_refused_at_the_field(call, agent, words, field):
    with pytest.raises(Invalid) as refusal:
        write(call, agent, **words)
    assert refusal.value.field == field
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("audience", "part"), [("calls.nobody", ""), ("calls.applicants", "no"), ("juries.jurors", "9999")]
)
def test_unknown_people_are_refused(call, agent, audience, part):
    with pytest.raises(Invalid) as refusal:
        write(call, agent, audience, part)
    assert refusal.value.field == "audience"


def test_the_panel_of_another_call_is_no_choice(agent, call):
    jury = prepared(applications=1)
    with pytest.raises(Invalid):
        write(call, agent, "juries.jurors", str(jury.panel.pk))


def test_the_number_is_retyped_and_the_instant_is_to_come(call, agent):
    submitted(call)
    letter = write(call, agent)
    for number, due_at, field in (
        (2, None, "number"),
        (1, clock.now() - DAY, "due_at"),
        (1, clock.now() + 400 * DAY, "due_at"),
    ):
        with pytest.raises(Invalid) as refusal:
            confirm(letter, agent, number=number, due_at=due_at)
        assert refusal.value.field == field
    with pytest.raises(Conflict):
        confirm(letter, agent, seen="earlier")
    confirm(letter, agent)
    with pytest.raises(Conflict):
        confirm(letter, agent)
    for act in (letters.discard_letter,):
        with pytest.raises(Conflict):
            act(letter, by=agent)
    with pytest.raises(Conflict):
        letters.rewrite_letter(letter, "calls.drafts", "", {"fr": FRENCH}, by=agent)


def test_a_draft_is_thrown_away(call, agent):
    letter = write(call, agent)
    letters.discard_letter(letter, by=agent)
    assert not Letter.objects.exists()


# --- Later, held back, cancelled ---


def test_what_is_planned_waits_for_its_instant_and_what_is_held_for_someone(call, agent):
    submitted(call)
    due = clock.now() + 3 * DAY
    letter = confirm(write(call, agent), agent, due_at=due)
    with clock.at(due - timedelta(minutes=1)):
        sweep()
        assert not sent(letter).exists()
    letters.hold(letter, by=agent)
    with clock.at(due + DAY):
        sweep()
        assert not sent(letter).exists()
        letters.release(letter, by=agent)
        sweep()
    assert sent(letter).count() == 1


def test_one_held_back_may_leave_now(call, agent):
    submitted(call)
    letter = confirm(write(call, agent), agent, due_at=clock.now() + 3 * DAY)
    letters.hold(letter, by=agent)
    letters.hasten(letter, by=agent)
    sweep()
    assert sent(letter).count() == 1


# --- Taken back to change ---


def rewritten(letter, agent, body="Nouveau texte.\n{lien}"):
    return letters.rewrite_letter(letter, letter.audience, letter.part, {"fr": Words("Objet", body)}, by=agent)


@pytest.mark.parametrize("is_held", [False, True])
def test_taken_back_it_is_a_draft_again_and_leaves_once_it_is_confirmed_again(call, agent, is_held):
    submitted(call)
    letter = confirm(write(call, agent), agent, due_at=clock.now() + DAY)
    if is_held:
        letters.hold(letter, by=agent)
    before = letters.stamp_of(letter)
    letters.reopen(letter, by=agent)
    letter.refresh_from_db()
    assert (letter.state, letter.due_at, letter.foreseen) == (LetterState.DRAFT, None, None)
    rewritten(letter, agent)
    with clock.at(clock.now() + 2 * DAY):
        sweep()
        assert not sent(letter).exists()
        with pytest.raises(Conflict):
            confirm(letter, agent, seen=before)
        confirm(letter, agent)
        sweep()
    [message] = sent(letter)
    assert message.subject == "Objet"
    assert "Nouveau texte." in message.body
    line = JournalEntry.objects.get(subject_id=str(letter.pk), subject_type__model="letter", verb="reopen")
    assert (line.actor, line.to_state, line.data["people"]) == (agent, "draft", 1)


def test_who_had_the_second_step_open_reads_it_again_even_when_nothing_was_changed(call, agent):
    submitted(call)
    letter = write(call, agent)
    seen = letters.stamp_of(letter)
    confirm(letter, agent, due_at=clock.now() + DAY)
    letters.reopen(letter, by=agent)
    with pytest.raises(Conflict) as refusal:
        confirm(letter, agent, seen=seen)
    assert refusal.value.code == "already_changed"


def test_once_it_has_begun_it_is_cancelled_and_never_taken_back(call, agent):
    submitted(call)
    letter = confirm(write(call, agent), agent)
    stale = Letter.objects.get(pk=letter.pk)
    with pytest.raises(Forbidden):
        letters.reopen(letter, by=agent_of(call, Right.CONFIGURE))
    letters.write_due(clock.now())
    for each in (stale, Letter.objects.get(pk=letter.pk)):
        with pytest.raises(Conflict):
            letters.reopen(each, by=agent)
    with pytest.raises(Conflict):
        letters.reopen(write(call, agent), by=agent)
    assert sent(letter).count() == 1


def test_a_sweep_that_read_it_before_it_was_taken_back_tells_nobody_the_old_words(call, agent):
    submitted(call)
    letter = confirm(write(call, agent), agent)
    [read_then], [stale] = letters.DUE.fetch(until=clock.now()), letters.DUE.fetch(until=clock.now())
    letters.reopen(letter, by=agent)
    assert letters._write_out(read_then, clock.now()) == 0
    rewritten(letter, agent)
    # Confirmed again for later: the sweep that still holds it waits for that instant.
    confirm(letter, agent, due_at=clock.now() + DAY)
    assert letters._write_out(read_then, clock.now()) == 0
    assert not sent(letter).exists()
    assert letter.state == LetterState.PLANNED
    # Confirmed again for now: it writes what the message says now.
    letters.hasten(letter, by=agent)
    assert letters._write_out(stale, clock.now()) == 1
    assert [message.subject for message in sent(letter)] == ["Objet"]


def test_cancelled_before_it_leaves_nobody_gets_it(call, agent):
    submitted(call)
    letter = confirm(write(call, agent), agent, due_at=clock.now() + DAY)
    assert letters.cancel(letter, by=agent) == letters.TakenBack(left=0, kept=0)
    with clock.at(clock.now() + 2 * DAY):
        sweep()
    assert not sent(letter).exists()
    with pytest.raises(Conflict):
        letters.cancel(letter, by=agent)


def test_cancelled_midway_what_has_not_left_is_taken_back(call, agent, monkeypatch):
    for _n in range(7):
        submitted(call)
    letter = confirm(write(call, agent), agent)
    monkeypatch.setattr(letters, "BATCH", 3)
    monkeypatch.setattr(letters, "BATCHES", 1)
    letters.write_due(clock.now())
    for message in sent(letter)[:2]:
        deliver(message.pk)
    assert letter.state == LetterState.LEAVING
    assert letters.cancel(letter, by=agent) == letters.TakenBack(left=2, kept=1)
    sweep()
    told = sorted(sent(letter).values_list("state", flat=True))
    assert told == ["cancelled", "sent", "sent"]
    assert len([each for each in mail.outbox if each.subject.startswith("Pour ")]) == 2


@pytest.mark.parametrize("is_cut", [True, False], ids=["cut", "taken"])
def test_cancelled_while_one_is_leaving_it_has_left_or_never_does(call, agent, monkeypatch, is_cut):
    """A worker has it in its hands; the connection drops."""
    for _n in range(3):
        submitted(call)
    letter = confirm(write(call, agent), agent)
    letters.write_due(clock.now())
    message = delivery.claim(sent(letter).first().pk)
    assert letters.cancel(letter, by=agent) == letters.TakenBack(left=1, kept=2)

    def cut(_mail):
        raise SMTPServerDisconnected("cut")

    with monkeypatch.context() as broken, Carrier() as carrier:
        if is_cut:
            broken.setattr(EmailMessage, "send", cut)
        delivery.send(message, carrier)
    with clock.at(clock.now() + DAY):
        sweep()
    told = sorted(sent(letter).values_list("state", flat=True))
    assert told == ["cancelled", "cancelled", "cancelled" if is_cut else "sent"]
    assert len([each for each in mail.outbox if each.subject.startswith("Pour ")]) == (0 if is_cut else 1)


def test_written_to_everyone_what_waits_is_still_taken_back_and_what_left_is_not(call, agent):
    submitted(call), submitted(call)
    letter = confirm(write(call, agent), agent)
    letters.write_due(clock.now())
    deliver(sent(letter).first().pk)
    assert letters.cancel(letter, by=agent) == letters.TakenBack(left=1, kept=1)
    other = confirm(write(call, agent), agent)
    sweep()
    other.refresh_from_db()
    with pytest.raises(Conflict) as refusal:
        letters.cancel(other, by=agent)
    assert refusal.value.code == "all_left"


def test_interrupted_midway_it_goes_on_and_writes_to_nobody_twice(call, agent, monkeypatch):
    for _n in range(5):
        submitted(call)
    letter = confirm(write(call, agent), agent)
    monkeypatch.setattr(letters, "BATCH", 2)
    counted, ours = [], letters.message_to

    def dies(*args):
        counted.append(1)
        if len(counted) == 4:
            raise OSError("killed")
        return ours(*args)

    monkeypatch.setattr(letters, "message_to", dies)
    letters.write_due(clock.now())
    assert sent(letter).count() == 2
    letters.write_due(clock.now())
    assert sent(letter).count() == 5
    assert sent(letter).values("recipient").distinct().count() == 5


# --- Inert ---


def test_a_title_of_an_application_has_no_way_into_it(call, agent):
    """Nobody reads what a draft says before it is handed in, by any placeholder."""
    begun = draft(call, title="CANARY")
    for name in ("candidature", "titre"):
        with pytest.raises(Invalid):
            write(call, agent, "calls.drafts", "", fr=Words("Objet", f"{{{name}}}"))
    letter = write(call, agent, "calls.drafts", "", fr=FRENCH)
    [reader] = read.readers_of(letter, list(read.people_of(letter, clock.now())), clock.now())
    assert "CANARY" not in f"{reader} {read.words_for(letter, reader, 'url')}"
    assert begun.structure.name in reader.told


@given(subject=typed, body=typed, name=typed)
def test_whatever_people_type_becomes_no_header_no_markup_and_no_placeholder(subject, body, name):
    call = CallFactory.build(title="{nom} <b>Titre</b>\r\nBcc: x@y.example")
    user = UserFactory.build(pk=3, name=name, email="ana@town.example", language="fr")
    texts = {"fr": {"subject": f"{subject} {{nom}} {{appel}}", "body": f"{body}\n{{nom}} {{structure}}"}}
    letter = Letter(pk=1, call=call, audience="calls.applicants", part="handed_in", texts=texts)
    facts = {"structures": "{lien}", "numbers": "", "call": call, "city": None, "closes": call.closes_at}
    words = read.words_for(letter, Reader(user, "", "calls:detail", {}, facts), f"{settings.SITE_URL}/a/")
    if "\x00" in words.subject + words.body:
        return
    message = Message(pk=1, subject=words.subject, body=words.body, address="ana@town.example", language="fr")
    arrived = message_from_bytes(mail_for(message).message().as_bytes(), policy=policy.default)
    assert len(arrived.keys()) == 9
    assert arrived["to"] == "ana@town.example"
    html = mail_for(message).alternatives[0].content
    assert html.count("<h1>") == html.count("<main>") == 1
    assert html.count("<b>") == html.count("<script") == html.count("<img") == 0
    assert words.body.rstrip().endswith("{lien}")


# --- The plan, and counts ---


def foreseen(user):
    from bethune_smartcity.notifications.planners import foresee

    now = clock.now()
    return [one for one in foresee(user, now, now + 30 * DAY) if one.ref.startswith("l")]


def test_it_stands_in_the_plan_with_how_many_and_why(call, agent):
    submitted(call)
    letter = confirm(write(call, agent), agent, due_at=clock.now() + DAY)
    [one] = foreseen(agent)
    assert (one.at, one.count, one.about, one.is_held) == (letter.due_at, 1, call.title, False)
    one.handle.hold(by=agent)
    [one] = foreseen(agent)
    assert one.is_held
    assert not foreseen(agent_of(CallFactory()))
    assert not foreseen(agent_of(call, Right.JURY))
    one.handle.cancel(by=agent)
    assert not foreseen(agent)


def statements(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_the_plan_asks_as_much_whatever_the_messages_and_writing_grows_with_batches(call, agent):
    counted = []
    for n in (1, 3, 30):
        while Letter.objects.count() < n:
            confirm(write(call, agent), agent, number=0, due_at=clock.now() + DAY)
        counted.append(statements(lambda: foreseen(agent)))
    assert counted[0] == counted[1] == counted[2]
    Letter.objects.all().delete()
    written = []
    for n in (1, 3, 100):
        Submission.objects.all().delete()
        now = clock.now()
        Submission.objects.bulk_create(
            Submission(
                call=call,
                structure=StructureFactory(),
                title="A",
                state="submitted",
                number=f"N{n}-{k}",
                submitted_at=now,
            )
            for k in range(n)
        )
        confirm(write(call, agent), agent)
        written.append(statements(lambda: letters.write_due(clock.now())))
    # Each message due at once wakes a worker; SQLite takes a hundred rows in three statements.
    assert written[0] == written[1] >= written[2] - 2
