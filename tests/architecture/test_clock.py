"""One clock: only `core.clock` asks the machine what time it is."""

import ast

from .sources import ROOT, all_modules, place, tree_of

# The health probe watches processes, the clock is the clock.
EXEMPT = {ROOT / "bethune_smartcity" / "core" / "clock.py", ROOT / "bethune_smartcity" / "probe.py"}
READINGS = {
    "timezone": {"now", "localdate"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns"},
}


def readings_in(path):
    """Give the places where a file asks the machine for the time, or lets Django do so."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            owner = getattr(node.value, "id", getattr(node.value, "attr", ""))
            if node.attr in READINGS.get(owner, ()):
                yield f"{place(path, node.lineno)} {owner}.{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield f"{place(path, node.value.lineno)} {node.arg}"
        elif isinstance(node, ast.alias) and node.name == "Now":
            yield f"{place(path, node.lineno)} Now()"


def test_only_the_clock_reads_the_time():
    assert not [reading for path in all_modules() if path not in EXEMPT for reading in readings_in(path)]
