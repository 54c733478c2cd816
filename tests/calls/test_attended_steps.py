"""Steps of a call's calendar that people come to or follow: where, whether they may, and what machines are told."""

import json
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from icalendar import Calendar

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Invalid
from calls.models import CallDate
from calls.operations import announcements
from tests.admin.screens import address
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db

Attendance = CallDate.Attendance
WHERE = {"place_fr": "Salle des fêtes, 1 rue du Port", "place_en": "Village hall, 1 rue du Port"}
ONLINE, REGISTER = "https://visio.example/reunion", "https://inscription.example/atelier?lieu=1&jour=2"


@pytest.fixture(autouse=True)
def _in_french():
    with translation.override("fr"):
        yield


@pytest.fixture
def agent():
    return AgentFactory()


@pytest.fixture
def call(agent):
    return CallFactory(
        agent=agent,
        title="Mobilité : demain",
        closes_at=clock.paris(2027, 3, 1),
        opens_at=clock.paris(2026, 10, 1),
        announced_at=clock.paris(2026, 9, 1),
    )


def step(call, label="Atelier", at=None, **facts):
    at = at or clock.paris(2027, 1, 20, 18)
    return CallDate.objects.create(call=call, label_fr=label, at=at, with_time=True, **facts)


def events(client, call, prefix=""):
    with clock.at(clock.paris(2026, 12, 1)):
        page = client.get(f"{prefix}/appels/{call.slug}/").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return [one for text in found for one in json.loads(text)["@graph"] if one["@type"] == "Event"]


def dates(client, call, prefix="", at=None):
    with clock.at(at or clock.paris(2026, 12, 1)):
        page = client.get(f"{prefix}/appels/{call.slug}/").text
    return " ".join(page.split('id="call-dates"')[1].split("</section>")[0].replace("\u00a0", " ").split())


