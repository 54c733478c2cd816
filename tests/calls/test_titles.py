"""A title tells which of several messages it is: the question that has its answer, the date that moved and to when."""

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from calls.models import Clarification
from calls.operations.clarifications import answer
from calls.operations.deadlines import move_deadline
from tests.factories.accounts import owner_of
from tests.factories.calls import CallFactory, agent_of, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(title="Mobilité")


def reader(call, language):
    owner = owner_of(draft(call).structure)
    type(owner).objects.filter(pk=owner.pk).update(language=language)
    return owner


def titles(owner, kind):
    found = Message.objects.filter(recipient=owner, kind=kind).order_by("pk").values_list("subject", flat=True)
    return [title.replace("\u00a0", " ") for title in found]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Réponse à « Une association fondée {}… », sur « Mobilité »"),
        ("de", "Antwort auf „Une association fondée {}…“, zu „Mobilité“"),
        ("nl", "Antwoord op “Une association fondée {}…”, over “Mobilité”"),
        ("en", "Answer to “Une association fondée {}…”, about “Mobilité”"),
    ],
)
def test_each_answer_says_to_which_question(call, language, said):
    owner, agent = reader(call, language), agent_of(call)
    for place in ("à Lille", "à Arras"):
        text = f"Une association fondée {place} avant la clôture\npeut-elle déposer une candidature ?"
        asked = Clarification.objects.create(call=call, text=text)
        answer(asked, "Oui.", by=agent)
    assert titles(owner, "calls.answered") == [
        said.format("à Lille avant la clôture peut-elle"),
        said.format("à Arras avant la clôture peut-elle"),
    ]


def test_each_date_that_moved_says_which_and_to_when(call):
    owner, agent = reader(call, "fr"), agent_of(call)
    for day in (20, 21):
        move_deadline(call, "closes_at", clock.paris(2031, 5, day), reason="Un motif.", by=agent)
        call.refresh_from_db()
    assert titles(owner, "calls.moved") == [
        "« Mobilité », nouvelle date de clôture : lundi 19 mai 2031 à 23 h 59 (heure de Paris)",
        "« Mobilité », nouvelle date de clôture : mardi 20 mai 2031 à 23 h 59 (heure de Paris)",
    ]
