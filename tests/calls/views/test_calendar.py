"""A call's dates in people's own calendars."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from icalendar import Calendar

from bethune_smartcity.core import clock
from calls.models import Call, CallDate
from calls.operations import deadlines
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_french():
    """A request leaves its language behind, and what is read next would be in it."""
    with translation.override("fr"):
        yield


@pytest.fixture
def call():
    year = clock.today().year + 1
    made = CallFactory(
        agent=AgentFactory(),
        title="Mobilité : demain, ensemble",
        opens_at=clock.now() - timedelta(days=1),
        closes_at=clock.paris(year, 1, 13),
        questions_until=clock.paris(year, 1, 6),
    )
    CallDate.objects.create(call=made, label="Finale", at=clock.paris(year, 7, 2, 14, 30), with_time=True)
    CallDate.objects.create(call=made, label="Jury", at=clock.paris(year, 3, 28))
    return made


def read(client, call, query=""):
    answer = client.get(f"/appels/{call.slug}.ics{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def events(calendar):
    return {str(event["uid"]).split("@")[0].split("-", 2)[2]: event for event in calendar.walk("VEVENT")}


def test_the_close_reads_23_59_in_paris_whatever_is_stored(client, call):
    close = events(read(client, call))["closes_at"]
    begins, ends = close.decoded("dtstart"), close.decoded("dtend")
    assert f"{begins:%m-%d %H:%M}" == "01-12 23:59"
    assert ends == call.closes_at
    assert close["dtstart"].params["TZID"] == "Europe/Paris"
    assert str(close["summary"]) == "Clôture des candidatures – Mobilité"


def test_the_time_zone_goes_with_the_dates_and_steps_without_hour_take_their_day(client, call):
    calendar = read(client, call)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    found = {str(event["summary"]).split(" – ")[0]: event for event in calendar.walk("VEVENT")}
    year = call.closes_at.year
    assert found["Jury"].decoded("dtstart") == date(year, 3, 28)
    assert found["Jury"].decoded("dtend") == date(year, 3, 29)
    finale = found["Finale"].decoded("dtstart")
    assert (finale, f"{finale:%H:%M}") == (clock.paris(year, 7, 2, 14, 30), "14:30")
    assert {str(event["url"]) for event in calendar.walk("VEVENT")} == {f"https://portail.example/appels/{call.slug}/"}


def test_identifiers_and_bytes_stay_until_a_date_moves(client, call):
    first = client.get(f"/appels/{call.slug}.ics").content
    with clock.at(clock.now() + timedelta(hours=5)):
        assert client.get(f"/appels/{call.slug}.ics").content == first
    before = events(Calendar.from_ical(first))["closes_at"]
    agent = call.agent_rights.first().user
    deadlines.move_deadline(call, "closes_at", call.closes_at + timedelta(days=7), reason="More time", by=agent)
    after = events(read(client, call))["closes_at"]
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstamp") >= before.decoded("dtstamp")
    assert "More time" in str(after["description"])


def test_results_stand_in_it_once_public_and_never_before(client, call):
    hour = call.closes_at + timedelta(days=30)
    Call.objects.filter(pk=call.pk).update(results_at=hour)
    with clock.at(hour - timedelta(seconds=1)):
        assert "results_at" not in events(read(client, call))
    with clock.at(hour):
        assert events(read(client, call))["results_at"].decoded("dtstart") == hour


def test_it_speaks_the_language_asked_for_and_french_otherwise(client, call):
    assert "Ende der Bewerbungsfrist" in str(events(read(client, call, "?langue=de"))["closes_at"]["summary"])
    for odd in ("", "?langue=xx", "?langue=", "?langue=de%0d%0aX"):
        headers = {"Accept-Language": "de"}
        answer = client.get(f"/appels/{call.slug}.ics{odd}", headers=headers)
        assert (answer.status_code, answer["Content-Language"]) == (200, "fr")


def test_text_written_by_people_adds_no_line_of_its_own(client, call):
    Call.objects.filter(pk=call.pk).update(title_fr="Call\r\nATTACH:https://evil.example/;,\\", title="Call")
    calendar = read(client, call)
    assert not calendar.walk("VALARM")
    assert all("attach" not in event for event in calendar.walk("VEVENT"))


def test_a_call_in_preparation_has_no_calendar(client):
    hidden = CallFactory(draft=True)
    unknown = client.get("/appels/nowhere.ics")
    found = client.get(f"/appels/{hidden.slug}.ics")
    assert found.status_code == unknown.status_code == 404


def test_the_page_of_a_call_leads_to_its_calendar(client, call):
    assert f'href="/appels/{call.slug}.ics"' in client.get(call.get_absolute_url()).text
    german = client.get(f"/de/appels/{call.slug}/").text
    assert f'href="/appels/{call.slug}.ics?langue=de"' in german


def test_a_date_at_the_end_of_time_hides_no_other(client, call):
    CallDate.objects.create(call=call, label="Never", at=clock.paris(9999, 12, 31, 23, 59), with_time=True)
    CallDate.objects.create(call=call, label="Nor this", at=clock.paris(9999, 12, 31))
    found = {str(event["summary"]).split(" – ")[0] for event in read(client, call).walk("VEVENT")}
    assert {"Finale", "Jury"} <= found
    assert not {"Never", "Nor this"} & found
