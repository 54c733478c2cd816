"""How the back office names and writes what it lists."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Call
from tests.admin.screens import address
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory

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
