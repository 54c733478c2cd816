"""What pages tell machines stays data, whatever people typed into it."""

import json
import re
from datetime import date

from django.template import Context, Template
from django.test import override_settings
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import structured
from bethune_smartcity.core.clock import paris
from bethune_smartcity.core.models import City

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*)</script>', re.DOTALL)


def read(html):
    """The things told by a piece of a page."""
    told = json.loads(SCRIPT.fullmatch(html)[1])
    assert told["@context"] == "https://schema.org"
    return told["@graph"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_ends_its_element_and_each_comes_out_as_it_went_in(text):
    html = str(structured.script({"@type": "Thing", "name": text}))
    inside = SCRIPT.fullmatch(html)[1]
    assert not set("<>&\u2028\u2029") & set(inside)
    assert read(html)[0].get("name", "") == text


def test_what_is_empty_is_left_out_and_moments_are_written_for_machines():
    html = structured.script({"a": "", "b": None, "c": [], "d": paris(2027, 1, 12, 9), "e": date(2027, 1, 12), "f": 0})
    assert read(html) == [{"d": "2027-01-12T09:00:00+01:00", "e": "2027-01-12", "f": 0}]


def test_a_template_tells_several_things_at_once():
    page = Template("{% load share %}{% structured things %}")
    assert [
        thing["name"]
        for thing in read(page.render(Context({"things": [{"name": "a"}, {"name": gettext_lazy("Home")}]})))
    ]


@override_settings(SITE_URL="https://ville.example")
def test_a_way_is_numbered_and_its_addresses_are_whole():
    told = structured.breadcrumbs([("Projets", "/projets/"), ("Un projet", "")], home=("Accueil", "/"))
    steps = structured.said(told)["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert steps[1]["item"] == "https://ville.example/projets/"
    assert "item" not in steps[2]


@override_settings(SITE_URL="https://ville.example")
def test_an_event_without_a_place_happens_on_the_portal():
    told = structured.event("Appel", url="/appels/x/", starts=paris(2027, 1, 1))
    assert told["location"]["url"] == "https://ville.example/appels/x/"
    assert (
        structured.event("Finale", url="/f/", starts=paris(2027, 1, 1), place="Béthune")["location"]["name"]
        == "Béthune"
    )


def test_the_city_and_a_piece_of_news_name_each_other():
    city = structured.organisation(City(name="Ville de Béthune"))
    assert structured.article("Titre", url="/a/", published=paris(2027, 1, 1))["publisher"]["@id"] == city["@id"]
