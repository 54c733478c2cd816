"""Lists that lower apps declare and upper apps fill when the portal starts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """Something that must always hold. `check()` yields a sentence for each row that breaks it."""

    name: str
    check: Callable[[], Iterator[str]]


_invariants: dict[str, Invariant] = {}


def register_invariant(name: str, check: Callable[[], Iterator[str]]) -> None:
    """Add an invariant; registering the same name again replaces it (the portal may be set up twice in a process)."""
    _invariants[name] = Invariant(name, check)


def invariants() -> list[Invariant]:
    return [_invariants[name] for name in sorted(_invariants)]
