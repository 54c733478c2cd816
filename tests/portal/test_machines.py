"""What search engines and security researchers read."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.models import City
from calls.models import CallAgent
from calls.operations import publication
from juries.operations import voting
from projects.models import ReplicationFile
from projects.operations import incubation
from tests.factories import projects
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory, agent_of
from tests.factories.news import article, pictured
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client):
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return [element.text.removeprefix("https://portail.example") for element in root.iter(f"{SPACE}loc")]


def test_the_site_map_lists_pages_that_answer(client):
    made = projects.project()
    CallFactory(slug="ouvert")
    listed = addresses(client)
    assert {"/", "/appels/ouvert/", f"/projets/{made.slug}/", "/accessibilite/"} <= set(listed)
    assert f"/appels/{made.award.call.slug}/resultats/" in listed
    assert {path: client.get(path).status_code for path in listed} == dict.fromkeys(listed, 200)


def test_the_site_map_names_every_language(client):
    text, listed = client.get("/sitemap.xml").text, addresses(client)
    assert {text.count(f'hreflang="{code}"') for code in ("fr", "nl", "x-default")} == {len(listed)}
    assert len(listed) == len(set(listed))
    assert {"/", "/en/", "/de/piliers/", "/nl/cookies/"} <= set(listed)
    assert '<xhtml:link rel="alternate" hreflang="x-default" href="https://portail.example/piliers/"/>' in text


def test_the_site_map_says_when_an_article_changed(client):
    made = article(slug="nouvelle")
    entry = client.get("/sitemap.xml").text.split("<loc>https://portail.example/actualites/nouvelle/</loc>")[1]
    changed = datetime.fromisoformat(entry.split("<lastmod>")[1].split("<")[0])
    assert changed == made.updated_at


def changed(client, path):
    """When the site map says that the page at `path` last changed; None where it does not."""
    entry = client.get("/sitemap.xml").text.split(f"<loc>https://portail.example{path}</loc>")[1].split("</url>")[0]
    told = re.search("<lastmod>(.*)</lastmod>", entry)
    return told and datetime.fromisoformat(told[1])


def test_the_site_map_says_when_a_call_changed(client):
    now = clock.now().replace(microsecond=0)
    call = CallFactory(slug="ouvert", announced_at=now - timedelta(days=9), opens_at=now - timedelta(days=8))
    agent = agent_of(call)
    assert changed(client, "/appels/ouvert/") == call.opens_at
    assert changed(client, "/appels/ouvert/questions/") is None
    with clock.at(now - timedelta(days=2)):
        publication.edit_call(call, title="Un autre titre", by=agent)
    with clock.at(now - timedelta(days=1)):
        publication.grant_right(call, UserFactory(is_agent=True), CallAgent.Right.values[-1], by=SYSTEM)
    assert changed(client, "/appels/ouvert/") == now - timedelta(days=2)
    with clock.at(call.closes_at):
        assert changed(client, "/appels/ouvert/") == call.closes_at


def test_the_site_map_says_when_a_project_changed(client):
    scene = projects.cast()
    path, before = f"/projets/{scene.project.slug}/", clock.now()
    assert changed(client, path) <= before
    with clock.at(before + timedelta(hours=1)):
        incubation.post_update(scene.project, title="Posé", body="Le premier.", by=scene["agent"])
        assert changed(client, path) == before + timedelta(hours=1)


@pytest.mark.parametrize("path", ["/sitemap.xml", "/plan-du-site/"])
def test_both_plans_lead_to_open_replication_files_and_to_a_vote(client, path):
    made, shut = projects.project(), projects.project()
    ReplicationFile.objects.create(project=made, is_public=True)
    ReplicationFile.objects.create(project=shut, is_public=False)
    finale, hour = a_finale(2), timedelta(hours=1)
    dates = {"opens_at": clock.now() - hour, "closes_at": clock.now() + hour}
    vote = voting.open_vote(finale.call, by=finale.agent, **dates)
    text = client.get(path).text
    assert f"/projets/{made.slug}/dossier/" in text
    assert f"/projets/{shut.slug}/dossier/" not in text
    address = f"/vote/{vote.call.slug}/"
    assert address in text
    assert client.get(address).status_code == 200
    with clock.at(vote.closes_at):
        assert address not in client.get(path).text


def test_the_site_map_hides_what_is_not_public(client):
    CallFactory(slug="en-preparation", draft=True)
    hidden = projects.project(is_public=False)
    coming = projects.project(projects.award(publish_at=clock.now() + timedelta(days=1)))
    listed = " ".join(addresses(client))
    assert not [slug for slug in ("en-preparation", hidden.slug, coming.slug) if slug in listed]


def test_the_site_map_takes_few_statements(client, django_assert_max_num_queries):
    for _number in range(3):
        projects.project()
    with django_assert_max_num_queries(5):
        client.get("/sitemap.xml")


def test_robots_keep_out_of_what_is_someone_s_own(client, settings):
    text = client.get("/robots.txt").text
    assert "Disallow: /espace/" in text
    assert "Disallow: /en/espace/" in text
    assert "Sitemap: https://portail.example/sitemap.xml" in text
    settings.DEMO = True
    assert client.get("/robots.txt").text.split() == ["User-agent:", "*", "Disallow:", "/"]


def test_networks_may_fetch_the_picture_they_are_told_of(client):
    page = client.get(pictured("mobilite").get_absolute_url()).text
    image = page.split('og:image" content="https://portail.example')[1].split('"')[0]
    closed = re.findall(r"Disallow: (\S+)", client.get("/robots.txt").text)
    assert not [path for path in closed if image.startswith(path)]
    answer = client.get(image)
    assert answer.status_code == 200
    assert "X-Robots-Tag" not in answer


@pytest.mark.parametrize(("path", "kind"), [("/favicon.ico", "ico"), ("/apple-touch-icon.png", "png")])
def test_a_sign_is_where_browsers_look_for_it(client, path, kind):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"].startswith("/static/")) == (302, True)
    assert answer["Location"].endswith(kind)


def test_a_telephone_keeps_the_portal_under_its_own_name(client, settings):
    settings.SITE_NAME = "Arras en commun"
    City.objects.update_or_create(pk=1, defaults={"name": "Ville d’Arras"})
    assert '<link rel="manifest" href="/site.webmanifest">' in client.get("/").text
    answer = client.get("/site.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["name"], told["short_name"], told["start_url"]) == ("Arras en commun", "Arras", "/")
    assert [icon["src"].startswith("/static/img/icon-") for icon in told["icons"]] == [True, True]


@pytest.mark.parametrize(
    ("typed", "to"),
    [
        ("/fr/appels/?page=2", "/appels/?page=2"),
        ("/fr/", "/"),
        ("/fr//evil.example/", "/evil.example/"),
        ("/fr/%5Cevil.example", "/evil.example"),
    ],
)
def test_french_has_no_prefix(client, typed, to):
    answer = client.get(typed)
    assert (answer.status_code, answer["Location"]) == (301, to)


@pytest.mark.parametrize(("code", "words"), [("fr", "Cherchez"), ("de", "Durchsuchen"), ("nl", "Zoek")])
def test_each_language_has_its_own_search(client, code, words):
    prefix = "" if code == "fr" else f"/{code}"
    told = client.get(f"/opensearch.xml?langue={code}").text
    assert f"<Language>{code}</Language>" in told
    assert f'template="https://portail.example{prefix}/recherche/?q={{searchTerms}}"' in told
    assert words in told
    assert f'href="/opensearch.xml?langue={code}"' in client.get(f"{prefix}/").text


def test_security_names_a_contact_and_expires_within_a_year(client):
    City.objects.filter(pk=1).update(contact_email="securite@ville.example")
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines() if line)
    assert lines["Contact"] == "mailto:securite@ville.example"
    assert lines["Canonical"] == "https://portail.example/.well-known/security.txt"
    expires = datetime.fromisoformat(lines["Expires"])
    assert clock.now() + timedelta(days=30) < expires < clock.now() + timedelta(days=365)


def test_security_without_a_mail_address_leads_to_the_legal_notice(client):
    City.objects.filter(pk=1).update(contact_email="")
    assert "Contact: https://portail.example/mentions-legales/" in client.get("/.well-known/security.txt").text


@pytest.mark.parametrize(("level", "word"), [("none", "not compliant"), ("partial", "partially"), ("full", "fully")])
def test_the_statement_and_the_foot_declare_what_the_city_says(client, level, word):
    rate = {"none": None, "partial": 75, "full": 100}[level]
    City.objects.filter(pk=1).update(
        accessibility=level, accessibility_rate=rate, accessibility_audited_on=clock.today()
    )
    page = client.get("/en/accessibilite/").text
    assert word in page.split("<footer")[0]
    assert word in page.split("<footer")[1]
