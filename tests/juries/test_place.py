"""Where the jury of a reading meets: given by those who lead or organise it, printed in its minutes."""

import pytest
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.lifecycle.models import JournalEntry
from juries.models import Panel
from juries.operations import deliberation, session
from juries.operations.deliberation import Desk, write_content
from juries.queries.programme import finales_told
from tests.factories.accounts import UserFactory
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
PLACE = "Hôtel de ville, salle 2, et en ligne"


@pytest.fixture
def reading():
    made = a_finale(2, stage=Panel.Stage.READING)
    made.reach("deliberate")
    return made


def test_who_leads_or_organises_gives_it_at_the_meeting(reading):
    for person in (reading.juror, UserFactory()):
        with pytest.raises(Forbidden):
            session.meet_at(reading.panel, PLACE, by=person)
    for person, place in ((reading.chair, "A"), (reading.secretary, "B"), (reading.agent, f" {PLACE} ")):
        session.meet_at(reading.panel, place, by=person)
    assert write_content(Desk.load(reading.panel))["meeting"]["place"] == PLACE
    assert JournalEntry.objects.filter(verb="meet_at").count() == 3
    assert not finales_told().exists()


def test_not_of_a_finale_nor_once_decided(reading):
    made = a_finale(1)
    with pytest.raises(Conflict):
        session.meet_at(made.panel, PLACE, by=made.chair)
    reading.attend()
    deliberation.propose_ranking(reading.panel, by=reading.chair)
    deliberation.decide(reading.panel, by=reading.chair)
    with pytest.raises(Conflict):
        session.meet_at(reading.panel, PLACE, by=reading.chair)


def test_it_is_written_where_presence_is_and_read_in_the_minutes(client, reading):
    client.force_login(reading.chair)
    where = {"pk": reading.panel.pk}
    there = [str(juror.pk) for juror in reading.jurors]
    given = {"present": there, "place": PLACE}
    assert client.post(reverse("juries:chair-presence", kwargs=where), given).status_code == 302
    assert client.post(reverse("juries:chair-presence", kwargs=where), {"present": there}).status_code == 302
    assert client.get(reverse("juries:chair-presence", kwargs=where)).context["form"]["place"].value() == PLACE
    assert PLACE in client.get(reverse("juries:chair-minutes", kwargs=where)).content.decode()
    odd = {"present": there, "place": "x" * 251}
    assert client.post(reverse("juries:chair-presence", kwargs=where), odd).status_code == 422


def test_agents_give_it_with_the_settings(client):
    made = a_finale(1, stage=Panel.Stage.READING)
    client.force_login(made.agent)
    where = reverse("juries:configure", kwargs={"pk": made.panel.pk})
    given = {"readings": 3, "places": 3, "quorum": 3, "basis": "adjusted", "place": PLACE}
    assert client.post(where, given).status_code == 302
    assert Panel.objects.get(pk=made.panel.pk).place == PLACE
