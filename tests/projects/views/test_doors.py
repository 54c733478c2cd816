"""Every address of the projects, for every persona: 404 to whom it is hidden, 403 to whom it is not given."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from projects.models import Project
from tests.factories import projects as make

pytestmark = pytest.mark.django_db

OUTSIDE = {"citizen", "rival", "screener", "agent elsewhere", "administrator"}
AGENTS = {"agent", "screener", "agent elsewhere", "conflicted agent"}
INSIDE = {"owner", "editor", "reader", "mentor", "partner", "agent", "conflicted agent"}
EVERYONE = {"anonymous", *OUTSIDE, *INSIDE}
TEAM = {"owner", "editor"}


@pytest.fixture
def scene():
    """A project on trial with something to do at each door."""
    scene = make.cast(make.project(state="trial"))
    scene.step = make.milestone(scene.project)
    scene.reported = make.milestone(scene.project, state="reported")
    scene.planned = make.payment(scene.project)
    scene.requested = make.payment(scene.project, state="requested")
    scene.photo = make.photo(scene.project, state="proposed")
    make.dossier(scene.project)
    scene.asked = make.asked(scene.project)
    scene.award = make.award(scene.project.award.call, owner=scene.project.structure, title="Autre projet")
    return scene


def addresses(scene):
    """Each door's address, by name."""
    slug = scene.project.slug
    on = {
        "list": (),
        "list-card": (),
        "detail": (slug,),
        "card": (slug,),
        "replicate-any": (),
        "replicate-done": (),
        "replicate": (slug,),
        "dossier": (slug,),
        "send-photo": (slug,),
        "photo": (slug, scene.photo.pk, "show"),
        "requests": (),
        "replication": (scene.asked.pk,),
        "close-request": (scene.asked.pk,),
        "erase-contact": (scene.asked.pk,),
        "followup": (slug,),
        "post-update": (slug,),
        "report": (slug, scene.step.pk),
        "request": {"slug": slug, "pk": scene.planned.pk, "act": "request"},
        "board": (),
        "open": (scene.award.pk,),
        "describe": (slug,),
        "add-milestone": (slug,),
        "add-payment": (slug,),
        "appoint": (slug,),
        "advance": (slug, "evaluate"),
        "milestone": (slug, scene.reported.pk, "accept"),
        "payment": (slug, scene.requested.pk, "approve"),
    }
    return {
        name: reverse(f"projects:{name}", **({"kwargs": given} if isinstance(given, dict) else {"args": given}))
        for name, given in on.items()
    }


# door: who opens it, who is told it is not theirs; everyone else gets the 404 of what does not exist
DOORS = {
    "list": (EVERYONE, set()),
    "list-card": (EVERYONE, set()),
    "detail": (EVERYONE, set()),
    "card": (EVERYONE, set()),
    "replicate-any": (EVERYONE, set()),
    "replicate-done": (EVERYONE, set()),
    "replicate": (EVERYONE, set()),
    "dossier": (EVERYONE, set()),
    "send-photo": ({*TEAM, "mentor", "agent"}, INSIDE),
    "photo": ({"agent"}, INSIDE),
    "requests": (AGENTS, EVERYONE),
    "replication": ({"agent"}, set()),
    "close-request": ({"agent"}, set()),
    "erase-contact": ({"agent"}, set()),
    "followup": (INSIDE, set()),
    "post-update": ({*TEAM, "mentor", "agent"}, INSIDE),
    "report": (TEAM, INSIDE),
    "request": (TEAM, INSIDE),
    "board": (AGENTS, EVERYONE),
    "open": ({"agent"}, {"conflicted agent"}),
    "describe": ({"agent"}, INSIDE),
    "add-milestone": ({"agent"}, INSIDE),
    "add-payment": ({"agent"}, INSIDE),
    "appoint": ({"agent"}, INSIDE),
    "advance": ({"agent"}, INSIDE),
    "milestone": ({"agent"}, INSIDE),
    "payment": ({"agent"}, INSIDE),
}


# Doors that no project opens or hides, and those to read only.
APART = {"list", "list-card", "board", "open", "replicate-any", "replicate-done", "requests"}
APART |= {"replication", "close-request", "erase-contact"}
READ = {"list", "list-card", "card", "detail", "dossier", "followup", "board", "replicate-done", "requests"}


