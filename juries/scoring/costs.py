"""What it costs that a juror reads a submission: how far they are from its pillar, and what they wish.

Source: jury method, §3. A cost only chooses between plans that keep every rule: no wish outweighs a conflict, which
is no cost but a pair that does not exist, nor leaves a reading without its juror.
"""

from typing import Final

PRIMARY: Final = "primary"
SECONDARY: Final = "secondary"
WANTS: Final = "wants"
AVOIDS: Final = "avoids"

KNOWLEDGE = {PRIMARY: 0, SECONDARY: 2, None: 6}
WISHES = {WANTS: 0, None: 1, AVOIDS: 2}


def reading_cost(level: str | None, wish: str | None) -> int:
    """Return the points, 0 (best) to 8, of a reading in a pillar.

    `level`: the juror's knowledge of it, PRIMARY, SECONDARY or None. `wish`: WANTS, AVOIDS or None. A whole wish is
    worth as much as being at home in a pillar rather than acquainted with it, never as much as knowing nothing of it.
    """
    return KNOWLEDGE[level] + WISHES[wish]
