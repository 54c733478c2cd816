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


# What tells whether work is done in time: a name, and an age in seconds (None: never, or nothing waits).
Sign = Callable[[], int | None]
_signs: dict[str, Sign] = {}


def register_sign(name: str, sign: Sign) -> None:
    """Let `/readyz` tell an age, in seconds; the same name again replaces it."""
    _signs[name] = sign


def signs() -> dict[str, int | None]:
    """Every age there is to tell, by its name."""
    return {name: _signs[name]() for name in sorted(_signs)}
