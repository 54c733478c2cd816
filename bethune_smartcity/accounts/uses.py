"""What other apps make of a structure: why its identity may have to stay, and what follows when it changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .models import Structure

# What an application is judged under.
IDENTITY = frozenset({"kind", "name", "country", "registration_number"})


@dataclass(frozen=True)
class Use:
    """One app's part: `lock(structure)` is a sentence saying why its identity stays for now, empty when it may change;
    `follow(structure, by)` runs after a change by someone, in its transaction.
    """

    lock: Callable[[Structure], Any]
    follow: Callable[[Structure, Any], None]


_uses: dict[str, Use] = {}


def register_use(name: str, use: Use) -> None:
    """Add an app's part; the same name again replaces it."""
    _uses[name] = use


def lock_of(structure: Structure) -> str:
    """Why the identity of `structure` stays for now; empty when it may change."""
    return next((str(why) for use in _uses.values() if (why := use.lock(structure))), "")


def follow(structure: Structure, *, by: Any) -> None:
    """Let every app follow a change of `structure`."""
    for use in _uses.values():
        use.follow(structure, by)
