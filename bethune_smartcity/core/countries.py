"""How the portal writes the names of countries that the library of countries writes otherwise.

Named here, these names stand in our catalogues, which come first.
"""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_noop as _
from django_countries import countries

WRITTEN_OUR_WAY = (
    _("British Indian Ocean Territory"),
    _("Côte d'Ivoire"),
    _("Eswatini"),
    _("United States of America"),
)
# As the record of 2017 names them.
IN_THE_STORY = {"GB": pgettext_lazy("country", "England"), "US": pgettext_lazy("country", "United States")}


def place_of(code: str) -> str:
    """The name of a country, as figures of a call tell it; words for an empty code."""
    return str(IN_THE_STORY.get(code) or countries.name(code)) if code else gettext("Not given")
