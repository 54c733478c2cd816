"""What the dates will make the portal say. Each app registers a planner that writes what has come due."""

import logging
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger(__name__)

Planner = Callable[[datetime], int]

_planners: dict[str, Planner] = {}


def register_planner(name: str, planner: Planner) -> None:
    """Let `planner(until)` write every message that came due up to the aware instant `until` and was not written yet.

    It returns how many it asked for. It selects "due and not yet written", never "due exactly now".
    """
    _planners[name] = planner


def plan(until: datetime) -> int:
    """Run every planner; one at fault is logged and does not stop the others. Returns how many were asked for."""
    return sum(_run(name, until) for name in sorted(_planners))


def _run(name: str, until: datetime) -> int:
    try:
        return _planners[name](until)
    except Exception:  # it is run again at the next sweep, by when its fault may be mended
        log.exception("the planner %s failed", name)
        return 0
