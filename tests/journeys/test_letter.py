"""An agent writes to the finalists and laureates of 2017, reads it as one of them, confirms it, and cancels midway."""

import pytest
from django.core import mail

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import deliver, sweep
from calls.models import Letter
from calls.operations import letters
from calls.queries.letters import messages_of, people_of
from tests.demo.loading import demonstration

from .person import Person

pytestmark = pytest.mark.django_db

LIST = "/gestion/appels/smart-city-2017/envois/"


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker) as loaded:
        yield loaded


def test_a_bulk_message_from_its_first_word_to_what_is_taken_back(monkeypatch):
    agent = Person("agent")
    agent.opens("/gestion/appels/smart-city-2017/messages/")
    assert LIST in agent.text
    agent.opens(LIST)
    agent.opens(f"{LIST}ecrire/")
    agent.sends(
        audience="calls.applicants/handed_in",
        subject_fr="Cinq ans après, {numero}",
        body_fr="Bonjour {nom},\n\n<b>Que devient {structure} ?</b>\n\n{lien}",
        subject_de="Fünf Jahre danach",
        body_de="Guten Tag {nom},\n\n{lien}",
    )
    letter = Letter.objects.latest("pk")
    assert agent.url == f"/gestion/courriers/{letter.pk}/"
    first = people_of(letter, clock.now())[0]
    assert f"Guten Tag {first}," in agent.text
    assert "&lt;b&gt;Que devient" in agent.text
    n = people_of(letter, clock.now()).count()
    assert n > 40
    agent.opens(f"/gestion/courriers/{letter.pk}/confirmer/")
    agent.sends(number=str(n), when="now")
    mail.outbox.clear()
    monkeypatch.setattr(letters, "BATCH", 20)
    monkeypatch.setattr(letters, "BATCHES", 1)
    letters.write_due(clock.now())
    for message in messages_of(letter)[:5]:
        deliver(message.pk)
    agent.opens(f"/gestion/courriers/{letter.pk}/annuler/")
    agent.sends()
    assert "5 messages étaient partis, 15 ont été repris" in agent.text.replace("\u00a0", " ")
    sweep()
    assert len(mail.outbox) == 5
    assert messages_of(letter).filter(state=Message.State.CANCELLED).count() == 15
    lines = JournalEntry.objects.filter(subject_id=str(letter.pk), subject_type__model="letter", verb="take_back")
    assert lines.get().actor == User.objects.get(email="agent@demo.example")
