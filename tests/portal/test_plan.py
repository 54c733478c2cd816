"""The plan of the site and sitemap.xml agree, and each of their links answers."""

import re
import tomllib
from xml.etree import ElementTree

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.models import City
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
    beside = {path for path in listed - mapped if not path.startswith("/sitemap.xml") and not path.endswith(".atom")}
    assert beside == {address(name, language) for name in ("account_login", "account_signup", "portal:space")}
    assert {path: client.get(path).status_code for path in mapped} == dict.fromkeys(mapped, 200)
    assert {name for name in ("/reglement/", "/finale/", "/resultats/") if not any(name in p for p in mapped)} == set()


def test_the_foot_links_the_source_where_it_is_published_else_how_to_get_it(client, settings):
    assert 'href="/code-source/"' in client.get("/").text
    settings.SOURCE_URL = "https://code.example/portail"
    assert 'href="https://code.example/portail"' in client.get("/").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_source_page_says_what_runs_and_who_sends_it(client, address, settings, language):
    pyproject = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    City.objects.update(contact_email="")
    page = address("portal:source", language)
    assert f"<dd>{pyproject['project']['version']}</dd>" in client.get(page).text
    City.objects.update(contact_email="ville@exemple.fr")
    assert 'href="mailto:ville@exemple.fr"' in client.get(page).text.split("<main")[1]
    settings.SOURCE_URL = "https://code.example/portail"
    assert 'href="https://code.example/portail"' in client.get(page).text.split("<main")[1]
