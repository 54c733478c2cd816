"""The people and structures an agent finds in the back office: those of their own calls, as far as their rights go."""

import pytest

from bethune_smartcity.accounts.acquaintance import memberships_met, people_met, structures_met
from bethune_smartcity.accounts.models import Membership, Structure, User
from calls.models import CallAgent
from calls.operations import clarifications
from tests.admin.screens import address
from tests.factories import projects
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, give_rights, submitted
from tests.factories.juries import prepared

pytestmark = pytest.mark.django_db
Right = CallAgent.Right


@pytest.fixture
def met():
    """An application, a draft, a question and a jury of one call; and the same of another call."""
    prepared(jurors=1, applications=1)
    return prepared(jurors=1, applications=1)


def test_a_stranger_to_every_call_meets_nobody(met):
    agent = AgentFactory()
    assert list(people_met(agent)) == [agent]
    assert not structures_met(agent).exists()
    assert not memberships_met(agent).exists()


def test_who_screens_meets_applicants_drafters_and_askers():
    call = CallFactory()
    agent, asker = agent_of(call, Right.SCREEN), UserFactory()
    applied, drafted, elsewhere = submitted(call), draft(call), submitted()
    clarifications.ask(call, "Why?", by=asker)
    people, structures = set(people_met(agent)), set(structures_met(agent))
    assert structures == {applied.structure, drafted.structure}
    assert {owner_of(applied.structure), owner_of(drafted.structure), asker, agent} == people
    assert elsewhere.structure not in structures


def test_who_organises_the_jury_meets_jurors_and_who_applied():
    call = CallFactory()
    drafted = draft(call)
    jury = prepared(jurors=1, applications=1)
    agent = agent_of(jury.call, Right.JURY)
    give_rights(call, agent, Right.JURY)
    assert set(structures_met(agent)) == {jury.submissions[0].structure}
    assert jury.chair in people_met(agent)
    assert owner_of(drafted.structure) not in people_met(agent)


def test_who_configures_meets_the_agents_of_the_call_only(met):
    agent, beside = agent_of(met.call, Right.CONFIGURE), agent_of(met.call, Right.FOLLOW)
    assert beside in people_met(agent)
    assert set(people_met(agent)) == set(User.objects.filter(call_rights__call=met.call))
    assert not structures_met(agent).exists()


def test_who_follows_meets_the_people_of_projects():
    scene = projects.cast()
    agent = scene["agent"]
    assert scene.project.structure in structures_met(agent)
    assert {scene["owner"], scene["mentor"]} <= set(people_met(agent))


def test_a_right_given_up_closes_the_door(met):
    agent = agent_of(met.call)
    assert met.chair in people_met(agent)
    CallAgent.objects.filter(user=agent).delete()
    assert list(people_met(agent)) == [agent]


def test_an_administrator_meets_everyone(met):
    person = UserFactory(is_administrator=True)
    assert people_met(person).count() == User.objects.count()
    assert structures_met(person).count() == Structure.objects.count()
    assert memberships_met(person).count() == Membership.objects.count()


def test_what_is_not_met_is_found_on_no_screen(signed_in):
    call = CallFactory()
    agent, known = agent_of(call), submitted(call).structure
    other = StructureFactory()
    both = join(other, "reader", owner_of(known))
    client = signed_in(agent)
    for model, name in ((User, owner_of(other).email), (Structure, other.name), (Membership, other.name)):
        assert name not in client.get(address(model, "list")).content.decode()
        assert name not in client.get(address(User, "change", both.pk)).content.decode()
    assert client.get(address(Structure, "change", other.pk)).status_code == 404
    found = client.get("/admin/autocomplete/", {"app_label": "juries", "model_name": "juror", "field_name": "user"})
    assert owner_of(other).email not in found.content.decode()


def test_people_are_listed_once(met):
    agent = agent_of(met.call)
    give_rights(met.call, met.chair)
    assert len(people_met(agent)) == people_met(agent).distinct().count()
