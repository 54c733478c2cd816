"""What is read of the pillars: their names, for other apps, and what a table of readings would bring."""

from .names import names_of
from .tables import MOST_LINES, Line, Preview, preview

__all__ = ["MOST_LINES", "Line", "Preview", "names_of", "preview"]
