"""The words of what the portal writes about no call: agents word them as those of a call, once for the portal."""

import pytest
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.core.models import City
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.kinds import worded_kinds
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.rendering import default_words, sample_words
from bethune_smartcity.notifications.texts import Words, complaints
from calls.models import CallAgent, MessageText
from calls.operations import message_texts
from projects.operations import replication
from tests.factories import projects as make
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of

pytestmark = pytest.mark.django_db
KEY, ANSWER = "projects.replication_receipt.programme", "projects.replication_answer.programme"
WORDS = Words("Ihre Anfrage", "Guten Tag, wir schreiben Ihnen bald.\n\n{effacement}\n\n{lien}")
REPLIED = Words("Unsere Antwort", "{reponse}\n\n{lien}")
SAID = {
    "organisation": "Nachbarstadt",
    "country": "DE",
    "contact_name": "Rathaus",
    "email": "n@stadt.example",
    "language": "de",
}


@pytest.fixture
def agent():
    return agent_of(CallFactory())


def page(name="programme-message-text", key=KEY, language="de"):
    return reverse(f"calls:{name}", kwargs={"text": key, "language": language})


def write(agent, words=WORDS, *, key=KEY, language="de", seen=""):
    return message_texts.word(None, key, language, words, seen=seen, by=agent)


@pytest.mark.parametrize("language", ["fr", "en", "de", "nl"])
@pytest.mark.parametrize("key", [KEY, ANSWER])
def test_the_portal_s_own_words_are_made_of_the_declared_placeholders(key, language):
    kind, text = worded_kinds(of_call=False)[key]
    words = default_words(kind, text, language)
    assert not complaints(text, words)
    assert "{" not in sample_words(text, language, words).body


def test_a_city_that_asks_about_the_programme_is_told_in_the_words_agents_wrote(agent):
    write(agent)
    write(agent, REPLIED, key=ANSWER)
    asked = replication.ask_for_replication(None, **SAID)
    told = Message.objects.get(kind="projects.replication_receipt")
    assert (told.subject, "wir schreiben Ihnen bald" in told.body) == ("Ihre Anfrage", True)
    answers = AgentFactory()
    CallAgent.objects.create(call=CallFactory(), user=answers, right=CallAgent.Right.FOLLOW)
    replication.answer_request(asked, reply="{lien} Gern.", by=answers)
    answer = Message.objects.get(kind="projects.replication_answer")
    assert answer.subject == "Unsere Antwort"
    assert answer.body.startswith("{lien} Gern.")


def test_one_that_asks_about_a_project_or_reads_another_language_is_not(agent):
    write(agent)
    replication.ask_for_replication(make.project(), **SAID)
    replication.ask_for_replication(None, **SAID | {"language": "fr"})
    subjects = Message.objects.filter(kind="projects.replication_receipt").values_list("subject", flat=True)
    assert "Ihre Anfrage" not in subjects


def test_who_configures_no_call_words_nothing():
    screens = AgentFactory()
    CallAgent.objects.create(call=CallFactory(), user=screens, right=CallAgent.Right.SCREEN)
    for person in (screens, AgentFactory(is_administrator=True), UserFactory()):
        with pytest.raises(Forbidden):
            write(person)
        with pytest.raises(Forbidden):
            message_texts.restore(None, KEY, "de", by=person)


def test_texts_of_calls_and_of_the_programme_do_not_mix(agent):
    with pytest.raises(Invalid):
        write(agent, key="calls.closing")
    with pytest.raises(Invalid):
        message_texts.word(agent.call_rights.first().call, KEY, "de", WORDS, seen="", by=agent)


def test_two_agents_do_not_undo_each_other(agent):
    write(agent)
    with pytest.raises(Conflict):
        write(agent, Words("Zweimal", WORDS.body))
    row = MessageText.objects.get()
    write(agent, Words("Anders", WORDS.body), seen=message_texts.stamp_of(row))
    assert MessageText.objects.get().subject == "Anders"


def test_a_text_is_listed_previewed_saved_journalled_and_put_back(client, agent):
    client.force_login(agent)
    listed = client.get(reverse("calls:programme-messages")).content.decode()
    for key in (KEY, ANSWER):
        for language in ("fr", "en", "de", "nl"):
            assert page(key=key, language=language) in listed
    assert page() not in client.get(reverse("calls:messages", args=[agent.call_rights.first().call.slug])).text
    typed = {"subject": WORDS.subject, "body": f"<b>Mut</b> {WORDS.body}", "seen": ""}
    shown = client.post(page(), typed | {"act": "preview"})
    assert "&lt;b&gt;Mut&lt;/b&gt;" in shown.text
    assert not MessageText.objects.exists()
    assert client.post(page(), typed | {"body": "{lien}"}).status_code == 422
    assert client.post(page(), typed).url == page()
    line = JournalEntry.objects.get(verb="edit_message")
    assert (line.subject_id, line.data["message"]) == (str(City.current().pk), KEY)
    assert str(agent) in client.get(page()).text
    assert client.post(page("programme-message-text-restore")).url == page()
    assert not MessageText.objects.exists()


@pytest.mark.parametrize("address", [page(key="calls.closing"), page(language="it"), page(key="nothing")])
def test_what_no_message_has_is_unknown(client, agent, address):
    client.force_login(agent)
    assert client.get(address).status_code == 404
