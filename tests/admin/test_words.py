"""How the back office names and writes what it lists."""

from datetime import timedelta

import pytest
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.instants import late_since
from calls.models import Call
from tests.admin.screens import address
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory, agent_of, submitted

pytestmark = pytest.mark.django_db


def crumbs(page):
    return page.split('<div class="breadcrumbs">')[1].split("</div>")[0]


@pytest.mark.parametrize("model", [JournalEntry, Call])
def test_no_crumb_repeats_another(signed_in, model):
    agent = AgentFactory()
    row = CallFactory(agent=agent)
    client = signed_in(agent)
    trail = crumbs(client.get(address(model, "list")).content.decode())
    assert trail.count("›") == 1
    if model is Call:
        trail = crumbs(client.get(address(Call, "change", row.pk)).content.decode())
        assert trail.count("›") == 2
        assert address(Call, "list") in trail


def test_lines_of_the_journal_are_counted_as_lines(signed_in):
    agent = AgentFactory()
    CallFactory(agent=agent)
    page = signed_in(agent).get(address(JournalEntry, "list")).content.decode()
    assert "lignes du journal" in page
    assert "0 journal" not in page


def test_hours_are_written_as_elsewhere(signed_in):
    agent = AgentFactory()
    CallFactory(agent=agent, closes_at=clock.paris(2027, 3, 4, 13, 45), opens_at=clock.now() - timedelta(days=1))
    page = signed_in(agent).get(address(Call, "list")).content.decode()
    assert "4 mars 2027 à 13\u00a0h\u00a045" in page


def test_late_examinations_say_since_when_they_are(signed_in):
    call = CallFactory()
    agent = agent_of(call)
    submitted(call)
    until = clock.paris(2027, 2, 2)
    Call.objects.filter(pk=call.pk).update(closes_at=clock.paris(2027, 1, 13), screening_until=until)
    before, after = "avant la fin du lundi 1er février 2027", "en retard depuis le mardi 2 février 2027"
    for moment, said in ((until - timedelta(minutes=1), before), (until, after), (until + timedelta(days=40), after)):
        with clock.at(moment):
            first = signed_in(agent).get("/admin/").context["tasks"][0]
        assert (first.count, first.note.replace("\u00a0", " "), first.is_hot) == (1, said, True)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "late since Tuesday 2 February 2027"),
        ("de", "überfällig seit Dienstag, 2. Februar 2027"),
        ("nl", "te laat sinds dinsdag 2 februari 2027"),
    ],
)
def test_each_language_says_since_when_something_is_late(language, said):
    with translation.override(language):
        assert late_since(clock.paris(2027, 2, 2)).replace("\u00a0", " ") == said
