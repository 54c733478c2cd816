"""The news: who reads what and when, narrowed by theme, in few statements, whatever is typed."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.portal.operations import news
from tests.factories import projects
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory
from tests.factories.news import article, translated
from tests.personas import PERSONAS, cast

from .conftest import LANGUAGES

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
AGENTS = {"agent", "member_agent", "rival_agent", "other_agent", "administrator"}


def titles(client, path="/actualites/"):
    """The titles a list shows, in its order."""
    return re.findall(r'<h2><a href="[^"]+">([^<]+)</a></h2>', client.get(path).text)


def visit(client, user, path):
    """The status of a page for a person."""
    client.logout()
    if user.is_authenticated:
        client.force_login(user)
    return client.get(path).status_code


@pytest.mark.parametrize("kind", ["draft", "planned", "withdrawn"])
def test_only_agents_read_what_is_not_public(client, kind):
    people = cast().people
    made = article(draft=kind == "draft", planned=clock.now() + timedelta(days=1) if kind == "planned" else None)
    if kind == "withdrawn":
        news.withdraw(made, reason="Une erreur.", by=people["agent"])
    answers = {name: visit(client, people[name], made.get_absolute_url()) for name in PERSONAS}
    assert answers == {name: 200 if name in AGENTS else 404 for name in PERSONAS}


def test_everyone_reads_what_is_public(client):
    people, made = cast().people, article()
    assert {visit(client, user, made.get_absolute_url()) for user in people.values()} == {200}


def places(client, slug):
    """Where the public finds an article: pages, feed, data, site maps."""
    looked = {
        "list": "/actualites/",
        "page": f"/actualites/{slug}/",
        "home": "/",
        "pillar": "/piliers/mobilite-transport/",
        "feed": "/actualites/flux.atom",
        "api": "/api/v1/news/",
        "one": f"/api/v1/news/{slug}/",
        "sitemap": "/sitemap.xml",
        "map": "/plan-du-site/",
    }
    answers = {name: client.get(path) for name, path in looked.items()}
    return {name for name, answer in answers.items() if answer.status_code == 200 and slug in answer.text}


def test_the_clock_opens_every_place_at_the_very_second(client):
    moment = clock.now() + timedelta(days=1)
    made = article("mobilite", planned=moment)
    with clock.at(moment - SECOND):
        assert places(client, made.slug) == set()
    with clock.at(moment):
        assert len(places(client, made.slug)) == 9


def test_what_is_withdrawn_leaves_every_place(client):
    made = article("mobilite")
    assert len(places(client, made.slug)) == 9
    news.withdraw(made, reason="Une erreur.", by=AgentFactory())
    assert places(client, made.slug) == set()


def test_a_planned_article_is_not_read_beside_another(client):
    article("mobilite", title_fr="Demain", planned=clock.now() + timedelta(days=1))
    made = article("mobilite")
    assert "Demain" not in client.get(made.get_absolute_url()).text


def test_newest_first_and_by_theme(client):
    old = article("mobilite", at=clock.now() - timedelta(days=2), title_fr="Ancien")
    article("culture", "mobilite", title_fr="Nouveau")
    article("culture", at=clock.now() - timedelta(days=1), title_fr="Milieu")
    assert titles(client) == ["Nouveau", "Milieu", "Ancien"]
    assert titles(client, "/actualites/?theme=mobilite-transport") == ["Nouveau", "Ancien"]
    assert "2 articles" in client.get("/actualites/?theme=mobilite-transport").text
    assert old.title in titles(client)


def test_related_articles_share_a_theme_before_they_are_new(client):
    day = timedelta(days=1)
    made = article("mobilite")
    near = article("mobilite", at=clock.now() - 9 * day)
    others = [article("culture", at=clock.now() - number * day) for number in (2, 3, 4)]
    assert client.get(made.get_absolute_url()).context["related"] == [near, *others[:2]]


def test_empty_lists_say_what_to_do(client):
    assert "Aucune actualité pour l’instant" in client.get("/actualites/").text
    article("culture")
    page = client.get("/actualites/?theme=mobilite-transport").text
    assert "Rien sur ce thème pour l’instant" in page
    assert 'href="/actualites/">Voir toutes les actualités' in page


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9" * 40, "\u0664", "1.5", ""])
def test_odd_pages_are_pages(client, page):
    article()
    assert client.get("/actualites/", {"page": page}).status_code == 200


@pytest.mark.parametrize("theme", ["inconnu", "9" * 5000, "\u0664", "<script>", "mobilite-transport'--"])
def test_odd_themes_are_refused_with_a_sentence(client, theme):
    article()
    answer = client.get("/actualites/", {"theme": theme})
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert "<script>" not in answer.text.split("<nav")[-1].split("</nav>")[0]


@pytest.mark.parametrize(
    "path", ["/", "/actualites/", "/actualites/?theme=mobilite-transport", "one", "/plan-du-site/"]
)
def test_statements_do_not_grow_with_the_rows(client, path):
    call, project = CallFactory(), projects.project()
    first = article("mobilite", call=call, project=project)
    path = first.get_absolute_url() if path == "one" else path
    counts, made = [], 1
    for rows in (1, 3, 100):
        for _number in range(rows - made):
            article("mobilite", "culture")
        made = rows
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert len(set(counts[1:])) == 1
    assert counts[0] <= counts[1] <= 12


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [lien](javascript:alert(1)) "
    "[data](data:text/html,x) ![image](https://autre.example/x.png)"
)


def test_markdown_is_inert(client):
    made = article(body_fr=HOSTILE, title_fr="</script><script>alert(1)//", standfirst_fr="<b onclick=x>")
    page = client.get(made.get_absolute_url()).text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'href="data:' not in page
    assert "<img" not in page.split('<div class="prose')[1].split("</div>")[0]
    assert "<b onclick" not in page
    assert structured(page)["headline"] == "</script><script>alert(1)//"


def structured(page):
    """The block of data of a page."""
    things = [json.loads(told) for told in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    return next(thing for told in things for thing in told["@graph"] if thing["@type"] == "NewsArticle")


def test_machines_read_the_article(client):
    made = article("mobilite")
    told = structured(client.get(made.get_absolute_url()).text)
    assert told["@type"] == "NewsArticle"
    assert told["mainEntityOfPage"] == f"https://portail.example/actualites/{made.slug}/"
    assert told["keywords"] == ["Mobilité-Transport"]


def test_an_article_leads_to_its_call_and_project_only_where_they_are_public(client):
    call, project = (
        CallFactory(draft=True, title="Appel secret"),
        projects.project(name="Projet caché", is_public=False),
    )
    made = article(call=call, project=project)
    client.force_login(AgentFactory())
    page = client.get(made.get_absolute_url()).text
    assert "Appel secret" not in page
    assert "Projet caché" not in page
    shown, open_call = projects.project(name="Projet montré"), CallFactory(title="Appel ouvert")
    page = client.get(article(call=open_call, project=shown).get_absolute_url()).text
    assert "Projet montré" in page
    assert "Appel ouvert" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_falls_back_to_french_and_says_so(client, address, language):
    made = article(title_fr="Un titre")
    page = client.get(address("portal:article", language, slug=made.slug)).text
    assert ("told-in" in page) == (language != "fr")
    assert ('lang="fr"' in page.split("<main")[1]) == (language != "fr")


def test_a_list_says_which_of_its_articles_are_in_another_language(client, address):
    article("mobilite"), article("mobilite", **translated(slug="traduit"))
    note = '<p class="told-in">Text auf Französisch</p>'
    pillar = {"slug": "mobilite-transport"}
    for name, kwargs, shape in (
        ("portal:news", {}, "cards"),
        ("portal:home", {}, "news"),
        ("portal:pillar", pillar, "news"),
    ):
        listed = client.get(address(name, "de", **kwargs)).text.split(f'<ul class="{shape}" role="list">')[-1]
        assert listed.split("</section>")[0].count(note) == 1, name
    assert "told-in" not in client.get(address("portal:news")).text


def test_home_shows_three_and_a_pillar_its_own(client):
    for _number in range(4):
        article("mobilite")
    article("culture", at=clock.now() - timedelta(days=1))
    assert len(client.get("/").context["news"]) == 3
    assert len(client.get("/piliers/loisir-culture/").context["news"]) == 1
    assert len(client.get("/piliers/mobilite-transport/").context["news"]) == 3
