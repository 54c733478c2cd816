"""From a call to its jury, its vote and its projects: by the board for agents, by the public page for everyone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from calls.models import Call, CallAgent
from calls.operations import screening
from calls.sequels import tabs_of
from juries.operations import panels, voting
from tests.factories.accounts import StructureFactory, UserFactory, join
from tests.factories.calls import CallFactory, admitted, agent_of, submitted
from tests.factories.juries import finalist, locked, seat
from tests.juries.finale import a_finale

from .test_results import proclaimed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(name, call):
    return reverse(name, kwargs={"slug": call.slug})


def read(client, name, call, user=None):
    if user:
        client.force_login(user)
    return client.get(page(name, call)).content.decode()


def link_to(name, call):
    return f'href="{page(name, call)}"'


class TestTheBoard:
    def test_leads_to_the_jury_those_who_organise_it(self, client):
        call = CallFactory()
        for name in ("calls:board", "calls:board-submissions", "calls:board-drafts", "calls:board-questions"):
            assert link_to("juries:panels", call) in read(client, name, call, agent_of(call))
        assert link_to("juries:panels", call) not in read(client, "calls:board", call, agent_of(call, "screen"))

    def test_says_what_comes_next_from_the_screening_to_the_sheets(self, client):
        call = CallFactory()
        agent = agent_of(call)
        submission = submitted(call, StructureFactory())
        with clock.at(call.closes_at + DAY):
            told = read(client, "calls:board", call, agent)
            assert "Examiner la suivante" in told
            assert "Constituer le jury" in told
            screening.admit(submission, by=agent)
            told = read(client, "calls:board", call)
            assert "Examiner la suivante" not in told
            assert "Constituer le jury" in told
            panel = panels.create_panel(call, "reading", by=agent, readings=1)
            assert "Installer les jurés" in read(client, "calls:board", call)
            seat(panel, agent, is_chair=True)
            assert "Répartir les lectures" in read(client, "calls:board", call)
            panels.plan_assignments(panel, seed=1, by=agent)
            assert "Ouvrir les fiches" in read(client, "calls:board", call)
            panels.open_panel(panel, by=agent)
            assert "Suivre le jury" in read(client, "calls:board", call)
            assert "les dates commandent" not in read(client, "calls:board", call)

    def test_asks_for_no_plan_before_anything_is_admissible(self, client):
        call = CallFactory(closed=True)
        agent = agent_of(call)
        submission = submitted(call, StructureFactory())
        seat(panels.create_panel(call, "reading", by=agent, readings=1), agent, is_chair=True)
        assert "Répartir les lectures" not in read(client, "calls:board", call, agent)
        screening.admit(submission, by=agent)
        assert "Répartir les lectures" in read(client, "calls:board", call)

    def test_asks_for_the_finale_once_the_finalists_are_known(self):
        finale = a_finale(2)
        (tab,) = tabs_of(finale.call, finale.agent)
        assert tab.asked(clock.now()).link.url == reverse("juries:organise", kwargs={"pk": finale.panel.pk})

    def test_asks_nothing_of_those_who_do_not_organise_the_jury(self, client):
        call = CallFactory(closed=True)
        told = read(client, "calls:board", call, agent_of(call, CallAgent.Right.CONFIGURE))
        assert "Constituer le jury" not in told
        applicant = agent_of(call)
        structure = StructureFactory()
        submitted(call, structure)
        join(structure, "reader", applicant)
        assert not tabs_of(call, applicant)

    def test_leads_from_the_laureates_to_their_projects(self, client):
        finale = proclaimed(in_hours=None)
        told = read(client, "calls:board", finale.call, finale.agent)
        assert told.count(f'href="{reverse("projects:board")}"') >= 2
        assert "Ouvrir l’incubation" in told


class TestTheWayBack:
    @pytest.mark.parametrize("name", ["juries:panels", "juries:vote-desk"])
    def test_leads_to_the_board(self, client, name):
        call = CallFactory(closed=True, title="Mobilité : le dernier kilomètre")
        told = read(client, name, call, agent_of(call))
        assert f'href="{reverse("calls:boards")}"' in told
        assert f"{link_to('calls:board', call)}>Mobilité<" in told

    def test_leads_from_a_panel_to_the_juries_and_the_board(self, client):
        jury = locked()
        client.force_login(jury.agent)
        told = client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).content.decode()
        assert link_to("calls:board", jury.call) in told
        assert link_to("juries:panels", jury.call) in told

    def test_spares_a_chair_the_pages_of_agents(self, client):
        jury = locked()
        client.force_login(jury.chair)
        told = client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).content.decode()
        assert link_to("calls:board", jury.call) not in told
        assert link_to("calls:detail", jury.call) in told


class TestTheCallsPage:
    def test_leads_to_the_finalists_once_they_are_public(self, client):
        call = CallFactory(closed=True)
        agent = agent_of(call)
        admitted(call, StructureFactory(), by=agent)
        assert link_to("juries:results", call) not in read(client, "calls:detail", call)
        finalist(call, agent, StructureFactory())
        told = read(client, "calls:detail", call)
        assert link_to("juries:results", call) in told
        assert link_to("juries:vote", call) not in told

    def test_leads_to_the_vote_while_it_is_open(self, client):
        finale = a_finale(2)
        now = clock.now()
        voting.open_vote(finale.call, opens_at=now, closes_at=now + DAY, by=finale.agent)
        assert link_to("juries:vote", finale.call) in read(client, "calls:detail", finale.call)
        with clock.at(now + 2 * DAY):
            assert link_to("juries:vote", finale.call) not in read(client, "calls:detail", finale.call)

    def test_leads_to_the_results_at_their_hour(self, client):
        finale = proclaimed(in_hours=1)
        assert "Voir les résultats" not in read(client, "calls:detail", finale.call, UserFactory())
        with clock.at(Call.objects.get(pk=finale.call.pk).results_at):
            told = read(client, "calls:detail", finale.call)
        assert "Voir les résultats" in told
        assert link_to("juries:results", finale.call) in told
