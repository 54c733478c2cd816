"""A finished call's figures as lines of the home page, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bethune_smartcity.core import wording
from bethune_smartcity.core.countries import place_of
from calls.models import Call

from .queries.story import Figures, Winner

# More houses than that say nothing any more.
HOUSES = 300


@dataclass(frozen=True)
class FigureLine:
    """A number, what it counts, a note, and whether one house is drawn for each unit."""

    count: int
    label: str
    note: str

    @property
    def has_houses(self) -> bool:
        return 0 < self.count <= HOUSES


def lines_of(call: Call, figures: Figures) -> list[FigureLine]:
    """The lines of `call`: applications, countries, finalists, laureates; those that count nothing are left out."""
    submissions, places = figures.submissions, len(figures.countries)
    finalists, winners = len(figures.finalists), len(figures.winners)
    lines = [
        FigureLine(submissions, ngettext("application", "applications", submissions), _dates(call)),
        FigureLine(places, ngettext("country", "countries", places), _countries(figures.countries)),
        FigureLine(finalists, ngettext("finalist", "finalists", finalists), ", ".join(_winners_first(figures))),
        FigureLine(winners, ngettext("laureate", "laureates", winners), _winners(figures.winners)),
    ]
    return [line for line in lines if line.count]


def _dates(call: Call) -> str:
    words = {"first": call.opens_when, "last": wording.day(call.last_day)}
    if call.opening_is_approximate:
        return pgettext("from about", "from %(first)s to %(last)s") % words
    return _("from %(first)s to %(last)s") % words


def _countries(codes: tuple[str, ...]) -> str:
    return ", ".join(map(place_of, codes))


def _winners_first(figures: Figures) -> list[str]:
    places = {winner.name: place for place, winner in enumerate(figures.winners)}
    return sorted(figures.finalists, key=lambda name: places.get(name, len(places)))


def _winners(winners: tuple[Winner, ...]) -> str:
    return pgettext("between laureates", "; ").join(map(_winner, winners))


def _winner(winner: Winner) -> str:
    parts = [winner.name]
    if winner.also_public:
        parts.append(_("also public prize"))
    if winner.amount:
        parts.append(_("with %(amount)s") % {"amount": wording.amount(winner.amount)})
    return ", ".join(parts)
