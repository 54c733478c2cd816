"""What projects tell, in each language of the portal, written by whom and shown to whom."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Forbidden, Invalid
from bethune_smartcity.core.language import missing_languages
from projects.models import Photo, Project
from projects.operations import incubation, photos, texts
from projects.queries import for_cards, public_projects, search
from tests.factories import projects as make

pytestmark = pytest.mark.django_db
CODES = ("fr", "en", "de", "nl")


def each(name, says=""):
    return {f"{name}_{code}": f"{says or name} {code}" for code in CODES}


def told_in_all(**fields):
    """A project whose every public text is in the four languages."""
    made = make.project(**{**each("name"), **each("one_line"), **each("story"), **each("place"), **fields})
    step = make.milestone(made)
    for column, text in each("title", "step").items():
        setattr(step, column, text)
    step.save()
    make.update(made, **each("title", "news"), **each("body"))
    Photo.objects.filter(pk=make.photo(made).pk).update(**each("alt"))
    return made


def page_in(client, code, path):
    return client.get(path if code == "fr" else f"/{code}{path}").content.decode()


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("path", ["/", "/projets/", "one", "/recherche/?q=story"])
def test_a_reader_is_shown_its_own_language_and_no_other(client, code, path):
    made = told_in_all()
    text = page_in(client, code, made.get_absolute_url() if path == "one" else path)
    main = text.split("<main")[1].split("</main")[0]
    assert f"name {code}" in main
    others = [other for other in CODES if other != code]
    assert not [other for other in others if re.search(rf"\b(name|one_line|story|place|step|body) {other}\b", text)]
    if path == "one":
        for words in ("one_line", "story", "place", "step", "news", "body", "alt"):
            assert f"{words} {code}" in main
        assert "told-in" not in main
    if path in {"/", "/projets/"}:
        assert f"step {code}" in main
        assert "told-in" not in main


@pytest.mark.parametrize("code", ["en", "de", "nl"])
def test_what_is_not_written_falls_back_and_says_so(client, code):
    made = make.project(name="La gare d’eau", story="Une histoire.", place="Au bassin")
    make.milestone(made, title="Sonder le bassin")
    text = page_in(client, code, made.get_absolute_url())
    assert "told-in" in text
    assert '<span lang="fr">La gare d’eau</span>' in text
    assert '<span lang="fr">Sonder le bassin</span>' in text
    assert '<div class="prose" lang="fr">' in text
    listed = page_in(client, code, "/projets/")
    assert '<span lang="fr">Sonder le bassin</span>' in listed
    assert listed.count("told-in") == 1


def test_a_language_that_is_not_french_is_shown_to_the_french_marked(client):
    made = make.project(name="Gare")
    with translation.override("de"):
        incubation.post_update(made, "Die Sonden sind da", "Es geht los.", by=SYSTEM)
    text = page_in(client, "fr", made.get_absolute_url())
    assert '<span lang="de">Die Sonden sind da</span>' in text
    assert '<div class="prose" lang="de">' in text
    assert missing_languages(made.updates.get()) == ["fr", "en", "nl"]


@pytest.mark.parametrize("code", CODES)
def test_machines_are_told_in_the_language_they_ask(client, code):
    made = told_in_all()
    page = page_in(client, code, made.get_absolute_url())
    found = client.get(f"/api/v1/projects/{made.slug}/", headers={"accept-language": code}).json()
    assert [found[name] for name in ("name", "one_line", "story", "place")] == [
        f"{name} {code}" for name in ("name", "one_line", "story", "place")
    ]
    assert found["steps"][0]["title"] == f"step {code}"
    assert found["news"][0]["title"] == f"news {code}"
    assert f'<meta property="og:description" content="one_line {code}">' in page
    things = [
        json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    ]
    assert f"name {code}" in json.dumps(things)
    listed = client.get("/api/v1/projects/", headers={"accept-language": code}).json()["results"]
    assert listed[0]["name"] == f"name {code}"


@pytest.mark.parametrize("code", CODES)
def test_words_are_sought_in_the_language_of_the_page(code):
    told_in_all()
    with translation.override(code):
        assert search(public_projects(), f"story {code}").count() == 1
        other = next(one for one in CODES if one != code)
        assert not search(public_projects(), f"story {other}").exists()


def test_who_carries_it_is_found_in_each_language():
    made = told_in_all()
    for code in CODES:
        with translation.override(code):
            assert search(public_projects(), made.structure.name).count() == 1


def test_cards_read_neither_story_nor_search_column():
    told_in_all()
    with CaptureQueriesContext(connection) as asked:
        list(for_cards(public_projects()))
    assert len(asked) == 1
    chosen = asked[0]["sql"].split(" FROM ")[0]
    assert "story" not in chosen
    assert "search_text" not in chosen


@pytest.fixture
def scene():
    scene = make.cast()
    scene.step = make.milestone(scene.project)
    scene.update = make.update(scene.project)
    scene.photo = make.photo(scene.project)
    return scene


REWORDED = [
    ("step", texts.reword_milestone, {"title_de": "Ein kleiner Schritt"}),
    ("update", texts.reword_update, {"title_de": "Ein erster Schritt", "body_de": "Es geht los."}),
    ("photo", texts.reword_photo, {"alt_de": "Sonden am Becken"}),
]


@pytest.mark.parametrize(("part", "reword", "words"), REWORDED)
def test_those_who_run_it_write_the_other_languages(scene, part, reword, words):
    row = getattr(scene, part)
    for who in ("owner", "mentor", "citizen", "conflicted agent"):
        with pytest.raises(Forbidden):
            reword(row, by=scene[who], **words)
    reword(row, by=scene["agent"], **words)
    row.refresh_from_db()
    assert {column: getattr(row, column) for column in words} == words
    assert "de" not in missing_languages(row)
    if part == "update":
        with translation.override("de"):
            assert type(row).objects.filter(search_text__contains="es geht los").exists()


@pytest.mark.parametrize(
    ("part", "reword", "words", "field"),
    [
        ("step", texts.reword_milestone, {"title_fr": ""}, "title_fr"),
        ("photo", texts.reword_photo, {"alt_fr": ""}, "alt_fr"),
        ("update", texts.reword_update, {"title_fr": "", "body_fr": ""}, "title_fr"),
        ("update", texts.reword_update, {"body_fr": ""}, "body_fr"),
        ("update", texts.reword_update, {"title_nl": "Een stap"}, "body_nl"),
        ("update", texts.reword_update, {"body_nl": "Een stap"}, "title_nl"),
        ("update", texts.reword_update, {"title_nl": "a\u202eb", "body_nl": "b"}, "title_nl"),
    ],
)
def test_no_text_is_left_half_told(scene, part, reword, words, field):
    with pytest.raises(Invalid) as refused:
        reword(getattr(scene, part), by=scene["agent"], **words)
    assert refused.value.field == field


def test_a_name_stays_in_one_language_at_least(scene):
    with pytest.raises(Invalid):
        incubation.describe(scene.project, by=scene["agent"], name_fr="")
    incubation.describe(scene.project, by=scene["agent"], name_fr="", name_en="Heat")
    assert Project.objects.get(pk=scene.project.pk).name == "Heat"


@pytest.mark.parametrize("code", CODES)
def test_the_team_writes_in_its_own_language_and_others_below(client, scene, code):
    client.force_login(scene["owner"])
    with translation.override(code):
        address = reverse("projects:post-update", args=[scene.project.slug])
        photo = reverse("projects:send-photo", args=[scene.project.slug])
    page = client.get(address).content.decode()
    assert page.count('<details class="more"') == 3
    first = page.index(f'name="title_{code}"')
    assert all(first < page.index(f'name="title_{other}"') for other in CODES if other != code)
    other = "en" if code != "en" else "fr"
    half = client.post(address, {f"title_{code}": "Un", f"body_{code}": "Deux", f"title_{other}": "One"})
    assert half.status_code == 400
    assert '<details class="more" open>' in half.content.decode()
    assert client.post(address, {f"title_{code}": "Un", f"body_{code}": "Deux"}).status_code == 302
    assert getattr(scene.project.updates.first(), f"title_{code}") == "Un"
    assert client.post(photo, {"file": make.picture(), f"alt_{code}": "Une sonde"}).status_code == 302
    assert getattr(Photo.objects.order_by("-pk").first(), f"alt_{code}") == "Une sonde"


def test_agents_write_each_language_of_a_project_in_one_form(client, scene):
    client.force_login(scene["agent"])
    address = reverse("projects:describe", args=[scene.project.slug])
    typed = {
        "pillar": scene.project.pillar_id,
        "is_public": "on",
        "name_fr": "Gare",
        **each("story"),
        "name_de": "Wärme",
    }
    assert client.post(address, typed).status_code == 302
    found = Project.objects.get(pk=scene.project.pk)
    assert (found.name_fr, found.name_de, found.name_nl, found.story_nl) == ("Gare", "Wärme", None, "story nl")
    page = client.get(address).content.decode()
    assert 'lang="nl"' in page


def test_a_photograph_goes_out_in_the_languages_it_is_described_in():
    scene = make.cast()
    sent = photos.send_photo(scene.project, make.picture(), by=scene["agent"], **each("alt"))
    assert [getattr(sent, column) for column in each("alt")] == [*each("alt").values()]


@pytest.mark.parametrize("code", CODES)
def test_a_name_in_another_language_is_marked_in_the_head_and_on_the_way(client, code):
    made = make.project(name_fr="", name_en="Get It Done", name_de="", name_nl="")
    mark = "" if code == "en" else ' lang="en"'
    page = page_in(client, code, f"/projets/{made.slug}/")
    assert f"<title{mark}>Get It Done" in page
    assert f'<li aria-current="page"{mark}>Get It Done</li>' in page
    deeper = page_in(client, code, f"/projets/{made.slug}/repliquer/")
    assert re.search(rf'<a href="[^"]*/projets/{made.slug}/"{mark}>Get It Done</a>', deeper)
