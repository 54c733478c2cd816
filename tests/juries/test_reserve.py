"""The reserve list of a reading: known to its people wherever they look from its hour on, to agents before."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.operations import decisions
from calls.queries import BoardFilter, on_reserve, submissions_for_board
from juries.models import Panel, Proposal, Recusal
from juries.operations import deliberation
from tests.factories.accounts import owner_of
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WORDS = {"en": "eserve list", "fr": "iste de réserve", "de": "eserveliste", "nl": "eservelijst"}
READS = {"en": "The jury reads the", "fr": "Le jury lit les", "de": "Die Jury liest", "nl": "De jury leest"}


@pytest.fixture
def reading():
    """Six admissible applications for three places; the fourth is put on the reserve list, told in two hours."""
    made = a_finale(6, stage=Panel.Stage.READING)
    made.reach("deliberate")
    made.attend()
    deliberation.propose_ranking(made.panel, by=made.chair)
    deliberation.propose(made.panel, made.finalists[3], verdict=Proposal.Verdict.RESERVE, by=made.chair)
    deliberation.decide(made.panel, by=made.chair)
    deliberation.sign(made.panel, by=made.chair)
    made.public_at = clock.now() + 2 * HOUR
    deliberation.proclaim(made.panel, publish_at=made.public_at, by=made.chair)
    made.reserve = made.finalists[3]
    made.reserve.refresh_from_db()
    return made


def read(client, person, address, at, language="en"):
    client.force_login(person)
    with clock.at(at), translation.override(language):
        return unescape(client.get(address(), follow=True).text)


def pages(submission):
    return (
        lambda: reverse("calls:submission", kwargs={"pk": submission.pk}),
        lambda: reverse("calls:receipt", kwargs={"pk": submission.pk}),
        lambda: reverse("portal:space"),
    )


@pytest.mark.parametrize("language", sorted(WORDS))
def test_its_people_read_it_on_every_page_from_the_hour_and_not_before(client, reading, language):
    owner = owner_of(reading.reserve.structure)
    type(owner).objects.filter(pk=owner.pk).update(language=language)
    for address in pages(reading.reserve):
        before = read(client, owner, address, reading.public_at - HOUR / 60, language)
        assert WORDS[language] not in before
        after = read(client, owner, address, reading.public_at, language)
        assert WORDS[language] in after
        assert READS[language] not in after


def test_the_way_says_that_the_reading_is_over_and_the_list_is_waited_on(client, reading):
    client.force_login(owner_of(reading.reserve.structure))
    with clock.at(reading.public_at), translation.override("en"):
        legs = client.get(reverse("calls:submission", kwargs={"pk": reading.reserve.pk})).context["progress"]
    names = ["Submission", "Admissibility", "Reading by the jury", "Reserve list", "Pitch of the finalists", "Results"]
    assert [leg.name for leg in legs] == names
    assert [leg.state for leg in legs] == ["done"] * 3 + ["now"] + ["next"] * 2


def test_agents_see_who_is_on_the_list_as_soon_as_it_is_proclaimed(client, reading):
    client.force_login(reading.agent)
    found = submissions_for_board(reading.agent, reading.call, BoardFilter(state="reserve"))
    assert [one.pk for one in found] == [reading.reserve.pk]
    with translation.override("en"):
        board = reverse("calls:board-submissions", kwargs={"slug": reading.call.slug})
        listed = client.get(f"{board}?state=reserve").text
        assert "Admissible, on the reserve list" in listed
        assert reading.finalists[0].title not in listed
        assert "On the reserve list" in client.get(reverse("calls:screen", kwargs={"pk": reading.reserve.pk})).text
        page = client.get(reverse("juries:organise", kwargs={"pk": reading.panel.pk}))
        assert [one.pk for one in page.context["reserve"]] == [reading.reserve.pk]
    assert JournalEntry.objects.filter(verb="reserve", subject_id=str(reading.reserve.pk)).count() == 1


def test_who_stands_aside_from_it_reads_nothing_of_it_there(client, reading):
    chair = reading.panel.jurors.get(is_chair=True)
    Recusal.objects.create(juror=chair, submission=reading.reserve, category="personal")
    client.force_login(chair.user)
    page = client.get(reverse("juries:organise", kwargs={"pk": reading.panel.pk}))
    assert page.context["reserve"] == []


def test_the_list_is_told_when_the_publication_is_brought_forward(reading):
    assert not on_reserve(reading.reserve, clock.now())
    deliberation.publish_now(reading.panel, by=reading.chair)
    reading.reserve.refresh_from_db()
    assert on_reserve(reading.reserve, clock.now())


def test_a_refusal_of_the_finale_shows_only_once_it_is_public(reading):
    end = reading.public_at + HOUR
    with clock.at(reading.public_at):
        decisions.decline(reading.reserve, by=SYSTEM, public_at=end)
    reading.reserve.refresh_from_db()
    assert on_reserve(reading.reserve, end - HOUR / 2)
    assert not on_reserve(reading.reserve, end)
    assert not reading.reserve.is_reserve


def test_only_what_waits_goes_on_the_list(reading):
    with pytest.raises(Conflict):
        decisions.reserve(reading.finalists[0], by=SYSTEM, public_at=clock.now())
