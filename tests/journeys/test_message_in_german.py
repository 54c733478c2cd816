"""An agent words a reminder in German on the open call; the founder, who reads German, gets exactly that."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from calls.models import Call, Submission
from tests.demo.loading import demonstration

from .person import Person

pytestmark = pytest.mark.django_db

PAGE = "/gestion/appels/mobilite/messages/calls.closing/de/"
SUBJECT = "Frist für {candidature}"
BODY = """Guten Tag {nom},

<b>{manques}</b>

Einreichen bis {date_limite}:
{lien}"""


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker) as loaded:
        yield loaded


def test_the_founder_gets_exactly_the_words_the_agent_wrote_in_her_language():
    founder, colleague = Person("fondatrice"), User.objects.get(email="collegue@demo.example")
    founder.opens("/espace/profil/")
    founder.sends(language="de")
    word_it(Person("agent"))
    call = Call.objects.get(slug="mobilite")
    begun = Submission.objects.get(call=call, state="draft")
    mail.outbox.clear()
    with clock.at(call.closes_at - timedelta(hours=2)):
        sweep()
    her = Message.objects.filter(kind="calls.closing", about_id=str(begun.pk)).order_by("-pk")
    german, french = her.filter(language="de")[0], her.filter(recipient=colleague)[0]
    assert german.subject == f"Frist für {begun.title}"
    opening, rest = german.body.split("<b>")
    lacks, ending = rest.split("</b>")
    assert opening == f"Guten Tag {User.objects.get(email='fondatrice@demo.example')},\n\n"
    assert lacks.startswith("Es fehlt noch:\n- ")
    until = german.body.rpartition("Einreichen bis ")[2].partition(":\n")[0]
    assert until.endswith("(Pariser Zeit)")
    page = f"{settings.SITE_URL}/de/candidatures/{begun.pk}/verifier/"
    assert ending == f"\n\nEinreichen bis {until}:\n{page}\n"
    assert "est encore un brouillon" in french.body
    sent = next(each for each in mail.outbox if each.to == ["fondatrice@demo.example"])
    assert sent.subject == german.subject
    words, choices = sent.body.split("\n-- \n")
    assert words == german.body
    assert "/de/espace/notifications/choix/" in choices
    html = sent.alternatives[0].content
    assert "&lt;b&gt;Es fehlt noch:" in html
    assert f'<a href="{page}">Einreichen bis {until}</a>' in html


def word_it(agent):
    """The agent forgets the link, sees what the readers would get, and saves."""
    agent.opens("/gestion/appels/mobilite/")
    agent.opens("/gestion/appels/mobilite/messages/")
    assert PAGE in agent.text
    agent.opens(PAGE)
    agent.sends(press="preview", subject=SUBJECT, body=BODY.replace("{lien}", "{lein}"))
    assert "Vouliez-vous dire {lien}" in agent.text
    agent.sends(press="preview", subject=SUBJECT, body=BODY)
    assert "Guten Tag Camille Martin" in agent.text
    assert "&lt;b&gt;Es fehlt noch:" in agent.text
    agent.sends(press="save", subject=SUBJECT, body=BODY)
    assert agent.url == PAGE
    line = JournalEntry.objects.filter(verb="edit_message").latest("pk")
    assert (line.actor.email, line.data["language"]) == ("agent@demo.example", "de")
