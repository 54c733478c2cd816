"""The public page of a finale: told from the day its organisers tell, finalists only once they are public."""

import datetime as dt
import json
import re
from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Invalid
from calls.models import Submission
from juries.models import PublicVote
from juries.operations import panels, session
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 3, 5)


def told(n=3, **more):
    finale = a_finale(n)
    panels.configure_panel(finale.panel, by=finale.agent, held_from=DAY, place="Théâtre (démo)", **more)
    start = clock.paris(2027, 3, 5, 14)
    session.draw_slots(finale.panel, seed=1, starts_at=start, minutes=20, by=finale.agent)
    return finale


def page_of(client, finale, language=""):
    return client.get(f"{language}/appels/{finale.call.slug}/finale/")


def test_there_is_no_page_before_anything_is_told(client):
    finale = a_finale(3)
    assert page_of(client, finale).status_code == 404
    assert "/finale/" not in client.get(f"/appels/{finale.call.slug}/").text


def test_day_place_order_and_hours_are_told(client):
    finale = told(access="Entrée **de plain-pied**.", occasion="Fête (démo)")
    page = page_of(client, finale).text
    assert f"/appels/{finale.call.slug}/finale/" in client.get(f"/appels/{finale.call.slug}/").text
    for words in ("vendredi", "Théâtre (démo)", "<strong>de plain-pied</strong>", "Fête (démo)", "14", "Finalist 1"):
        assert words in page
    order = page.split('id="finale-order"')[1].split("</table>")[0]
    times = [dt.datetime.fromisoformat(at) for at in re.findall(r'<time datetime="([^"]+T[^"]+)"', order)]
    assert times == sorted(times)
    assert len(times) == 3


def test_two_days_and_prizes_are_told_as_announced(client):
    page = page_of(client, told(held_until=DAY + timedelta(days=1)), "/en").text
    assert "from Friday 5 to Saturday 6 March 2027" in page.replace("\u00a0", " ")
    prizes = page.split('id="finale-prizes"')[1].split("</section>")[0]
    assert "The prizes announced." in prizes


def test_finalists_are_named_once_public_only(client):
    finale = told()
    later = clock.now() + timedelta(days=1)
    Submission.objects.filter(call=finale.call).update(decision_public_at=later)
    for person in (None, finale.agent, finale.chair, finale.juror):
        if person:
            client.force_login(person)
        assert "Finalist 1" not in page_of(client, finale).text
    with clock.at(later):
        assert "Finalist 1" in page_of(client, finale).text


def test_who_withdrew_no_longer_pitches(client):
    finale = told()
    Submission.objects.filter(title="Finalist 2").update(state="withdrawn")
    page = page_of(client, finale).text
    assert "Finalist 2" not in page
    assert "Finalist 3" in page


def test_a_draft_call_hides_its_finale(client):
    finale = told()
    finale.call.announced_at = None
    finale.call.save()
    assert page_of(client, finale).status_code == 404


def test_the_vote_is_told_with_its_hours_and_opened_while_open(client):
    finale = told()
    now = clock.now()
    PublicVote.objects.create(call=finale.call, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    vote = f"/vote/{finale.call.slug}/"
    assert vote not in page_of(client, finale).text
    with clock.at(now + timedelta(hours=1)):
        assert vote in page_of(client, finale).text
    with clock.at(now + timedelta(hours=2)):
        assert vote not in page_of(client, finale).text


def test_machines_read_it_as_an_event_whatever_its_texts(client):
    finale = told(occasion="</script><b>&", held_until=DAY + timedelta(days=1))
    page = page_of(client, finale).text
    blocks = [part.split("</script>")[0] for part in page.split('<script type="application/ld+json">')[1:]]
    (data,) = [thing for block in blocks for thing in json.loads(block)["@graph"] if thing["@type"] == "Event"]
    assert data["url"].startswith("https://portail.example/")
    assert (data["startDate"], data["endDate"]) == ("2027-03-05", "2027-03-06")
    assert data["name"] == "</script><b>&"


def test_days_come_in_order():
    finale = a_finale(3)
    with pytest.raises(Invalid):
        panels.configure_panel(finale.panel, by=SYSTEM, held_from=DAY, held_until=DAY - timedelta(days=1))


@pytest.mark.parametrize("language", ["/en", "/de", "/nl"])
def test_it_reads_in_every_language(client, language):
    assert page_of(client, told(), language).status_code == 200


def test_organisers_of_a_finale_write_it_those_of_a_reading_do_not(client):
    finale, reading = a_finale(3), a_finale(3, stage="reading")
    for each, is_asked in ((finale, True), (reading, False)):
        client.force_login(each.agent)
        assert ('name="access"' in client.get(f"/gestion/jury/{each.panel.pk}/reglages/").text) is is_asked


def test_statements_do_not_grow(client, django_assert_max_num_queries):
    counts = []
    for n in (1, 3, 30):
        finale = told(n)
        with django_assert_max_num_queries(8) as counted:
            assert page_of(client, finale).status_code == 200
        counts.append(len(counted))
    assert len(set(counts)) == 1
