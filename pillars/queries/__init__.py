"""What is read of the pillars: their names, for other apps, and what a table of readings would bring."""

from .names import OF_A_CHIP, as_chips, names_of
from .tables import MOST_LINES, Line, Preview, preview

__all__ = ["MOST_LINES", "OF_A_CHIP", "Line", "Preview", "as_chips", "names_of", "preview"]
