"""While a correction is awaited every page says so, and once it is back the agent reads when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from calls.models import CallDate
from calls.operations import decisions, submissions
from tests.calls.test_corrections import Asked
from tests.factories.accounts import owner_of
from tests.factories.calls import admitted, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    made = Asked()
    return made.ask("structure", made.text.field_name)


def read(client, person, name, submission, at):
    client.force_login(person)
    with clock.at(at), translation.override("en"):
        return client.get(reverse(name, kwargs={"pk": submission.pk} if submission else {}))


def test_its_people_read_first_that_a_correction_is_awaited(client, asked):
    state = read(client, asked.by, "calls:submission", asked.submission, asked.moment)
    assert "The city asks for a correction before" in state.context["next_sentence"]
    line = read(client, asked.by, "portal:space", None, asked.moment).context["applications"][0]
    assert (line.action, line.is_urgent) == ("Correct my application", True)


def test_the_agent_reads_whether_and_when_it_came_back(client, asked):
    page = read(client, asked.agent, "calls:screen", asked.submission, asked.moment)
    assert "Sent back on" not in page.text
    late = read(client, asked.agent, "calls:screen", asked.submission, asked.moment + timedelta(days=2))
    assert "It did not come back in the time given." in late.text
    with clock.at(asked.moment + timedelta(hours=2)):
        submissions.send_correction(asked.submission, by=asked.by)
    back = read(client, asked.agent, "calls:screen", asked.submission, asked.moment + timedelta(hours=3))
    assert "Sent back on" in back.text
    asked.moment += timedelta(hours=4)
    asked.ask("title")
    again = read(client, asked.agent, "calls:screen", asked.submission, asked.moment + timedelta(days=2))
    assert "Sent back on" not in again.text


def test_the_journal_names_every_field_asked_about(client, asked):
    page = read(client, asked.agent, "calls:screen", asked.submission, asked.moment)
    words = next(words for line, words in page.context["journal"] if line.verb == "ask_for_correction")
    assert str(asked.text.label) in words
    assert "its number" in words


def test_the_agent_reads_who_applies(client, asked):
    type(asked.submission.structure).objects.update(registration_number="12345678200077", city="Béthune")
    page = read(client, asked.agent, "calls:screen", asked.submission, asked.moment)
    assert "12345678200077" in page.text
    assert "Béthune" in dict(page.context["structure"]).values()


def test_the_dates_of_the_call_are_told_until_it_ends(client):
    made = submitted()
    CallDate.objects.create(call=made.call, label="Finale", at=made.call.closes_at + timedelta(days=30))
    CallDate.objects.create(call=made.call, label="Past", at=made.call.opens_at - timedelta(days=1))
    owner = owner_of(made.structure)
    for name in ("calls:submission", "calls:receipt"):
        page = read(client, owner, name, made, made.call.opens_at + timedelta(hours=1))
        assert [date.label for date in page.context["dates"]] == ["Finale"]
        assert "Finale" in page.text
    paper = read(client, owner, "calls:receipt-paper", made, made.call.opens_at + timedelta(hours=1))
    assert paper["Content-Type"] == "application/pdf"


def test_who_is_declined_waits_for_no_date(client):
    made = admitted()
    at = made.call.closes_at + timedelta(days=1)
    CallDate.objects.create(call=made.call, label="Finale", at=at + timedelta(days=30))
    with clock.at(at):
        decisions.decline(made, by=SYSTEM, public_at=at)
    page = read(client, owner_of(made.structure), "calls:submission", made, at + timedelta(hours=1))
    assert page.context["dates"] == []
