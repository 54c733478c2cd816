"""What the front page speaks of first, where it says a call stands, and what it tells of the last one."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from bethune_smartcity.accounts.models import Partner, Structure
from bethune_smartcity.core import clock
from bethune_smartcity.portal.queries.calls import current_call, told_call
from bethune_smartcity.portal.queries.story import figures_of
from bethune_smartcity.portal.steps import general_steps, steps_of
from calls.models import Prize, Submission
from calls.queries import public_calls
from juries.models import Award, Panel, Proposal, PublicVote
from tests.factories import projects
from tests.factories.accounts import PartnerFactory, StructureFactory, UserFactory
from tests.factories.calls import CallFactory, draft, submitted
from tests.factories.news import article

pytestmark = pytest.mark.django_db


def ago(**length):
    return clock.now() - timedelta(**length)


def ahead(**length):
    return clock.now() + timedelta(**length)


def decided(publish_at):
    """A closed call whose jury kept two of three applications and gave its prize, told from `publish_at` on."""
    call = CallFactory(closed=True, title="Le premier appel : démonstration")
    countries = ("FR", "FR", "BE")
    made = [submitted(call, StructureFactory(name=f"Startup {n}", country=c)) for n, c in enumerate(countries)]
    panel = Panel.objects.create(call=call, stage=Panel.Stage.READING, publish_at=publish_at)
    for submission in made:
        verdict = Proposal.Verdict.KEEP if submission in made[:2] else Proposal.Verdict.DECLINE
        Proposal.objects.create(panel=panel, submission=submission, verdict=verdict)
    prizes = {prize.kind: prize for prize in call.prizes.filter(rank=1)}
    for kind in (Prize.Kind.JURY, Prize.Kind.PUBLIC):
        Award.objects.create(
            call=call, prize=prizes[kind], submission=made[1], amount=Decimal(8000), publish_at=publish_at
        )
    Submission.objects.filter(pk=made[1].pk).update(
        state="laureate", former_state="shortlisted", decision_public_at=publish_at
    )
    call.results_at = publish_at
    call.save()
    return call


def test_an_open_call_comes_first_the_first_to_close_of_all():
    moment = clock.now()
    CallFactory(coming=True)
    CallFactory(closed=True)
    CallFactory(closes_at=ahead(days=30))
    soonest = CallFactory(closes_at=ahead(days=3))
    assert current_call(public_calls(moment), moment) == soonest


def test_without_an_open_call_the_next_one_then_the_one_being_judged():
    moment = clock.now()
    judged = CallFactory(closed=True)
    assert current_call(public_calls(moment), moment) == judged
    coming = CallFactory(coming=True)
    assert current_call(public_calls(moment), moment) == coming


def test_drafts_and_archives_are_not_spoken_of():
    moment = clock.now()
    CallFactory(draft=True)
    CallFactory(closed=True, results_at=ago(days=9), archived_at=ago(days=1))
    assert current_call(public_calls(moment), moment) is None


def test_the_call_told_in_figures_is_the_latest_published():
    moment = clock.now()
    CallFactory(closed=True, results_at=ago(days=400))
    latest = CallFactory(closed=True, results_at=ago(days=9), archived_at=ago(days=1))
    CallFactory(closed=True, results_at=ahead(days=1))
    assert told_call(public_calls(moment), moment) == latest


def test_the_barge_moves_with_the_clock():
    call = CallFactory(opens_at=ahead(days=1), closes_at=ahead(days=10), announced_at=ago(days=1))
    moments = {0: ahead(), 1: ahead(days=2), 2: ahead(days=11)}
    for place, moment in moments.items():
        assert [step.state for step in steps_of(call, moment)].index("now") == place
    call.results_at = ahead(days=20)
    assert [step.state for step in steps_of(call, ahead(days=21))] == ["done"] * 4 + ["now"]


def test_before_any_call_the_steps_say_how_it_goes():
    assert {step.state for step in general_steps()} == {"next"}
    assert len(general_steps()) == 5


def test_figures_count_what_came_in_and_name_whom_the_results_name():
    figures = figures_of(decided(ago(days=1)), clock.now())
    assert (figures.submissions, figures.countries) == (3, ("FR", "BE"))
    assert set(figures.finalists) == {"Startup 0", "Startup 1"}
    assert [(w.name, w.amount, w.also_public) for w in figures.winners] == [("Startup 1", Decimal(8000), True)]


def test_a_name_corrected_is_told_at_once(client, address):
    call = decided(ago(days=1))
    partner = PartnerFactory(name="Énergie du Nord")
    call.partners.add(partner)
    assert "Énergie du Nord" in client.get(address("portal:home")).text
    Partner.objects.filter(pk=partner.pk).update(name="Chaleur du Nord")
    Structure.objects.filter(name="Startup 1").update(name="Startup nouvelle")
    page = client.get(address("portal:home")).text
    assert "Chaleur du Nord" in page
    assert "Startup nouvelle" in page
    assert figures_of(call, clock.now()).partners == ("Chaleur du Nord",)


def test_all_it_can_tell_takes_eight_statements(client, address, django_assert_max_num_queries):
    decided(ago(days=1))
    judged = CallFactory(closed=True)
    PublicVote.objects.create(call=judged, opens_at=ago(hours=1), closes_at=ahead(hours=1))
    projects.milestone(projects.project())
    article("mobilite")
    with django_assert_max_num_queries(8):
        page = client.get(address("portal:home")).text
    assert reverse("juries:vote", args=[judged.slug]) in page


def test_a_laureate_of_several_prizes_is_counted_once_with_all_it_was_awarded():
    call = decided(ago(days=1))
    won = Award.objects.get(call=call, prize__kind=Prize.Kind.JURY)
    second = call.prizes.filter(kind=Prize.Kind.JURY).exclude(pk=won.prize_id).first()
    Award.objects.create(
        call=call, prize=second, submission=won.submission, amount=Decimal(500), publish_at=won.publish_at
    )
    (winner,) = figures_of(call, clock.now()).winners
    assert (winner.name, winner.amount) == ("Startup 1", Decimal(8500))


def test_nothing_is_counted_before_the_results_are_public():
    assert figures_of(decided(ahead(hours=1)), clock.now()) is None


@pytest.mark.parametrize("name", ["portal:home", "calls:list", "portal:pillar", "portal:legal"])
def test_no_page_names_a_laureate_before_the_hour(client, address, name):
    call = decided(ahead(hours=1))
    award = Award.objects.filter(call=call).first()
    hidden = projects.project(award, name="Projet caché", pillar=call.pillars.first())
    slug = {"portal:pillar": {"slug": hidden.pillar.slug}, "portal:legal": {"slug": "plan-du-site"}}.get(name, {})
    page = client.get(address(name, **slug)).text
    assert "Startup 1" not in page
    assert hidden.name not in page
    assert client.get("/sitemap.xml").text.count(hidden.slug) == 0
    with clock.at(ahead(hours=2)):
        after = client.get(address(name, **slug)).text
    assert ("Startup 1" in after) == (name == "portal:home")
    assert (hidden.name in after) == (name != "calls:list")


def test_a_call_whose_results_are_to_come_says_so_nowhere(client, address):
    call = decided(ahead(days=3))
    page = client.get(address("calls:detail", slug=call.slug)).text
    assert "Voir les résultats" not in page
    assert "Résultats publiés" not in page


def test_the_home_page_offers_the_vote_while_it_is_open(client, address):
    call = CallFactory(closed=True)
    PublicVote.objects.create(call=call, opens_at=ago(hours=1), closes_at=ahead(hours=1))
    booth = address("juries:vote", slug=call.slug)
    assert booth in client.get(address("portal:home")).text
    with clock.at(ahead(hours=2)):
        assert booth not in client.get(address("portal:home")).text


def test_an_empty_portal_asks_nothing_and_fakes_nothing(client, address):
    page = client.get(address("portal:home")).text
    assert "candidater" not in page
    assert 'id="home-projects"' not in page
    assert page.count('class="step step--next"') == 5
    assert "Aucun appel n’est ouvert aujourd’hui" in page
    assert 'href="#be-told"' in page
    assert "Venez voir, reprenez, adaptez" not in page
    assert "La ville n’a pas encore indiqué d’adresse ici." in page
    news = client.get(address("portal:news")).text
    assert "les appels disent" not in news
    CallFactory()
    assert "les appels disent" in client.get(address("portal:news")).text


def button_of(page):
    """The words of the first thing to do about the call on the front page."""
    return re.search(
        r'<a class="btn btn--main btn--wide"[^>]*>([^<]+)</a>', page.split('aria-labelledby="home-call"')[1]
    )[1]


def test_the_front_page_knows_what_its_visitor_began(client, address, settings):
    settings.PAGES_KEPT_FOR = 60
    call, person, other = CallFactory(), UserFactory(), UserFactory()
    client.force_login(person)
    assert button_of(client.get(address("portal:home")).text) == "Déposer une candidature"
    begun = draft(call, StructureFactory(owner=person))
    page = client.get(address("portal:home")).text
    assert button_of(page) == "Reprendre mon brouillon"
    assert begun.get_absolute_url() in page
    for stranger in (None, other):
        client.logout()
        if stranger:
            client.force_login(stranger)
        page = client.get(address("portal:home")).text
        assert button_of(page) == "Déposer une candidature"
        assert begun.get_absolute_url() not in page


def test_what_one_handed_in_is_what_one_is_led_to(client, address):
    person = UserFactory()
    handed = submitted(CallFactory(), StructureFactory(owner=person))
    client.force_login(person)
    page = client.get(address("portal:home")).text
    assert button_of(page) == "Voir ma candidature"
    assert handed.get_absolute_url() in page


def test_being_told_asks_first_for_the_address_then_pillars_then_topics(client, address):
    form = client.get(address("portal:home")).text.split("told__form")[1]
    places = [form.index(f'name="{name}"') for name in ("address", "about", "topic")]
    assert places == sorted(places)
    assert "Recevoir les prochains appels" in form
