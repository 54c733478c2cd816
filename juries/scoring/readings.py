"""What a reading plan must respect, and how far a set of pairs respects it."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import floor

Pair = tuple[int, int]
"""(submission, juror)"""
Outsiders = Sequence[Sequence[bool]]


@dataclass(frozen=True, slots=True)
class Review:
    """What a set of pairs leaves to be desired; submissions are i, jurors j.

    `conflicts`: pairs that are forbidden. `missing`: (i, how many readings it still
    lacks). `overloaded` and `underloaded`: jurors beyond their bounds. `without_insider`,
    `without_outsider`: submissions read from one side only, empty when sides are unknown.
    """

    conflicts: tuple[Pair, ...]
    missing: tuple[tuple[int, int], ...]
    overloaded: tuple[int, ...]
    underloaded: tuple[int, ...]
    without_insider: tuple[int, ...]
    without_outsider: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """The inputs of a plan, checked and put in one form; `pose` makes it."""

    costs: tuple[tuple[int, ...], ...]
    readings: tuple[int, ...]
    min_load: tuple[int, ...]
    max_load: tuple[int, ...]
    forbidden: frozenset[Pair]
    fixed: frozenset[Pair]
    outsiders: tuple[tuple[bool, ...], ...] | None
    require_outsider: bool
    seed: int

    def is_outside(self, pair: Pair) -> bool:
        """Tell whether the juror is known to be outside the submission's pillar."""
        return self.outsiders is not None and self.outsiders[pair[0]][pair[1]]

    def digest(self) -> str:
        """Return the SHA-256 of everything the plan depends on, seed included."""
        parts = [
            self.costs, self.readings, self.min_load, self.max_load, sorted(self.forbidden),
            sorted(self.fixed), self.outsiders, self.require_outsider, self.seed,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def needs(self) -> list[int]:
        """Return the readings each submission still lacks beside the fixed ones."""
        done = Counter(i for i, _ in self.fixed)
        return [max(0, wanted - done[i]) for i, wanted in enumerate(self.readings)]

    def rooms(self) -> list[int]:
        """Return the readings each juror can still take beside the fixed ones."""
        return self._beside_fixed(self.max_load)

    def dues(self) -> list[int]:
        """Return the readings each juror must still take beside the fixed ones."""
        return self._beside_fixed(self.min_load)

    def _beside_fixed(self, loads: Sequence[int]) -> list[int]:
        done = Counter(j for _, j in self.fixed)
        return [max(0, load - done[j]) for j, load in enumerate(loads)]

    def insider_rooms(self) -> list[int]:
        """Return how many insiders each submission may still get: one place waits for an outsider."""
        needs = self.needs()
        if not self.require_outsider:
            return needs
        inside = Counter(pair[0] for pair in self.fixed if not self.is_outside(pair))
        return [max(0, min(need, self.readings[i] - 1 - inside[i])) for i, need in enumerate(needs)]

    def open_pairs(self) -> list[Pair]:
        """Return the pairs that may still be added, submission by submission."""
        closed = self.forbidden | self.fixed
        needs, jurors = self.needs(), range(len(self.max_load))
        return [(i, j) for i, need in enumerate(needs) if need for j in jurors if (i, j) not in closed]


def pose(
    costs: Sequence[Sequence[int]],
    *,
    readings: int | Sequence[int],
    min_load: int | Sequence[int],
    max_load: int | Sequence[int],
    forbidden: Collection[Pair] = (),
    outsiders: Outsiders | None = None,
    require_outsider: bool = False,
    fixed: Collection[Pair] = (),
    seed: int = 0,
) -> Problem:
    """Check the inputs of `plan` and return them as a Problem; ValueError says what does not fit."""
    jurors = len(costs[0]) if costs else 0
    shape = [jurors] * len(costs)
    for grid in (costs, outsiders):
        if grid is not None and [len(row) for row in grid] != shape:
            raise ValueError("Costs and outsiders need one row per submission and one cell per juror")
    if require_outsider and outsiders is None:
        raise ValueError("An outsider is required, but nothing says who is one")
    conflicts = frozenset(forbidden)
    problem = Problem(
        costs=tuple(tuple(row) for row in costs),
        readings=_each(readings, len(costs)),
        min_load=_each(min_load, jurors if costs else None),
        max_load=_each(max_load, jurors if costs else None),
        forbidden=conflicts,
        fixed=frozenset(fixed) - conflicts,
        outsiders=None if outsiders is None else tuple(tuple(map(bool, row)) for row in outsiders),
        require_outsider=require_outsider,
        seed=seed,
    )
    _check(problem)
    return problem


def review(problem: Problem, pairs: Collection[Pair]) -> Review:
    """Hold a set of pairs, made by hand or by `plan`, against the rules."""
    kept = set(pairs)
    readers, loads = Counter(i for i, _ in kept), Counter(j for _, j in kept)
    inside = {pair[0] for pair in kept if not problem.is_outside(pair)}
    outside = {pair[0] for pair in kept if problem.is_outside(pair)}
    gaps = [(i, wanted - readers[i]) for i, wanted in enumerate(problem.readings)]
    sided = [i for i, wanted in enumerate(problem.readings) if wanted and problem.outsiders is not None]
    return Review(
        conflicts=tuple(sorted(kept & problem.forbidden)),
        missing=tuple((i, gap) for i, gap in gaps if gap > 0),
        overloaded=tuple(j for j, most in enumerate(problem.max_load) if loads[j] > most),
        underloaded=tuple(j for j, least in enumerate(problem.min_load) if loads[j] < least),
        without_insider=tuple(i for i in sided if i not in inside),
        without_outsider=tuple(i for i in sided if i not in outside),
    )


def balanced_loads(readings: int, shares: Sequence[float]) -> tuple[list[int], list[int]]:
    """Return the least and the most each juror reads, balanced within 1.

    `readings`: readings in all; `shares[j]`: 1 for a full-time juror, 0.5 for half-time.
    """
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("The shares of the jurors must be positive")
    least = [floor(readings * share / whole + 1e-9) for share in shares]
    return least, [low + (share > 0) for low, share in zip(least, shares, strict=True)]


def _each(value: int | Sequence[int], count: int | None) -> tuple[int, ...]:
    """Return one figure per submission or juror; without a count, as many as are given."""
    values = (value,) * (count or 0) if isinstance(value, int) else tuple(value)
    if count is not None and len(values) != count:
        raise ValueError(f"{count} figures are expected, not {len(values)}")
    if any(figure < 0 for figure in values):
        raise ValueError("Readings and loads cannot be negative")
    return values


def _check(problem: Problem) -> None:
    if any(low > high for low, high in zip(problem.min_load, problem.max_load, strict=True)):
        raise ValueError("A juror's least load is above the most")
    submissions, jurors = range(len(problem.readings)), range(len(problem.max_load))
    for i, j in problem.forbidden | problem.fixed:
        if i not in submissions or j not in jurors:
            raise ValueError(f"The pair ({i}, {j}) names an unknown submission or juror")
