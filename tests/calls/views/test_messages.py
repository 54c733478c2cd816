"""The pages on which agents word the messages of their call."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.notifications.kinds import worded_kinds
from calls.models import CallAgent, MessageText
from tests.factories.calls import CallFactory, agent_of

pytestmark = pytest.mark.django_db
KEY = "calls.closing"
BODY = "{manques} {date_limite} {lien}"


def page(call, name="message-text", key=KEY, language="de"):
    return reverse(f"calls:{name}", kwargs={"slug": call.slug, "text": key, "language": language})


def listed(call):
    return reverse("calls:messages", kwargs={"slug": call.slug})


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(client, call):
    person = agent_of(call)
    client.force_login(person)
    return person


def test_the_list_leads_to_each_text_in_each_language_and_says_whose_words_stand(client, call, agent):
    text = client.get(listed(call)).content.decode()
    assert all(
        page(call, key=key, language=code) in text for key in worded_kinds() for code in ("fr", "en", "de", "nl")
    )
    assert "texte de l’appel" not in text
    MessageText.objects.create(call=call, text=KEY, language="de", subject="S", body=BODY)
    assert client.get(listed(call)).content.decode().count("texte de l’appel") == 1


def test_a_text_is_previewed_saved_and_put_back(client, call, agent):
    first = client.get(page(call)).content.decode()
    assert "{manques}" in first
    assert "noch ein Entwurf" in first
    typed = {"subject": "Frist", "body": f"Nur <b>Mut</b>\n{BODY}", "seen": ""}
    shown = client.post(page(call), typed | {"act": "preview"})
    assert shown.status_code == 200
    assert "Nur &lt;b&gt;Mut&lt;/b&gt;" in shown.content.decode()
    assert not MessageText.objects.exists()
    assert client.post(page(call), typed).url == page(call)
    saved = client.get(page(call)).content.decode()
    assert str(agent) in saved
    assert "Frist" in saved
    assert client.get(page(call, "message-text-restore")).status_code == 200
    assert client.post(page(call, "message-text-restore")).url == page(call)
    assert client.post(page(call, "message-text-restore")).status_code == 409
    assert "Le texte d’avant" in client.get(page(call)).content.decode()


def test_what_lacks_is_said_at_the_field_or_beside_the_preview_and_what_was_typed_stays(client, call, agent):
    typed = {"subject": "{lein}", "body": "Kurz", "seen": ""}
    saved, previewed = (client.post(page(call), typed | {"act": act}) for act in ("save", "preview"))
    errors = saved.context["form"].errors
    assert (saved.status_code, previewed.status_code) == (422, 200)
    assert previewed.context["problems"] == [*errors["subject"], *errors["body"]]
    assert "{lien}" in errors["subject"][0]
    named = zip(("{lien}", "{manques}", "{date_limite}"), errors["body"], strict=True)
    assert all(token in sentence for token, sentence in named)
    assert all("Kurz</textarea>" in answer.content.decode() for answer in (saved, previewed))


def test_a_text_changed_meanwhile_is_a_conflict(client, call, agent):
    MessageText.objects.create(call=call, text=KEY, language="de", subject="S", body=BODY)
    assert client.post(page(call), {"subject": "T", "body": BODY, "seen": ""}).status_code == 409


def test_an_agent_who_does_not_configure_reads_and_writes_nothing(client, call):
    client.force_login(agent_of(call, CallAgent.Right.SCREEN))
    assert client.get(listed(call)).status_code == 200
    text = client.get(page(call)).content.decode()
    assert "<textarea" not in text
    assert client.post(page(call), {"subject": "T", "body": BODY, "seen": ""}).status_code == 403
    assert client.post(page(call, "message-text-restore")).status_code == 403
    assert not MessageText.objects.exists()


@pytest.mark.parametrize(
    ("key", "language"), [("calls.nothing", "de"), (KEY, "it"), ("juries.ballot", "fr"), ("x" * 300, "fr")]
)
def test_what_is_no_text_is_unknown(client, call, agent, key, language):
    assert client.get(page(call, key=key, language=language)).status_code == 404
    assert client.post(page(call, "message-text-restore", key, language)).status_code == 404


@pytest.mark.parametrize("seen", ["x", "9" * 41, "2026-01-01"])
def test_an_odd_version_is_no_fault(client, call, agent, seen):
    assert client.post(page(call), {"subject": "T", "body": BODY, "seen": seen}).status_code in {409, 422}


def test_the_list_asks_the_same_of_no_text_and_of_all(client, call, agent):
    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(listed(call))
        return len(found)

    asked()
    before = asked()
    for key in worded_kinds():
        MessageText.objects.create(call=call, text=key, language="de", subject="S", body=BODY)
    assert asked() == before
