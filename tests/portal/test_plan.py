"""The plan of the site and sitemap.xml agree, and each of their links answers."""

import re
from xml.etree import ElementTree

import pytest

from bethune_smartcity.core import clock
from calls.models import RulesVersion
from juries.operations import panels
from tests.factories import projects
from tests.factories.calls import CallFactory
from tests.juries.finale import a_finale

from .conftest import LANGUAGES

pytestmark = pytest.mark.django_db
SITE = "https://portail.example"


@pytest.fixture
def in_use():
    call = CallFactory(slug="ouvert")
    RulesVersion.objects.create(call=call, number=1, text="## Objet", in_force_from=clock.today())
    projects.project()
    finale = a_finale(3)
    panels.configure_panel(finale.panel, by=finale.agent, place="Théâtre (démo)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_and_the_site_map_agree_and_answer(client, address, in_use, language):
    plan = client.get(address("portal:legal", language, slug="plan-du-site")).text
    listed = set(re.findall(r'href="(/[^"#?]*)"', plan.split("<main")[1].split("</main")[0]))
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    links = tree.iter("{http://www.w3.org/1999/xhtml}link")
    mapped = {link.get("href").removeprefix(SITE) for link in links if link.get("hreflang") == language}
    assert not mapped - listed
    beside = {
        path
        for path in listed - mapped
        if not path.startswith(("/api/", "/sitemap.xml")) and not path.endswith(".atom")
    }
    assert beside == {address(name, language) for name in ("account_login", "account_signup", "portal:space")}
    assert {path: client.get(path).status_code for path in mapped} == dict.fromkeys(mapped, 200)
    assert {name for name in ("/reglement/", "/finale/", "/resultats/") if not any(name in p for p in mapped)} == set()


def test_the_foot_links_the_source_where_it_is_published(client, settings):
    assert "Code source" not in client.get("/").text
    settings.SOURCE_URL = "https://code.example/portail"
    assert 'href="https://code.example/portail"' in client.get("/").text
