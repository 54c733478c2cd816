"""What search engines and security researchers read."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.models import City
from tests.factories import projects
from tests.factories.calls import CallFactory

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
    assert client.get("/sitemap.xml").text.count('hreflang="nl"') == len(addresses(client))


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