class TestMachines:
    def test_a_date_without_a_place_is_no_event(self, client, call):
        step(call)
        assert events(client, call) == []

    def test_a_workshop_on_site(self, client, call):
        step(call, attendance=Attendance.REGISTRATION, register_at=REGISTER, **WHERE)
        (told,) = events(client, call)
        assert (told["name"], told["startDate"]) == ("Atelier", "2027-01-20T18:00:00+01:00")
        assert told["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
        place = WHERE["place_fr"]
        assert told["location"] == {"@type": "Place", "name": place, "address": place}
        assert told["potentialAction"] == {"@type": "RegisterAction", "target": REGISTER}
        assert told["url"].endswith(f"/appels/{call.slug}/")
        assert "endDate" not in told
        assert events(client, call, "/en")[0]["location"]["name"] == WHERE["place_en"]

    def test_a_meeting_online_and_one_that_is_both(self, client, call):
        CallDate.objects.create(call=call, label="Réunion", at=clock.paris(2027, 1, 10), online_at=ONLINE)
        step(call, online_at=ONLINE, **WHERE)
        online, both = events(client, call)
        virtual = {"@type": "VirtualLocation", "url": ONLINE}
        assert online["startDate"] == "2027-01-10"
        assert online["eventAttendanceMode"].endswith("/OnlineEventAttendanceMode")
        assert online["location"] == virtual
        assert both["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")
        assert [one["@type"] for one in both["location"]] == ["Place", "VirtualLocation"]

    def test_what_is_by_invitation_is_nobody_else_s_outing(self, client, call):
        step(call, attendance=Attendance.INVITATION, **WHERE)
        assert events(client, call) == []
        assert "Sur invitation" in dates(client, call)

    def test_the_api_tells_it_all(self, client, call):
        step(call, attendance=Attendance.REGISTRATION, register_at=REGISTER, online_at=ONLINE, **WHERE)
        told = client.get(f"/api/v1/calls/{call.slug}/", headers={"Accept-Language": "en"}).json()["dates"][0]
        assert told == {
            "label": "Atelier",
            "at": "2027-01-20T18:00:00+01:00",
            "ends_at": None,
            "place": WHERE["place_en"],
            "online_at": ONLINE,
            "attendance": "registration",
            "register_at": REGISTER,
        }

    def test_calendars_say_where_and_how(self, client, call):
        step(call, "Atelier", attendance=Attendance.REGISTRATION, register_at=REGISTER, **WHERE)
        step(call, "Réunion", clock.paris(2027, 1, 21), attendance=Attendance.OPEN, online_at=ONLINE)
        step(call, "Jury", clock.paris(2027, 4, 21))
        found = Calendar.from_ical(client.get(f"/appels/{call.slug}.ics").content).walk("VEVENT")
        told = {str(event["summary"]).split(" – ")[0]: event for event in found}
        page = f"https://portail.example/appels/{call.slug}/"
        assert (str(told["Atelier"]["location"]), str(told["Atelier"]["url"])) == (WHERE["place_fr"], REGISTER)
        assert "Sur inscription" in str(told["Atelier"]["description"])
        assert (str(told["Réunion"]["location"]), str(told["Réunion"]["url"])) == (ONLINE, ONLINE)
        assert "Ouvert à tous" in str(told["Réunion"]["description"])
        assert ("location" in told["Jury"], str(told["Jury"]["url"])) == (False, page)
        assert isinstance(told["Jury"].decoded("dtstart"), date)


class TestThePage:
    def test_it_says_where_and_whether_one_may_come(self, client, call):
        step(call, attendance=Attendance.REGISTRATION, register_at=REGISTER, online_at=ONLINE, **WHERE)
        told = dates(client, call)
        assert WHERE["place_fr"] in told
        assert "Sur inscription" in told
        assert f'href="{ONLINE}"' in told
        assert f'href="{REGISTER.replace("&", "&amp;")}"' in told
        assert WHERE["place_en"] in dates(client, call, "/en")
        assert f'<span lang="fr">{WHERE["place_fr"]}</span>' in dates(client, call, "/de")

    def test_once_its_day_is_over_nobody_is_asked_to_come(self, client, call):
        step(call, attendance=Attendance.REGISTRATION, register_at=REGISTER, online_at=ONLINE, **WHERE)
        assert f'href="{ONLINE}"' in dates(client, call, at=clock.paris(2027, 1, 20, 18, 30))
        told = dates(client, call, at=clock.paris(2027, 1, 21))
        assert WHERE["place_fr"] in told
        assert REGISTER.split("?", maxsplit=1)[0] not in told
        assert ONLINE not in told

    def test_what_was_typed_does_no_harm(self, client, call):
        step(call, place_fr="<script>alert(1)</script>", attendance=Attendance.OPEN)
        assert "<script>alert" not in dates(client, call)
        assert events(client, call)[0]["location"]["name"] == "<script>alert(1)</script>"


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"attendance": Attendance.OPEN}, "no_place"),
            ({"attendance": Attendance.OPEN, "register_at": REGISTER, **WHERE}, "no_registration"),
            ({"register_at": REGISTER, **WHERE}, "no_registration"),
        ],
    )
    def test_what_cannot_be_told_is_refused(self, call, agent, facts, code):
        row = CallDate(call=call, label_fr="Atelier", at=clock.paris(2027, 1, 20), **facts)
        with pytest.raises(Invalid) as refusal:
            announcements.keep_step(row, by=agent)
        assert refusal.value.code == code
        assert not call.dates.exists()

    @pytest.mark.parametrize("typed", ["javascript:alert(1)", "ftp://a.example/", "a\nb"])
    @pytest.mark.parametrize("name", ["online_at", "register_at"])
    def test_addresses_are_those_of_the_web(self, call, name, typed):
        row = CallDate(call=call, label="Atelier", at=clock.now(), **{name: typed})
        with pytest.raises(ValidationError) as refusal:
            row.full_clean()
        assert name in refusal.value.message_dict

    def test_agents_write_it_in_the_back_office(self, client, call, agent):
        client.force_login(agent)
        typed = {
            "call": call.pk,
            "label_fr": "Atelier",
            "at": "2027-01-20T18:00",
            "with_time": "on",
            **WHERE,
            "online_at": "",
            "attendance": "registration",
            "register_at": REGISTER,
        }
        answer = client.post(address(CallDate, "add"), typed)
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        (kept,) = call.dates.all()
        assert (kept.place_en, kept.attendance, kept.register_at) == (WHERE["place_en"], "registration", REGISTER)
        again = client.post(address(CallDate, "change", kept.pk), typed | {"attendance": "open"})
        assert again.status_code == 400
        assert "sur inscription" in again.text
