"""Who sees which project: lists and permissions say the same, person by person."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from calls.models import Prize
from juries.models import Award
from projects import queries
from projects.models import Project
from tests.factories import projects as make

pytestmark = pytest.mark.django_db

INSIDE = {"owner", "editor", "reader", "mentor", "partner", "agent", "conflicted agent"}
AGENTS = {"agent", "conflicted agent"}


def seen_by(scene, query):
    """The roles whose list holds the project."""
    return {name for name, user in scene.people.items() if query(user or AnonymousUser()).exists()}


@pytest.fixture
def scene():
    return make.cast()


def test_a_public_project_is_everyones_to_see(scene):
    assert seen_by(scene, queries.visible_projects) == {*scene.people}


def test_the_followup_is_for_those_inside(scene):
    assert seen_by(scene, queries.followed_projects) == INSIDE


def test_a_project_kept_out_of_the_showcase_is_for_those_inside(scene):
    Project.objects.update(is_public=False)
    assert not queries.public_projects().exists()
    assert seen_by(scene, queries.visible_projects) == INSIDE


def test_before_the_results_only_agents_know(scene):
    with clock.at(scene.project.award.publish_at - timedelta(seconds=1)):
        assert not queries.public_projects().exists()
        assert seen_by(scene, queries.visible_projects) == AGENTS
        assert seen_by(scene, queries.followed_projects) == AGENTS


def test_lists_and_permissions_agree(scene):
    other = make.cast()
    for name, user in {**scene.people, **{f"other {k}": v for k, v in other.people.items()}}.items():
        for project in (scene.project, other.project):
            if user is not None:
                listed = queries.followed_projects(user).filter(pk=project.pk).exists()
                assert can(user, "projects.view_followup", project) == listed, name
                listed = queries.run_projects(user).filter(pk=project.pk).exists()
                assert can(user, "projects.run_project", project) == listed, name


def test_a_city_led_project_is_any_agents(scene):
    Project.objects.update(award=None, structure=None)
    agents = {name for name, user in scene.people.items() if user and user.is_agent}
    assert seen_by(scene, queries.followed_projects) == agents | {"mentor"}
    assert can(scene["agent elsewhere"], "projects.run_project", Project.objects.get())


def test_search_folds_accents_and_case():
    make.project(name="Bus à haut niveau", slug="bus")
    assert queries.search(queries.public_projects(), "NIVEAU  À bus").count() == 1
    assert queries.search(queries.public_projects(), "tramway").count() == 0


def test_the_next_step_is_the_first_one_not_done():
    project = make.project()
    make.milestone(project, state="accepted", title="Un")
    make.milestone(project, title="Deux")
    make.milestone(project, title="Trois")
    assert queries.with_next_step(queries.public_projects()).get().next_title == "Deux"


def test_awards_without_a_project_can_be_opened(scene):
    assert not queries.openable_awards(scene["agent"]).exists()
    fresh = make.award(scene.project.award.call)
    make.award(scene.project.award.call, publish_at=clock.now() + timedelta(hours=1))
    assert [*queries.openable_awards(scene["agent"])] == [fresh]
    assert not queries.openable_awards(scene["screener"]).exists()


def test_of_several_awards_of_one_application_the_best_opens_its_project(scene):
    best = make.award(scene.project.award.call)
    prize = Prize.objects.create(call=best.call, rank=best.prize.rank + 50, name="Prix de plus")
    Award.objects.create(call=best.call, prize=prize, submission=best.submission, publish_at=best.publish_at)
    assert [*queries.openable_awards(scene["agent"])] == [best]
