"""What upper apps settle of a call: the stages whose criteria no longer change, since something is marked by them."""

from collections.abc import Callable
from typing import Any

Settled = Callable[..., set[str]]
_settled: dict[str, Settled] = {}


def register_settled(name: str, settled: Settled) -> None:
    """Add an app's part: `settled(call, hold=False)` gives stages; with `hold`, what settles them waits for the end of
    the transaction. The same name again replaces it.
    """
    _settled[name] = settled


def settled_stages(call: Any, *, hold: bool = False) -> set[str]:
    """The stages of `call` whose criteria are settled."""
    return {stage for settled in _settled.values() for stage in settled(call, hold=hold)}
