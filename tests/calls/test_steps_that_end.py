"""Steps of a call's calendar that say when they end, and what calendars are told when a step changes."""

import json
import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Invalid
from calls.models import CallDate
from calls.operations import announcements
from calls.queries.agenda import next_dates
from calls.queries.page import calendar_of
from tests.admin.screens import address
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db

PLACE = {"place_fr": "Salle des fêtes", "place_en": "Village hall"}
START, END = clock.paris(2027, 1, 20, 14), clock.paris(2027, 1, 20, 17)


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


def step(call, at=START, ends_at=END, with_time=True, **facts):
    return CallDate.objects.create(
        call=call, label_fr="Atelier", at=at, ends_at=ends_at, with_time=with_time, **(PLACE | facts)
    )


def page(client, call, prefix=""):
    with clock.at(clock.paris(2026, 12, 1)):
        return client.get(f"{prefix}/appels/{call.slug}/").text


def calendar_words(client, call, prefix=""):
    told = page(client, call, prefix).split('id="call-dates"')[1].split("</section>")[0]
    return " ".join(told.replace("\u00a0", " ").split())


def machine(client, call):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client, call))
    (one,) = (one for text in found for one in json.loads(text)["@graph"] if one["@type"] == "Event")
    return one


def in_calendar(client, call):
    answer = client.get(f"/appels/{call.slug}.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    (one,) = (event for event in events if "-step-" in str(event["uid"]))
    return one


class TestWhatIsTold:
    @pytest.mark.parametrize(
        ("prefix", "words"),
        [
            ("", "mercredi 20 janvier 2027, de 14 h 00 à 17 h 00"),
            ("/en", "Wednesday 20 January 2027, from 14:00 to 17:00"),
            ("/de", "Mittwoch, 20. Januar 2027, von 14:00 Uhr bis 17:00 Uhr"),
            ("/nl", "woensdag 20 januari 2027, van 14.00 uur tot 17.00 uur"),
        ],
    )
    def test_hours_of_one_day(self, client, call, prefix, words):
        step(call)
        assert words in calendar_words(client, call, prefix)

    @pytest.mark.parametrize(
        ("prefix", "words"),
        [
            ("", "du mercredi 3 au jeudi 4 février 2027"),
            ("/en", "from Wednesday 3 to Thursday 4 February 2027"),
            ("/de", "vom Mittwoch, 3., bis zum Donnerstag, 4. Februar 2027"),
            ("/nl", "van woensdag 3 tot en met donderdag 4 februari 2027"),
        ],
    )
    def test_days(self, client, call, prefix, words):
        step(call, clock.paris(2027, 2, 3), clock.paris(2027, 2, 4), with_time=False)
        assert words in calendar_words(client, call, prefix)

    def test_hours_of_several_days_and_midnight(self, client, call):
        step(call, ends_at=clock.paris(2027, 1, 21, 12))
        words = "du mercredi 20 janvier 2027 à 14 h 00 au jeudi 21 janvier 2027 à 12 h 00"
        assert words in calendar_words(client, call)
        call.dates.update(ends_at=clock.paris(2027, 1, 21))
        assert "mercredi 20 janvier 2027, de 14 h 00 à 23 h 59" in calendar_words(client, call)

    def test_a_day_that_ends_the_same_day_is_that_day(self, client, call):
        step(call, clock.paris(2027, 2, 3), clock.paris(2027, 2, 3, 18), with_time=False)
        assert ">mercredi 3 février 2027<" in calendar_words(client, call)

    def test_it_is_past_once_it_has_ended_and_joined_until_then(self, call):
        step(call)
        (line,) = (line for line in calendar_of(call, END - timedelta(seconds=1)) if line.step)
        assert (line.is_past, line.is_joined) == (False, True)
        (line,) = (line for line in calendar_of(call, END) if line.step)
        assert (line.is_past, line.is_joined) == (True, False)

    def test_days_are_past_after_the_last(self, call):
        step(call, clock.paris(2027, 2, 3), clock.paris(2027, 2, 4), with_time=False)
        for moment, over in ((clock.paris(2027, 2, 4, 23), False), (clock.paris(2027, 2, 5), True)):
            (line,) = (line for line in calendar_of(call, moment) if line.step)
            assert (line.is_past, line.is_joined) == (over, not over)

    def test_who_applied_reads_it_too(self, call):
        step(call)
        said = next_dates([call.pk], clock.paris(2026, 12, 1))[call.pk].words.replace("\u00a0", " ")
        assert said == "mercredi 20 janvier 2027, de 14 h 00 à 17 h 00 (heure de Paris)"


class TestMachines:
    def test_hours(self, client, call):
        step(call)
        assert machine(client, call)["endDate"] == "2027-01-20T17:00:00+01:00"
        told = in_calendar(client, call)
        assert (told.decoded("dtstart"), told.decoded("dtend")) == (START, END)
        assert told["dtend"].params["TZID"] == "Europe/Paris"

    def test_days(self, client, call):
        step(call, clock.paris(2027, 2, 3), clock.paris(2027, 2, 4, 9), with_time=False)
        assert machine(client, call)["endDate"] == "2027-02-04"
        told = in_calendar(client, call)
        assert (told.decoded("dtstart"), told.decoded("dtend")) == (date(2027, 2, 3), date(2027, 2, 5))

    def test_an_hour_without_an_end_is_given_none(self, client, call):
        """RFC 5545 3.6.1: it then ends at the instant it begins; a minute would be one that nobody announced."""
        step(call, ends_at=None)
        told = in_calendar(client, call)
        assert "dtend" not in told
        assert "duration" not in told
        assert "endDate" not in machine(client, call)

    def test_the_api_tells_an_instant_that_is_left_out(self, client, call):
        def ends():
            return client.get(f"/api/v1/calls/{call.slug}/").json()["dates"][0]["ends_at"]

        row = step(call)
        assert ends() == "2027-01-20T17:00:00+01:00"
        CallDate.objects.filter(pk=row.pk).update(with_time=False, ends_at=clock.paris(2027, 1, 21, 9))
        assert ends() == "2027-01-22T00:00:00+01:00"
        CallDate.objects.filter(pk=row.pk).update(ends_at=None)
        assert ends() is None


class TestWhatIsKept:
    @pytest.mark.parametrize("ends_at", [START, START - timedelta(minutes=1)])
    def test_an_end_comes_after_the_start(self, call, agent, ends_at):
        row = CallDate(call=call, label_fr="Atelier", at=START, ends_at=ends_at, with_time=True)
        with pytest.raises(Invalid) as refusal:
            announcements.keep_step(row, by=agent)
        assert (refusal.value.code, refusal.value.field) == ("ends_first", "ends_at")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_agents_write_it_in_the_back_office(self, client, call, agent):
        client.force_login(agent)
        typed = {"call": call.pk, "label_fr": "Atelier", "at": "2027-01-20T14:00", "with_time": "on"}
        refused = client.post(address(CallDate, "add"), typed | {"ends_at": "2027-01-20T14:00"})
        assert refused.status_code == 200
        assert "se termine après avoir commencé" in refused.text
        assert client.post(address(CallDate, "add"), typed | {"ends_at": "2027-01-20T17:00"}).status_code == 302
        assert call.dates.get().ends_at == END


class TestUpdates:
    """RFC 5545 3.8.7.4: a file with the same number is one that a calendar may pass over."""

    def number(self, client, call):
        told = in_calendar(client, call)
        return int(told["sequence"]), told.decoded("last-modified"), told.decoded("dtstamp"), str(told["uid"])

    def keep(self, call, agent, moment, **changes):
        row = call.dates.first() or CallDate(call=call, label_fr="Atelier", at=START, with_time=True, **PLACE)
        for name, value in changes.items():
            setattr(row, name, value)
        with clock.at(moment):
            return announcements.keep_step(row, by=agent)

    @pytest.mark.parametrize(
        "changes",
        [
            {"at": START + timedelta(days=1)},
            {"ends_at": END},
            {"with_time": False},
            {"place_fr": "Ailleurs"},
            {"place_de": "Dorfsaal"},
            {"online_at": "https://visio.example/"},
        ],
    )
    def test_a_step_that_moves_takes_the_next_number(self, client, call, agent, changes):
        self.keep(call, agent, clock.paris(2026, 11, 1))
        made = (0, clock.paris(2026, 11, 1))
        assert self.number(client, call)[:2] == made
        uid = self.number(client, call)[3]
        self.keep(call, agent, clock.paris(2026, 11, 2))
        assert self.number(client, call)[:2] == made
        self.keep(call, agent, clock.paris(2026, 11, 3), **changes)
        moved = clock.paris(2026, 11, 3)
        assert self.number(client, call) == (1, moved, moved, uid)

    def test_other_words_are_told_as_changed_without_a_move(self, client, call, agent):
        self.keep(call, agent, clock.paris(2026, 11, 1))
        self.keep(call, agent, clock.paris(2026, 11, 3), label_fr="Atelier ouvert")
        assert self.number(client, call)[:2] == (0, clock.paris(2026, 11, 3))

    def test_what_was_put_in_before_the_call_was_public_is_as_old_as_its_announcement(self, client, call, agent):
        self.keep(call, agent, clock.paris(2026, 8, 1))
        assert self.number(client, call)[:2] == (0, call.announced_at)

    def test_two_who_move_a_step_from_the_same_page_take_two_numbers(self, client, call, agent):
        row = self.keep(call, agent, clock.paris(2026, 11, 1))
        mine, other = CallDate.objects.get(pk=row.pk), CallDate.objects.get(pk=row.pk)
        for seen, hours in ((mine, 1), (other, 2)):
            seen.at = START + timedelta(hours=hours)
            announcements.keep_step(seen, by=agent)
        assert self.number(client, call)[0] == 2


@given(
    st.datetimes(clock.paris(2027, 1, 1).replace(tzinfo=None), clock.paris(2027, 12, 31).replace(tzinfo=None)),
    st.integers(1, 60 * 24 * 400),
    st.booleans(),
    st.sampled_from(("fr", "en", "de", "nl")),
)
def test_days_and_hours_are_told_from_their_first_to_their_last(at, minutes, with_time, language):
    starts = at.replace(tzinfo=clock.PARIS)
    ends = starts + timedelta(minutes=minutes)
    first, last = starts.date(), (wording.last_minute(ends) if with_time else ends).date()
    with translation.override(language):
        words = wording.span(starts, ends, with_time=with_time)
        assert str(first.day) in words
        assert wording.day(last, weekday=True) in words
        assert words.count(str(first.year)) == (2 if with_time and first != last and first.year == last.year else 1)
        assert (wording.hour(starts) in words) == with_time
