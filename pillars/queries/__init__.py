"""What is read of the pillars: names and what bears on them, for other apps; what a table of readings would bring."""

from .bearing import place_pillars, with_pillar_keys
from .names import OF_A_CHIP, all_chips, all_pillars, as_chips, names_of
from .tables import MOST_LINES, Line, Preview, preview

__all__ = [
    "MOST_LINES",
    "OF_A_CHIP",
    "Line",
    "Preview",
    "all_chips",
    "all_pillars",
    "as_chips",
    "names_of",
    "place_pillars",
    "preview",
    "with_pillar_keys",
]
