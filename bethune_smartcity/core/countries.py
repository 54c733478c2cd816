"""How the portal writes the names of countries that the library of countries writes otherwise.

Named here, these names stand in our catalogues, which come first.
"""

from functools import lru_cache

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_noop as _
from django_countries import countries

WRITTEN_OUR_WAY = (
    _("British Indian Ocean Territory"),
    _("Côte d'Ivoire"),
    _("Eswatini"),
    _("Faroe Islands"),
    _("Grenada"),
    _("Guatemala"),
    _("Hong Kong"),
    _("Kiribati"),
    _("Marshall Islands"),
    _("Mozambique"),
    _("Papua New Guinea"),
    _("Saudi Arabia"),
    _("South Sudan"),
    _("United States of America"),
)
# As the record of 2017 names them.
IN_THE_STORY = {"GB": pgettext_lazy("country", "England"), "US": pgettext_lazy("country", "United States")}


def place_of(code: str) -> str:
    """The name of a country, as figures of a call tell it; words for an empty code."""
    return _place_of(code, get_language()) if code else gettext("Not given")


@lru_cache(maxsize=1024)
def _place_of(code: str, _language: str | None) -> str:
    return str(IN_THE_STORY.get(code) or countries.name(code))
