"""Workflows as data: which state leads to which, by what act, for whom."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bethune_smartcity.core.errors import Conflict


@dataclass(frozen=True)
class Transition:
    """One act, from any of `sources` to `target`, for holders of `permission`: as buttons say it and as it is told."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    label: Any
    told: Any
    needs_reason: bool = False


@dataclass(frozen=True)
class Workflow:
    """The acts of one kind of thing, whose state lies in its `state` column."""

    initial: str
    transitions: tuple[Transition, ...]
    by_name: dict[str, Transition] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {t.name: t for t in self.transitions})

    def __getitem__(self, name: str) -> Transition:
        return self.by_name[name]

    def open_from(self, state: str) -> list[Transition]:
        """The acts whose sources include `state`."""
        return [t for t in self.transitions if state in t.sources]

    def check_source(self, name: str, state: str, message: Any) -> None:
        """Raise Conflict with `message` when the act `name` does not start from `state`."""
        if state not in self.by_name[name].sources:
            raise Conflict("wrong_state", message)


def transition(
    name: str,
    sources: Iterable[str],
    target: str,
    permission: str,
    label: Any,
    told: Any,
    *,
    needs_reason: bool = False,
) -> Transition:
    """A Transition, with its sources given as any iterable of states."""
    return Transition(name, frozenset(sources), target, permission, label, told, needs_reason)
