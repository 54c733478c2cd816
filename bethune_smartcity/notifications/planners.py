"""What the dates will make the portal say. Each app registers a planner that writes what has come due."""

from collections.abc import Callable
from datetime import datetime

Planner = Callable[[datetime], int]

_planners: dict[str, Planner] = {}


def register_planner(name: str, planner: Planner) -> None:
    """Let `planner(until)` write every message that came due up to the aware instant `until` and was not written yet.

    It returns how many it asked for. It selects "due and not yet written", never "due exactly now".
    """
    _planners[name] = planner


def plan(until: datetime) -> int:
    """Run every planner. Returns how many messages were asked for."""
    return sum(planner(until) for _name, planner in sorted(_planners.items()))
