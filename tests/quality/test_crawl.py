"""Every public page of the demonstration, in every language: no dead link, no word in another language, well made."""

from collections import Counter

import pytest
from django.conf import settings as configured
from django.test import Client, override_settings

from tests.demo.loading import demonstration

from . import faults, validator
from .crawl import LANGUAGES, NOTE, Answer, Found, crawl, one_of_each, seeds_of, with_notes
from .reading import read

pytestmark = pytest.mark.django_db
HOSTS = {"portail.example", "testserver"}


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    assert configured.PAGES_KEPT_FOR == 0
    with demonstration(django_db_blocker):
        yield


def fetch(path):
    answer = Client().get(path)
    kind = answer.get("Content-Type", "")
    text = answer.text if not answer.streaming and kind.startswith(("text/", "application/xml")) else ""
    return Answer(answer.status_code, kind, text, answer.get("Location", ""))


@pytest.fixture(scope="module")
def found(_demo):
    with override_settings(DEMO=False):
        return crawl(fetch, seeds_of(fetch), HOSTS)


@pytest.fixture(scope="module")
def noted(found):
    """The pages of a demonstration that bear a note."""
    with override_settings(DEMO=True):
        return with_notes(fetch, found, HOSTS)


def expect_none(found):
    """Fail with every fault on a line of its own."""
    lines = sorted(set(found))
    if lines:
        pytest.fail("\n".join([f"{len(lines)} faults", *lines]), pytrace=False)


def test_the_walk_goes_everywhere(found):
    paths = {page.path for page in found.pages.values()}
    for expected in ("/", "/piliers/", "/appels/mobilite/", "/appels/smart-city-2017/resultats/", "/projets/"):
        assert {expected, *(f"/{code}{expected}" for code in ("en", "de", "nl"))} <= paths
    assert "/connexion/" in paths


def test_no_link_is_broken(found):
    expect_none(faults.broken(found, HOSTS))


def test_nothing_is_asked_of_other_sites(found):
    expect_none(faults.strangers(found, HOSTS))


def test_no_text_is_in_a_language_it_is_not_marked_with(found):
    expect_none(fault for page in found.pages.values() for fault in faults.in_another_language(page))


def test_every_page_is_well_made(found):
    expect_none(fault for page in found.pages.values() for fault in faults.badly_made(page))


def test_no_two_pages_share_a_title(found):
    expect_none(faults.alike(found))


# --- with the demonstration's notes ---


def test_a_note_is_on_no_page_but_the_demonstrations(found):
    assert not [page.address for page in found.pages.values() if NOTE.search(page.source)]


def test_the_notes_are_found_in_every_language(noted):
    by_language = Counter(page.language[:2] for page in noted.pages.values())
    assert set(by_language) == set(LANGUAGES)
    assert len(set(by_language.values())) == 1
    assert len(list(one_of_each(noted))) >= 11


def test_pages_with_notes_are_well_made_and_in_their_language(noted):
    expect_none(faults.faults(noted, HOSTS))


# --- the checks see what they look for ---


def page(body="", head="", language="fr", address="/x/"):
    return read(
        address, 200, f'<html lang="{language}"><head><title>Une page</title>{head}</head><body>{body}</body></html>'
    )


@pytest.mark.parametrize(
    ("body", "is_fault"),
    [
        ("<p>Sign in</p>", True),
        ("<p>The jury reads the applications of the city</p>", True),
        ("<p>Der Stadtrat hat für die Bürger nicht alle Fragen</p>", True),
        ('<p><span lang="en">The jury reads the applications of the city</span></p>', False),
        ("<p>Le jury lit les candidatures de la ville</p>", False),
        ('<img src="a.png" alt="The jury reads the applications of the city">', True),
        ("<p>Totem Mobi</p>", False),
    ],
)
def test_a_text_in_another_language_is_heard(body, is_fault):
    assert bool(list(faults.in_another_language(page(body)))) == is_fault


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<h1>a</h1><h1>b</h1>", "2 titles"),
        ("<h1>a</h1><h3>b</h3>", "heading 1 to a heading 3"),
        ('<p id="a"></p><p id="a"></p>', "twice a"),
        ('<img src="a.png" alt="">', "without width"),
        ("x" * 100_001, "weighs"),
    ],
)
def test_a_page_badly_made_is_seen(body, said):
    assert any(said in fault for fault in faults.badly_made(page(body)))


def test_dead_links_and_strangers_are_seen():
    found = Found(pages={"/x/": page('<a href="/y/#no">y</a><script src="https://other.example/a.js"></script>')})
    found.pages["/y/"] = page(address="/y/")
    found.others["/z/"] = Answer(404, "text/html")
    assert len(list(faults.broken(found, HOSTS))) == 2
    assert len(list(faults.strangers(found, HOSTS))) == 1


# --- the W3C's checker ---


@pytest.mark.skipif(not validator.is_here(), reason=validator.LACKING)
def test_the_checker_of_the_w3c_finds_nothing(found, noted):
    expect_none(validator.errors_of([*found.pages.values(), *noted.pages.values()]))


@pytest.mark.skipif(not validator.is_here(), reason=validator.LACKING)
def test_the_checker_sees_an_error():
    assert any("Duplicate ID" in error for error in validator.errors_of([page('<p id="a"></p><p id="a"></p>')]))
