"""Countries have the names that the readers of each language know."""

import pytest
from django.utils import translation

from bethune_smartcity.core.countries import place_of


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("de", "FO", "Färöer"),
        ("de", "GD", "Grenada"),
        ("de", "HK", "Hongkong"),
        ("de", "KI", "Kiribati"),
        ("de", "MZ", "Mosambik"),
        ("de", "PG", "Papua-Neuguinea"),
        ("de", "SA", "Saudi-Arabien"),
        ("de", "SZ", "Eswatini"),
        ("fr", "GT", "Guatemala"),
        ("fr", "MH", "Îles Marshall"),
        ("fr", "SA", "Arabie saoudite"),
        ("fr", "SZ", "Eswatini"),
        ("nl", "SS", "Zuid-Soedan"),
    ],
)
def test_a_country_is_named_as_its_readers_know_it(language, code, name):
    with translation.override(language):
        assert place_of(code) == name