def expected(name, door):
    """The answer the table gives for a persona at a door."""
    opens, told = DOORS[door]
    if name in opens:
        return 200
    if name == "anonymous":
        return 302
    return 403 if name in told else 404


def answers(client, scene, door, method="get"):
    """What each persona gets at a door."""
    found = {}
    for name, user in scene.people.items():
        client.logout()
        if user:
            client.force_login(user)
        found[name] = getattr(client, method)(addresses(scene)[door]).status_code
    return found


def test_every_address_is_in_the_table(scene):
    from projects.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_reading(client, scene, door):
    assert answers(client, scene, door) == {name: expected(name, door) for name in scene.people}


@pytest.mark.parametrize("door", [door for door in DOORS if door not in READ])
def test_sending_opens_no_door_that_reading_does_not(client, scene, door):
    opens = DOORS[door][0]
    found = {name: status for name, status in answers(client, scene, door, "post").items() if name not in opens}
    assert found == {name: expected(name, door) for name in found}


@pytest.mark.parametrize("door", [door for door in DOORS if door not in APART])
def test_before_the_results_nobody_but_the_agents_knows(client, scene, door):
    call = scene.project.award.call
    call.awards.update(publish_at=clock.now() + timedelta(hours=1))
    found = answers(client, scene, door)
    knowing = {name for name, status in found.items() if status not in {404, 302}}
    assert knowing <= {"agent", "conflicted agent"}


def without_token(answer):
    """A page's text, the form token left out (it differs at each reading)."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


@pytest.mark.parametrize("door", [door for door in DOORS if door not in APART])
def test_hidden_and_unknown_look_the_same(client, scene, door):
    client.force_login(scene["rival"])
    Project.objects.update(is_public=False)
    address = addresses(scene)[door]
    hidden, unknown = client.get(address), client.get(address.replace(scene.project.slug, "inconnu"))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert without_token(hidden) == without_token(unknown).replace("inconnu", scene.project.slug)


@pytest.mark.parametrize(
    ("door", "spoil"),
    [
        ("advance", lambda _scene: Project.objects.update(state="deployed")),
        ("milestone", lambda scene: type(scene.reported).objects.update(state="planned")),
        ("payment", lambda scene: type(scene.requested).objects.update(state="cancelled")),
        ("open", lambda scene: make.project(scene.award)),
        ("report", lambda scene: type(scene.step).objects.update(state="reported")),
        ("request", lambda scene: type(scene.planned).objects.update(state="requested")),
        ("add-milestone", lambda _scene: Project.objects.update(state="stopped")),
    ],
)
def test_not_now(client, scene, door, spoil):
    user = scene["owner"] if door in {"report", "request"} else scene["agent"]
    client.force_login(user)
    spoil(scene)
    words = {
        "report": "Fait.",
        "reason": "Raison.",
        "title_fr": "Pas",
        "due_on": clock.today().isoformat(),
        "name_fr": "Autre projet",
        "slug": "autre-projet",
        "pillar": scene.project.pillar_id,
    }
    assert client.post(addresses(scene)[door], words).status_code == 409
    if door != "add-milestone":
        assert client.get(addresses(scene)[door]).status_code == 409


@pytest.mark.parametrize("act", ["agree-not", "report", "request", "open"])
def test_acts_of_others_are_no_addresses_here(client, scene, act):
    client.force_login(scene["agent"])
    slug = scene.project.slug
    for address in (
        reverse("projects:advance", args=(slug, act)),
        reverse("projects:milestone", args=(slug, scene.step.pk, act)),
        reverse("projects:payment", args=(slug, scene.planned.pk, act)),
    ):
        assert client.get(address).status_code == 404


def test_a_step_is_reached_through_its_own_project_only(client, scene):
    client.force_login(scene["agent"])
    other = make.project(make.award(scene.project.award.call))
    address = reverse("projects:milestone", args=(other.slug, scene.reported.pk, "accept"))
    assert client.get(address).status_code == 404
    assert client.get(reverse("projects:milestone", args=(other.slug, 10**30, "accept"))).status_code == 404
