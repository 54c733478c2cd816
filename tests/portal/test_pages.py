"""Every public page answers in the four languages, on a portal in use and on an empty one, in few statements."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils.html import strip_tags

from bethune_smartcity.core import clock
from bethune_smartcity.core.models import City
from bethune_smartcity.core.templatetags.ui import _draw
from bethune_smartcity.portal.legal import SLUGS
from bethune_smartcity.portal.sitemap import ALWAYS
from calls.models import RulesVersion
from calls.operations import clarifications
from pillars.models import Indicator, Objective, Pillar, Reading
from tests.factories import projects
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory, agent_of
from tests.factories.news import article

from .conftest import LANGUAGES

pytestmark = pytest.mark.django_db

BETHUNE, CONTENT = re.compile("(?i).{0,40}b[ée]thune.{0,20}"), re.compile(r'content="([^"]*)"')
DAYS = {"fr": "30\u00a0jours", "en": "30\u00a0days", "de": "30\u00a0Tage", "nl": "30\u00a0dagen"}
EMPTY = [
    ("portal:home", {}),
    ("portal:pillars", {}),
    ("portal:pillar", {"slug": "mobilite-transport"}),
    ("portal:news", {}),
    ("calls:list", {}),
    ("portal:search", {}),
    *(("portal:legal", {"slug": slug}) for slug in SLUGS),
]
IN_USE = [
    *EMPTY,
    ("portal:article", {"slug": "une-actualite"}),
    ("calls:detail", {"slug": "mobilite"}),
    ("calls:questions", {"slug": "mobilite"}),
    ("calls:rules", {"slug": "mobilite"}),
]


def add_call(slug):
    """An open call with rules and an answered question."""
    call = CallFactory(slug=slug, title="Mobilité : penser autrement", asks="Comment ?\nÀ quelle échelle ?")
    RulesVersion.objects.create(call=call, number=1, text="## Objet", in_force_from=clock.today())
    agent = agent_of(call)
    asked = clarifications.ask(call, "Une association peut-elle répondre ?", by=UserFactory())
    clarifications.answer(asked, "Oui.", by=agent)
    return call


def add_project():
    """A project of a published call, with a step to come, and an indicator with a reading under its pillar."""
    made = projects.project()
    projects.milestone(made)
    pillar = Pillar.objects.get(slug="mobilite-transport")
    Objective.objects.create(pillar=pillar, text="Plus de vélos")
    indicator = Indicator.objects.create(pillar=pillar, name="Trajets à vélo", unit="trajets")
    for days in range(3):
        Reading.objects.create(indicator=indicator, day=clock.today() - timedelta(days=days), value=800 + days)


@pytest.fixture
def in_use():
    add_call("mobilite")
    add_project()
    article("mobilite", slug="une-actualite")
    article("mobilite")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "kwargs"), EMPTY)
def test_every_page_answers_on_an_empty_portal(client, address, name, kwargs, language):
    answer = client.get(address(name, language, **kwargs))
    assert answer.status_code == 200
    assert f'<html lang="{"en-GB" if language == "en" else language}"' in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "kwargs"), IN_USE)
def test_every_page_answers_on_a_portal_in_use(client, address, in_use, name, kwargs, language):
    answer = client.get(address(name, language, **kwargs))
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(("name", "kwargs"), IN_USE)
def test_statements_do_not_grow_with_the_rows(client, address, in_use, django_assert_max_num_queries, name, kwargs):
    def statements():
        cache.clear()
        with django_assert_max_num_queries(8) as counted:
            assert client.get(address(name, **kwargs)).status_code == 200
        return len(counted)

    before = statements()
    for number in range(2):
        add_call(f"autre-{number}")
        add_project()
        article("mobilite")
    assert statements() == before


@pytest.mark.parametrize(("name", "slug"), [("portal:pillar", "inconnu"), ("calls:detail", "inconnu")])
def test_unknown_is_404(client, address, name, slug):
    assert client.get(address(name, slug=slug)).status_code == 404


def test_each_page_says_where_it_is_in_the_other_languages(client, address, in_use):
    page = client.get(address("calls:detail", slug="mobilite")).text
    assert '<link rel="canonical" href="https://portail.example/appels/mobilite/">' in page
    assert '<link rel="alternate" hreflang="de" href="https://portail.example/de/appels/mobilite/">' in page


def test_a_filtered_page_leads_search_engines_to_the_plain_one(client, address, in_use):
    page = client.get(address("calls:list") + "?page=1").text
    assert '<link rel="canonical" href="https://portail.example/appels/">' in page
    assert "hreflang=" not in page.split("</head>")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_city_is_named_in_the_place_of_bethune(client, address, settings, language):
    settings.SITE_NAME = "Lens Smart City"
    City.objects.update(
        name="Ville de Lens", department="Artois", contact_email="ville@lens.example", service="Projets"
    )
    _draw.cache_clear()
    pages = [address(name, language, **kwargs) for name, kwargs in (*EMPTY, *((name, {}) for name in ALWAYS))]
    try:
        texts = {page: client.get(page).text for page in [*pages, "/actualites/flux.atom", "/appels/flux.atom"]}
    finally:
        _draw.cache_clear()
    home = texts[address("portal:home", language)]
    assert '<span class="brand__name">Lens<span>Smart City</span></span>' in home
    assert ">Lens " in home
    assert "Lens, Artois." in home
    read = [*map(strip_tags, texts.values()), *(told for text in texts.values() for told in CONTENT.findall(text))]
    assert [found for text in read for found in BETHUNE.findall(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_long_data_are_kept_does_not_break(client, address, language):
    text = client.get(address("portal:legal", language, slug="donnees-personnelles")).text
    assert text.count(DAYS[language]) == 2
    assert DAYS[language].replace("\u00a0", " ") not in text
