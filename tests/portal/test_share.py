"""How public pages are shared: what networks and search engines are told, and the picture they show."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.staticfiles.finders import find
from django.test import override_settings
from PIL import Image

from bethune_smartcity.core import clock
from bethune_smartcity.core.models import City
from tests.factories import projects as make
from tests.factories.calls import CallFactory, agent_of

pytestmark = pytest.mark.django_db

META = re.compile(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">')
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>')


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def told(client, address):
    """What a page tells networks."""
    return dict(META.findall(page(client, address)))


def things(client, address):
    """What a page tells search engines, by type."""
    graphs = [json.loads(found)["@graph"] for found in DATA.findall(page(client, address))]
    return {thing["@type"]: thing for graph in graphs for thing in graph}


def picture(client, address, **headers):
    answer = client.get(address, **headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    return Image.open(BytesIO(answer.content))


@override_settings(SITE_URL="https://ville.example")
@pytest.mark.parametrize("prefix", ["", "/en", "/de", "/nl"])
def test_every_public_page_has_a_title_a_description_and_a_picture_that_is_there(client, prefix):
    project = make.project(name="Get It Done", slug="get-it-done")
    call = project.award.call
    pages = ("/", "/piliers/", "/piliers/mobilite-transport/", "/appels/", "/projets/", "/projets/get-it-done/")
    for address in (*pages, f"/appels/{call.slug}/", f"/appels/{call.slug}/questions/", "/cookies/"):
        shown = told(client, prefix + address)
        assert shown["og:title"]
        assert shown["og:description"]
        assert shown["og:url"] == f"https://ville.example{prefix}{address}"
        assert shown["twitter:card"] == "summary_large_image"
        image = shown["og:image"].removeprefix("https://ville.example")
        assert image.startswith(prefix)
        assert picture(client, image).size == (1200, 630)


def test_a_project_is_shared_under_its_own_name_and_language(client):
    make.project(name="L’eau & le “feu”", slug="eau", one_line="Une <b>ligne</b>")
    shown = told(client, "/de/projets/eau/")
    assert shown["og:title"] == "L’eau &amp; le “feu”"
    assert "<" not in shown["og:description"]
    assert shown["og:locale"] == "de_DE"
    assert "/de/projets/eau/carte.png?v=" in shown["og:image"]


def test_a_picture_has_another_address_once_its_page_says_something_else(client):
    project = make.project(slug="eau", name="L’eau")
    before = told(client, "/projets/eau/")["og:image"]
    assert told(client, "/projets/eau/")["og:image"] == before
    project.name_fr = "L’eau vive"
    project.save()
    assert told(client, "/projets/eau/")["og:image"] != before


def test_a_page_behind_a_door_is_not_dressed_for_sharing(client):
    call = CallFactory()
    client.force_login(agent_of(call))
    assert "og:title" not in page(client, f"/gestion/appels/{call.slug}/")


def test_a_picture_that_is_known_already_is_not_sent_again(client):
    make.project(slug="eau")
    first = client.get("/projets/eau/carte.png")
    again = client.get("/projets/eau/carte.png", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "public" in first["Cache-Control"]
    assert client.get("/en/projets/eau/carte.png")["ETag"] != first["ETag"]


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_is_not_public_yet_has_no_picture_for_anyone(client, signed_in):
    scene = make.cast()
    hidden = make.project(make.award(scene.project.award.call), slug="cache", is_public=False)
    soon = make.award(scene.project.award.call, publish_at=clock.now() + timedelta(hours=1))
    make.project(soon, slug="bientot")
    draft = CallFactory(announced_at=None)
    if signed_in:
        client.force_login(scene["agent"])
    for address in ("/projets/cache/", "/projets/bientot/", "/projets/inconnu/", f"/appels/{draft.slug}/"):
        assert client.get(f"{address}carte.png").status_code == 404
    assert hidden.pk


def test_results_have_a_picture_from_the_hour_they_are_public(client):
    soon = clock.now() + timedelta(hours=1)
    award = make.award(make.published_call(results_at=soon), publish_at=soon)
    address = f"/appels/{award.call.slug}/resultats/carte.png"
    assert client.get(address).status_code == 404
    with clock.at(soon):
        assert picture(client, address).size == (1200, 630)


def test_search_engines_are_told_the_city_the_call_and_the_way(client):
    call = make.project().award.call
    assert {"GovernmentOrganization", "WebSite"} <= set(things(client, "/"))
    told_of = things(client, f"/appels/{call.slug}/")
    assert told_of["GovernmentService"]["hoursAvailable"]["validThrough"] == (
        (call.closes_at - timedelta(seconds=1)).astimezone(clock.PARIS).isoformat()
    )
    provider = told_of["GovernmentService"]["provider"]
    assert (provider["@type"], provider["name"]) == ("GovernmentOrganization", City.current().name)
    logo = things(client, "/")["GovernmentOrganization"]["logo"]
    assert Image.open(find(logo.split("/static/")[1])).size == (512, 512)
    steps = told_of["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
