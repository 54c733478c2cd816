"""The drawings of the town and the words for them: settings, which another city writes for its own."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from bethune_smartcity.core import papers
from bethune_smartcity.core.models import City
from tests.factories import projects

pytestmark = pytest.mark.django_db


def words_of_logo():
    at = datetime(2027, 1, 12, tzinfo=UTC)
    return papers.framed("Title", kicker="Beside", footer="Below", at=at, words={})["words"]["logo"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Le beffroi de Béthune"), ("en", "The belfry of Béthune"), ("de", "Der Belfried von Béthune")],
)
def test_documents_name_what_is_drawn_above_them(language, words):
    with translation.override(language):
        assert words_of_logo() == words


def test_another_city_s_documents_never_speak_of_the_belfry_of_bethune():
    City.objects.update_or_create(pk=1, defaults={"name": "Ville d’Arras"})
    assert words_of_logo() == "Ville d’Arras"


def test_another_city_draws_and_says_its_own_without_touching_templates(client, settings, tmp_path):
    City.objects.update_or_create(pk=1, defaults={"name": "Ville d’Arras"})
    projects.project(latitude="50.53", longitude="2.64")
    settings.DRAWN = settings.DRAWN._replace(
        town="Arras",
        logo_words="Le lion d’Arras",
        skyline="img/icon-512.png",
        map_words="Plan des projets autour de la place des Héros",
    )
    assert words_of_logo() == "Le lion d’Arras"
    assert 'src="/static/img/icon-512.png"' in client.get("/").text
    assert 'src="/static/img/icon-512.png"' in render_to_string("500.html")
    assert 'aria-label="Plan des projets autour de la place des Héros"' in client.get("/projets/").text


def test_nothing_else_names_what_is_drawn(settings):
    told = [
        str(path)
        for folder in ("templates", "bethune_smartcity/core")
        for path in (settings.BASE_DIR / folder).rglob("*.*")
        if path.suffix in {".html", ".py"}
        and ("skyline.svg" in (text := path.read_text("utf-8")) or "belfry of" in text or "around the belfry" in text)
    ]
    assert told == []
