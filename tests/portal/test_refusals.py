"""Pages that refuse: in the visitor's language, with a way back and a search; the last two without the database."""

import re

import pytest
from django.db import OperationalError
from django.test import Client

from bethune_smartcity.core import refusals

pytestmark = pytest.mark.django_db
HTML = {"HTTP_ACCEPT": "text/html"}


@pytest.mark.parametrize(
    ("language", "words"), [("", "Revenir à l’accueil"), ("/de", "Startseite"), ("/nl", "startpagina")]
)
@pytest.mark.parametrize("path", ["/rien/", "/recherche/?q=a%00b"])
def test_a_refusal_leads_on(client, path, language, words):
    page = client.get(language + path, **HTML)
    assert page.status_code in (400, 404)
    assert f'action="{language}/recherche/"' in page.text
    assert page.text.count("<h1") == 1
    assert f'<html lang="{language[1:] or "fr"}"' in page.text
    assert words in page.text


def test_a_method_that_is_not_taken_is_told_in_words(client):
    page = client.post("/de/recherche/", **HTML)
    assert page.status_code == 405
    assert "GET" in page["Allow"]
    assert "nimmt das nicht an" in page.text


@pytest.mark.parametrize("path", ["/rien/", "/appels/rien/", "/recherche/?q=a%00b"])
def test_the_languages_of_a_refusal_lead_home_and_it_has_no_address(client, path):
    page = client.get("/nl" + path, **HTML).text
    links = re.findall(r'<li><a href="([^"]+)" hreflang="(..)" lang=', page)
    assert set(links) == {("/", "fr"), ("/en/", "en"), ("/de/", "de"), ("/nl/", "nl")}
    assert 'rel="canonical"' not in page
    assert 'rel="alternate" hreflang' not in page


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
@pytest.mark.parametrize("path", ["/", "/de/piliers/", "/appels/", "/sitemap.xml", "/actualites/flux.atom"])
def test_what_only_reads_says_so_without_a_token(path, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(path, **HTML)
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


def test_what_takes_a_form_still_asks_for_its_token(client):
    guarded = Client(enforce_csrf_checks=True)
    assert guarded.post("/repliquer/").status_code == 403
    assert guarded.post("/connexion/").status_code == 403
    assert guarded.put("/repliquer/").status_code == 405


def test_who_asks_too_often_is_told_when_to_come_back(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    answers = [client.post("/inscription/", {}) for _time in range(3)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0]["Retry-After"] == "60"


def test_programs_get_no_page(client):
    assert client.post("/recherche/").content == b""


@pytest.mark.parametrize(("error", "status"), [(ValueError, 500), (OperationalError, 503)])
@pytest.mark.parametrize(("path", "code"), [("/recherche/", "fr"), ("/nl/recherche/", "nl")])
def test_a_fault_is_told_without_the_database(monkeypatch, django_assert_num_queries, error, status, path, code):
    def broken(*_args, **_kwargs):
        raise error

    monkeypatch.setattr("bethune_smartcity.portal.views.search.Search.get_context_data", broken)
    with django_assert_num_queries(0):
        page = Client(raise_request_exception=False).get(path)
    assert page.status_code == status
    assert f'<html lang="{code}"' in page.text
    assert f'action="{path}"' in page.text
    assert ("Retry-After" in page) is (status == 503)


def test_a_page_that_is_gone_has_words(rf):
    request = rf.get("/nl/espace/", **HTML)
    answer = refusals.WordsMiddleware(lambda _request: refusals.HttpResponse(status=410))(request)
    assert "bestaat niet meer" in answer.text
