"""The Atom feeds: sound, in the language asked for, silent about what is not public, kept by caches."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.portal.operations import news
from calls.models import DeadlineMove
from tests.factories.calls import CallFactory
from tests.factories.news import article, translated

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
NEWS, CALLS = "/actualites/flux.atom", "/appels/flux.atom"
SECOND = timedelta(seconds=1)


def parse(answer):
    """A feed, checked as a reader would: what must be there is there once, ids are unique, links are absolute."""
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert datetime.fromisoformat(element.find(f"{ATOM}updated").text).tzinfo
    ids = [element.find(f"{ATOM}id").text for element in (root, *entries)]
    assert len(ids) == len(set(ids))
    links = [link.get("href") for link in root.iter(f"{ATOM}link")]
    assert {urlsplit(link)[:2] for link in (*ids, *links)} == {("https", "portail.example")}
    assert root.find(f"{ATOM}author/{ATOM}name").text
    return entries


def titles(answer):
    return [entry.find(f"{ATOM}title").text for entry in parse(answer)]


@pytest.mark.parametrize("path", [NEWS, CALLS])
def test_an_empty_feed_is_sound(client, path):
    assert parse(client.get(path)) == []


@pytest.mark.parametrize("path", [NEWS, CALLS])
@pytest.mark.parametrize("host", ["testserver", "localhost"])
def test_addresses_never_come_from_the_host_header(client, settings, path, host):
    settings.ALLOWED_HOSTS = ["*"]
    article("mobilite"), CallFactory()
    answer = client.get(path, headers={"host": f"{host}.evil.example"})
    assert len(parse(answer)) == 1
    assert "evil.example" not in answer.text


def test_a_theme_has_a_feed_of_its_own(client):
    article("mobilite", title_fr="Bus")
    article("sante", title_fr="Soins")
    answer = client.get(f"{NEWS}?theme=mobilite-transport&langue=de")
    assert titles(client.get(NEWS)) != titles(answer) == ["Bus"]
    assert "theme=mobilite-transport" in answer.text
    assert answer["ETag"] != client.get(f"{NEWS}?langue=de")["ETag"]
    assert client.get(f"{NEWS}?theme=inconnu").status_code == 404
    title = "Béthune Smart City : actualités, Mobilité-Transport"
    own = f'type="application/atom+xml" title="{title}" href="{NEWS}?langue=fr&amp;theme=mobilite-transport"'
    for page in ("/actualites/?theme=mobilite-transport", "/piliers/mobilite-transport/"):
        assert own in client.get(page).text.replace("\u00a0", " ")
    assert f'href="{NEWS}?langue=fr"' in client.get("/actualites/").text


def test_an_entry_says_when_what_and_on_which_theme(client):
    made = article("mobilite", at=clock.now() - timedelta(days=2), title_fr="Un & deux <b>")
    (entry,) = parse(client.get(NEWS))
    assert entry.find(f"{ATOM}title").text == "Un & deux <b>"
    assert entry.find(f"{ATOM}summary").text == made.standfirst
    assert entry.find(f"{ATOM}category").get("term") == "Mobilité-Transport"
    assert entry.find(f"{ATOM}published").text == entry.find(f"{ATOM}updated").text
    news.rewrite(made, by=SYSTEM, standfirst_fr="Corrigé.")
    (entry,) = parse(client.get(NEWS))
    assert entry.find(f"{ATOM}published").text < entry.find(f"{ATOM}updated").text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", "fr"), ("en", "en"), ("de", "de"), ("nl", "nl"), ("es", "fr"), ("EN'--", "fr"), ("9" * 5000, "fr")],
)
def test_the_parameter_chooses_the_language(client, asked, shown):
    article(**translated())
    answer = client.get(NEWS, {"langue": asked}, headers={"accept-language": "nl"})
    assert titles(answer) == [f"title {shown}"]
    assert answer["Content-Language"] == shown
    prefix = "" if shown == "fr" else f"/{shown}"
    assert parse(answer)[0].find(f"{ATOM}link").get("href").startswith(f"https://portail.example{prefix}/actualites/")


def test_an_embargo_holds_to_the_second_in_body_and_headers(client):
    moment = clock.now() + timedelta(days=1)
    article(title_fr="Demain", planned=moment)
    with clock.at(moment - SECOND):
        before = client.get(NEWS)
    assert titles(before) == []
    assert "Last-Modified" not in before
    with clock.at(moment):
        after = client.get(NEWS, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, titles(after)) == (200, ["Demain"])


def test_texts_stay_texts_in_readers_that_draw_html(client):
    article(standfirst_fr="1 < 2 <script>alert(1)</script>")
    CallFactory(summary="1 < 2 <img src=x onerror=alert(1)>")
    for path in (NEWS, CALLS):
        summary = parse(client.get(path))[0].find(f"{ATOM}summary").text
        assert summary.startswith("1 &lt; 2 &lt;")
        assert "<" not in summary


def test_a_call_in_preparation_is_not_told(client):
    CallFactory(draft=True, title="En préparation")
    CallFactory(title="Ouvert")
    assert titles(client.get(CALLS)) == ["Ouvert"]


def test_a_call_is_updated_by_its_moves_and_results(client):
    call = CallFactory(closed=True)
    first = client.get(CALLS)
    moved = clock.now() + timedelta(minutes=1)
    DeadlineMove.objects.create(
        call=call, field="closes_at", before=call.closes_at, after=call.closes_at, reason="Un pont.", at=moved
    )
    with clock.at(moved + SECOND):
        second = client.get(CALLS, headers={"if-none-match": first["ETag"]})
    assert parse(second)[0].find(f"{ATOM}updated").text.startswith(f"{moved:%Y-%m-%dT%H:%M}")
    type(call).objects.filter(pk=call.pk).update(results_at=moved + timedelta(days=1))
    with clock.at(moved + 2 * SECOND):
        assert client.get(CALLS, headers={"if-none-match": second["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", [NEWS, CALLS])
def test_caches_keep_a_feed_and_ask_again_cheaply(client, path):
    article("mobilite"), CallFactory()
    answer = client.get(path)
    assert answer["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies
    again = client.get(path, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_text_corrected_within_the_second_is_told_to_who_asks_by_date(client):
    call, now = CallFactory(title="Appel"), clock.now()
    with clock.at(now):
        answer = client.get(CALLS)
        type(call).objects.filter(pk=call.pk).update(title="Appel corrigé", title_fr="Appel corrigé")
        again = client.get(CALLS, headers={"if-modified-since": answer["Last-Modified"]})
    assert (again.status_code, titles(again)) == (200, ["Appel corrigé"])


def test_what_is_withdrawn_is_no_longer_confirmed(client):
    made = article(at=clock.now() - timedelta(days=1))
    answer = client.get(NEWS)
    news.withdraw(made, reason="Une erreur.", by=SYSTEM)
    again = client.get(NEWS, headers={"if-modified-since": answer["Last-Modified"]})
    assert (again.status_code, titles(again)) == (200, [])


@pytest.mark.parametrize("path", [NEWS, CALLS])
def test_statements_do_not_grow_with_the_rows(client, path):
    counts, made = [], 0
    for rows in (1, 3, 100):
        for _number in range(rows - made):
            article("mobilite", "culture"), CallFactory()
        made = rows
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= 6


def test_pages_name_their_feeds(client):
    for path, code in (("/", "fr"), ("/en/actualites/", "en"), ("/appels/", "fr")):
        head = client.get(path).text.split("</head>")[0]
        for feed in (NEWS, CALLS):
            assert 'type="application/atom+xml" title="Béthune Smart City' in head
            assert f'href="{feed}?langue={code}"' in head
