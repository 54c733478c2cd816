"""A call whose opening is known as a part of a month: no page, feed or file asserts a day."""

import csv
import io
import json
import re

import pytest
from django.utils import translation
from icalendar import Calendar

from bethune_smartcity.core import clock
from bethune_smartcity.portal.steps import steps_of
from calls.views.blank import asked_by, paper_of
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db

# Every way of writing the day that nobody knows, and the hour stored with it.
DAY = re.compile(r"2017-06-29|29(?:th)?\W(?:of )?(?:juin|June|Juni)|June 29|20170629")


@pytest.fixture(autouse=True)
def _in_french():
    with translation.override("fr"):
        yield


@pytest.fixture
def call():
    return CallFactory(
        title="Premier appel",
        opens_at=clock.paris(2017, 6, 29, 9),
        closes_at=clock.paris(2017, 9, 13),
        announced_at=clock.paris(2017, 6, 28, 10),
        opening_is_approximate=True,
    )


@pytest.fixture
def exact():
    return CallFactory(
        title="Autre appel",
        opens_at=clock.paris(2027, 1, 14),
        closes_at=clock.paris(2027, 3, 1),
        announced_at=clock.paris(2026, 1, 1),
    )


def described(page):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    things = [one for text in found for one in json.loads(text)["@graph"]]
    return next(one for one in things if one["@type"] == "GovernmentService")


def test_search_engines_are_told_the_month(client, call, exact):
    told = described(client.get(call.get_absolute_url()).text)["hoursAvailable"]
    assert told["validFrom"] == "2017-06"
    assert told["validThrough"].startswith("2017-09-12T23:59:59")
    exactly = described(client.get(exact.get_absolute_url()).text)["hoursAvailable"]
    assert exactly["validFrom"] == "2027-01-14T00:00:00+01:00"


def test_the_api_gives_the_month_and_no_instant(client, call, exact):
    for address in (f"/api/v1/calls/{call.slug}/", "/api/v1/calls/"):
        answer = client.get(address)
        assert not DAY.search(answer.text)
        told = answer.json()
        told = told if "slug" in told else next(row for row in told["results"] if row["slug"] == call.slug)
        assert (told["opens_at"], told["opens_month"]) == (None, "2017-06")
    exactly = client.get(f"/api/v1/calls/{exact.slug}/").json()
    assert (exactly["opens_at"], exactly["opens_month"]) == ("2027-01-14T00:00:00+01:00", "2027-01")


def test_the_schema_of_the_api_says_why_an_opening_is_null(client):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    fields = schema["components"]["schemas"]["CallDetail"]["properties"]
    assert fields["opens_at"]["nullable"] is True
    assert "opens_month" in fields["opens_at"]["description"]
    assert fields["opens_month"]["pattern"] == r"^\d{4}-\d{2}$"


def test_open_data_give_the_month_and_no_instant(client, call, exact):
    text = b"".join(client.get("/donnees/appels.csv").streaming_content).decode()
    assert not DAY.search(text)
    rows = {row["appel"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows[call.slug]["ouvre_le"], rows[call.slug]["ouvre_mois"]) == ("", "2017-06")
    assert (rows[exact.slug]["ouvre_le"], rows[exact.slug]["ouvre_mois"]) == ("2027-01-14T00:00:00+01:00", "2027-01")


def test_calendars_get_no_opening(client, call, exact):
    def labels(call):
        found = Calendar.from_ical(client.get(f"/appels/{call.slug}.ics").content).walk("VEVENT")
        return [str(event["summary"]).split(" – ")[0] for event in found]

    assert labels(call) == ["Clôture des candidatures"]
    assert labels(exact) == ["Ouverture de l’appel", "Clôture des candidatures"]
    assert not DAY.search(client.get(f"/appels/{call.slug}.ics").text)


@pytest.mark.parametrize(
    ("prefix", "told"),
    [("", "fin juin 2017"), ("/en", "the end of June 2017"), ("/de", "Ende Juni 2017"), ("/nl", "eind juni 2017")],
)
def test_pages_and_feeds_say_about_when(client, call, prefix, told):
    feed = f"/appels/flux.atom?langue={prefix.strip('/') or 'fr'}"
    for path in (f"{prefix}/appels/{call.slug}/", feed):
        answer = client.get(path)
        assert answer.status_code == 200
        text = answer.text.replace("\u00a0", " ")
        assert told in text
        assert not DAY.search(text)


def test_the_blank_form_and_the_steps_say_about_when(call):
    told = paper_of(call, asked_by(call)).data["facts"][0][1]
    note = steps_of(call, clock.now())[0].note
    assert told == "fin juin 2017"
    assert note == "Ouvert fin juin 2017"
