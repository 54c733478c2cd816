"""Agents word the messages of their call: inert, guarded, told to the readers of that language, and journalled."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.delivery import mail_for
from bethune_smartcity.notifications.kinds import Kind, kind_named, register_kind, worded_kinds
from bethune_smartcity.notifications.layout import finished
from bethune_smartcity.notifications.mails import html_of
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.rendering import default_words, sample_words, template_words, typeset
from bethune_smartcity.notifications.texts import Words, complaints, fill, names_in
from calls.message_placeholders import lacks_told, sample_lacks
from calls.models import CallAgent, MessageText, Submission
from calls.operations import clarifications, deadlines, message_texts, screening
from calls.operations.message_texts import stamp_of
from calls.operations.reminders import plan_closing
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, submitted

DAY = timedelta(days=1)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
CLOSING = Words("{candidature} : Frist {date_limite}", "Guten Tag {nom},\n\n{manques}\n\nBis {date_limite}:\n{lien}")
ALL = sorted(worded_kinds())
typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@pytest.fixture
def call(db):
    return CallFactory()


@pytest.fixture
def agent(call):
    return agent_of(call)


def write(call, agent, words=CLOSING, *, key="calls.closing", language="de", seen=""):
    return message_texts.word(call, key, language, words, seen=seen, by=agent)


def read_in(person, language):
    person.language = language
    person.save()
    return person


# --- What is declared ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ALL)
def test_the_portal_s_own_words_are_made_of_the_declared_placeholders(key, language):
    kind, text = worded_kinds()[key]
    words = default_words(kind, text, language)
    assert not complaints(text, words)
    assert "{" not in sample_words(text, language, words).body
    samples = text.samples(language)
    with translation.override(language):
        made = typeset(template_words(kind, text.made_of(samples)), language)
    filled = sample_words(text, language, words)
    assert (filled.subject, filled.body.split()) == (made[0], made[1].split())
    assert all(samples.values())


def test_texts_of_a_kind_are_told_apart():
    keys = [text.key for kind, text in worded_kinds().values()]
    assert len(keys) == len(set(keys))
    for kind, text in worded_kinds().values():
        assert names_in("".join(each.token for each in text.placeholders)) == [each.name for each in text.placeholders]
        assert len(text.by_name) == len(text.placeholders)
        made = text.made_of(text.tokens())
        if len(kind.texts) > 1:
            assert [each.key for each in kind.texts if each.holds(made)] == [text.key]


def test_a_secret_is_worded_by_nobody():
    texts = kind_named("calls.closing").texts
    with pytest.raises(ValueError, match="secret"):
        register_kind(Kind("calls.secret", "Secret", sensitive=True, texts=texts))


# --- What is refused ---


@pytest.mark.parametrize(
    ("subject", "body", "field", "said"),
    [
        ("S", "{manques} {date_limite}", "body", "{lien}"),
        ("S", "{lien} {date_limite}", "body", "{manques}"),
        ("{lein}", CLOSING.body, "subject", "Did you mean {lien}?"),
        ("S", CLOSING.body + "{zzzzzz}", "body", "use those of the list"),
        ("S", CLOSING.body + "{{ user.password }}", "body", "is no placeholder"),
        ("S", CLOSING.body + "{ alone", "body", "A brace stands alone"),
        ("{manques}", CLOSING.body, "subject", "not in the subject"),
        ("", CLOSING.body, "subject", "Write something"),
        ("S", " \n", "body", "Write something"),
        ("S" * 151, CLOSING.body, "subject", "too long"),
        ("S", CLOSING.body + "x" * 6000, "body", "too long"),
        ("S\u202e", CLOSING.body, "subject", "invisible"),
    ],
)
def test_words_that_would_fail_their_readers_are_refused_at_the_field(call, agent, subject, body, field, said):
    with translation.override("en"):
        with pytest.raises(Invalid) as refusal:
            write(call, agent, Words(subject, body))
        assert refusal.value.field == field
        assert said in str(refusal.value)
    assert not MessageText.objects.exists()


@pytest.mark.parametrize(
    ("key", "language"), [("calls.nothing", "de"), ("calls.closing", "it"), ("juries.ballot", "fr")]
)
def test_only_declared_texts_and_known_languages_are_worded(call, agent, key, language):
    with pytest.raises(Invalid):
        write(call, agent, key=key, language=language)


def test_only_who_configures_the_call_words_its_messages(call, agent):
    others = [UserFactory(), AgentFactory(), agent_of(CallFactory()), agent_of(call, CallAgent.Right.SCREEN)]
    for other in others:
        with pytest.raises(Forbidden):
            write(call, other)
        with pytest.raises(Forbidden):
            message_texts.restore(call, "calls.closing", "de", by=other)
    assert write(call, agent)


def test_a_placeholder_is_known_whatever_its_accents_case_and_spaces(call, agent):
    kept = write(call, agent, Words("{ Numéro }", "{lien}"), key="calls.withdrawn", language="fr")
    assert names_in(kept.subject) == ["numero"]
    assert names_in("{Date limite} {date-limite} {date_limite}") == ["date_limite"] * 3
    assert fill("{Date limite}", {"date_limite": "lundi"}) == "lundi"


# --- Changing and going back ---


def test_a_change_is_journalled_with_what_stood_before_and_undone_at_will(call, agent):
    kept = write(call, agent)
    again = Words("Neu", CLOSING.body)
    later = write(call, agent, again, seen=stamp_of(kept))
    message_texts.restore(call, "calls.closing", "de", by=agent)
    lines = list(JournalEntry.objects.filter(data__message="calls.closing").order_by("pk"))
    assert [line.verb for line in lines] == ["edit_message", "edit_message", "restore_message"]
    assert {line.actor for line in lines} == {agent}
    assert [line.data["before"].get("subject") for line in lines] == [None, CLOSING.subject, later.subject]
    with pytest.raises(Conflict):
        message_texts.restore(call, "calls.closing", "de", by=agent)


def test_what_someone_else_changed_meanwhile_is_not_overwritten(call, agent):
    kept = write(call, agent)
    with pytest.raises(Conflict):
        write(call, agent, Words("Other", CLOSING.body))
    with clock.at(clock.now() + DAY):
        write(call, agent, Words("Second", CLOSING.body), seen=stamp_of(kept))
    with pytest.raises(Conflict):
        write(call, agent, Words("Third", CLOSING.body), seen=stamp_of(kept))
    assert MessageText.objects.get().subject == "Second"


def test_the_portal_s_own_words_are_not_kept_as_a_copy(call, agent):
    kind, text = worded_kinds()["calls.closing"]
    own = default_words(kind, text, "de")
    assert write(call, agent, own) is None
    kept = write(call, agent)
    assert write(call, agent, CLOSING, seen=stamp_of(kept)) == kept
    assert write(call, agent, own, seen=stamp_of(kept)) is None
    assert not MessageText.objects.exists()


# --- What readers get ---


def test_only_readers_of_that_language_and_that_call_get_the_agents_words(call, agent):
    other = CallFactory(closes_at=call.closes_at)
    german, english, elsewhere = draft(call), draft(call), draft(other)
    for begun, language in ((german, "de"), (english, "en"), (elsewhere, "de")):
        read_in(owner_of(begun.structure), language)
    write(call, agent)
    plan_closing(call.closes_at - DAY)
    told = {str(message.about_id): message for message in Message.objects.filter(kind="calls.closing")}
    assert told[str(german.pk)].subject.startswith(f"{german.title} : Frist ")
    assert told[str(german.pk)].body.startswith(f"Guten Tag {owner_of(german.structure)},\n\n")
    assert told[str(german.pk)].body.endswith(f"{settings.SITE_URL}/de/candidatures/{german.pk}/verifier/\n")
    assert "is still a draft" in told[str(english.pk)].body
    assert "Guten Tag" not in told[str(elsewhere.pk)].body


def test_what_stands_in_for_a_placeholder_is_not_read_again(call, agent):
    begun = draft(call, title="{lien} {{ 1|add:1 }} {% now %} <b>{nom}</b>")
    read_in(owner_of(begun.structure), "de")
    write(call, agent, Words("{candidature}", "{candidature}\n{manques} {date_limite} {lien}"))
    plan_closing(call.closes_at - DAY)
    message = Message.objects.get(kind="calls.closing")
    assert message.subject == begun.title
    assert message.body.splitlines()[0] == begun.title
    html = mail_for(message).alternatives[0].content
    assert "<b>" not in html
    assert "&lt;b&gt;{nom}&lt;/b&gt;" in html


def test_words_that_no_longer_fit_are_left_aside_and_the_message_leaves(call, agent):
    begun = draft(call)
    read_in(owner_of(begun.structure), "de")
    MessageText.objects.create(call=call, text="calls.closing", language="de", subject="S", body="{gone} {lien}")
    plan_closing(call.closes_at - DAY)
    assert "{gone}" not in Message.objects.get(kind="calls.closing").body


def test_each_kind_of_message_of_a_call_is_told_in_its_agents_words(call, agent, django_capture_on_commit_callbacks):
    for key in ALL:
        kind, text = worded_kinds()[key]
        words = default_words(kind, text, "en")
        write(call, agent, Words(f"Ours {key}", f"Ours.\n\n{words.body}"), key=key, language="en")
    holder = owner_of(draft(call).structure)
    asked = clarifications.ask(call, "May an association apply?", language="en", by=holder)
    clarifications.answer(asked, "Yes.", by=agent)
    deadlines.move_deadline(call, "closes_at", call.closes_at + DAY, reason="A storm.", by=agent)
    handed = submitted(call)
    plan_closing(call.closes_at - DAY)
    with clock.at(call.closes_at + DAY):
        screening.refuse(handed, reason="Not founded.", by=agent)
    told = {message.kind: message for message in Message.objects.all()}
    expected = {"calls.answered", "calls.moved", "calls.receipt", "calls.closing", "calls.screened"}
    assert expected <= told.keys()
    for kind in expected - {"calls.screened"}:
        assert told[kind].subject == f"Ours {kind}"
        assert told[kind].body.startswith("Ours.\n\n")
    assert told["calls.screened"].subject == "Ours calls.screened.inadmissible"
    assert "Not founded." in told["calls.screened"].body


@given(subject=typed, body=typed, title=typed)
def test_whatever_agents_and_applicants_type_is_inert(subject, body, title):
    """No text ever becomes a header, markup, or a second reading of a placeholder."""
    words = {"candidature": title, "lien": f"{settings.SITE_URL}/a/", "nom": "{lien}"}
    filled = Words(fill(subject + "{candidature}", words), fill(body + "{candidature}{nom}", words))
    assert filled.body.endswith(f"{title}{{lien}}")
    message = Message(pk=1, subject=filled.subject, body=filled.body, address="ana@town.example", language="fr")
    if "\x00" in filled.subject + filled.body:
        return
    sent = message_from_bytes(mail_for(message).message().as_bytes(), policy=policy.default)
    assert len(sent.keys()) == 9
    assert sent["to"] == "ana@town.example"
    html = mail_for(message).alternatives[0].content
    assert html.count("<h1>") == html.count("<main>") == 1
    assert html.count("<script") == html.count("<img") == 0


@pytest.mark.parametrize(
    ("language", "label", "said"),
    [
        ("fr", "Coût de la première année", "Coût de la première année\u00a0: Il manque une réponse. http"),
        ("de", "Kosten", "Kosten: Eine Antwort fehlt. http"),
        ("nl", "Kosten:", "Kosten: Er ontbreekt een antwoord. http"),
        ("en", "What does it cost?", "What does it cost? – An answer is missing. http"),
        ("fr", "Et après…", "Et après… – Il manque une réponse. http"),
    ],
)
def test_what_a_draft_lacks_is_told_apart_from_its_question(language, label, said):
    with translation.override(language):
        lack = sample_lacks()[0]
        lack.question.label = label
        told = lacks_told([lack])
        assert f"- {gettext('The project')}, {said}" in finished(told)
        page = html_of("t", finished(told), language)
    assert f"{said.removesuffix(' http')}</a>" in page


# --- Counts ---


def statements(moment):
    with CaptureQueriesContext(connection) as asked:
        plan_closing(moment)
    return len(asked)


def test_words_are_looked_for_once_whatever_the_number_of_drafts(call, agent):
    write(call, agent)
    counted = []
    for n in (1, 1, 3, 100):
        Submission.objects.all().delete()
        Submission.objects.bulk_create(
            Submission(call=call, structure=StructureFactory(), title="A") for _n in range(n)
        )
        counted.append(statements(call.closes_at - DAY))
    # The first round of all notes that its step has begun; SQLite takes a hundred rows in three statements.
    _first, one, three, hundred = counted
    assert one == three >= hundred - 2
