"""A text is marked with the language it is truly in, and only where the page is in another."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from bethune_smartcity.core.language import language_of, named, told

CALL = SimpleNamespace(sought="Oui", sought_fr="Oui", sought_en="Yes", sought_de="", sought_nl=None)


@pytest.mark.parametrize(("page", "language"), [("fr", "fr"), ("en", "en"), ("de", "fr"), ("nl", "fr")])
def test_a_translated_field_falls_back_where_it_is_empty(page, language):
    with translation.override(page):
        assert language_of(CALL, "sought") == language


def test_a_text_in_one_language_is_in_that_of_its_row_else_in_the_citys():
    assert language_of(SimpleNamespace(text="Ja", language="de"), "text") == "de"
    assert language_of(SimpleNamespace(text="Oui"), "text") == "fr"


def test_only_what_is_foreign_to_the_page_is_marked():
    with translation.override("en"):
        assert told("<Oui ?>", "fr") == '<span lang="fr">&lt;Oui\u00a0?&gt;</span>'
        assert told("Yes", "en") == "Yes"
    with translation.override("fr"):
        assert told("Oui ?", "fr") == "Oui\u00a0?"


def test_a_name_knows_its_language_and_stays_a_text():
    with translation.override("de"):
        name = named(CALL, "sought")
        part = named(CALL, "sought", "Ou")
    assert (name, name.language) == ("Oui", "fr")
    assert (part, part.language) == ("Ou", "fr")
    assert f"{name}" == "Oui"
