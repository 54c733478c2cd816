"""The demonstration reads alike in each language, and what comes in it falls on days on which people meet."""

import re
from urllib.parse import urlsplit

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import PARIS
from bethune_smartcity.core.models import City
from calls.models import Call, RulesVersion
from projects.models import Milestone
from tests.quality.crawl import Answer, crawl

from .loading import demonstration

pytestmark = pytest.mark.django_db

CODES = ("fr", "en", "de", "nl")
# What bears a name that is French in every language.
NAMES = {"Français", "Béthune", "Ma vie, ma ville demain"}


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker) as loaded:
        yield loaded


def walk(client, language):
    """Every public page of one language, as links lead from its home."""

    def fetch(path):
        if not urlsplit(path).path.startswith(f"/{language}/"):
            return Answer(404, "")
        answer = client.get(path)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code != 200 or not kind.startswith("text/html"):
            return Answer(answer.status_code, kind, to=answer.headers.get("Location", ""))
        return Answer(200, kind, answer.text)

    return crawl(fetch, [f"/{language}/"], {"testserver"}).pages


@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_no_public_page_falls_back_to_french(client, language):
    pages, city = walk(client, language), City.current()
    # An address and the names of services are those of the city, in every language.
    names = NAMES | {city.address, city.service, city.publisher, city.host}
    assert {f"/{language}/appels/smart-city-2017/resultats/", f"/{language}/appels/mobilite/questions/"} <= pages.keys()
    found = {
        (path, text)
        for path, page in pages.items()
        for text, marked in page.texts
        # The columns of the data have one name in every language.
        if marked == "fr" and text.strip() not in names and path != f"/{language}/donnees/"
    }
    assert sorted(found) == []


def test_rules_have_the_same_sections_in_each_language():
    for version in RulesVersion.objects.all():
        counts = {code: len(re.findall(r"^## ", getattr(version, f"text_{code}"), re.MULTILINE)) for code in CODES}
        assert len(set(counts.values())) == 1, (version, counts)


def test_what_comes_falls_in_the_middle_of_a_week():
    call = Call.objects.get(slug="mobilite")
    days = [*call.dates.values_list("at", flat=True), call.screening_until]
    assert {day.astimezone(PARIS).weekday() for day in days} <= {1, 2, 3}
    coming = Milestone.objects.exclude(state="accepted").values_list("due_on", flat=True)
    assert all(day > clock.today() and day.weekday() in {1, 2, 3} for day in coming)


def test_the_legal_pages_lack_nothing(client):
    for page in ("mentions-legales", "accessibilite"):
        text = client.get(f"/{page}/").text
        assert "à compléter" not in text
    assert "Elle a été établie le" in text
