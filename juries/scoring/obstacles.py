"""Why a reading plan cannot be complete, in figures a sentence can be made of."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from juries.scoring.readings import Problem

CAPACITY: Final = "capacity"
ELIGIBILITY: Final = "eligibility"
OUTSIDER: Final = "outsider"
BOTTLENECK: Final = "bottleneck"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """These submissions can only go to these jurors: `places` for `needed` readings.

    `reason`: CAPACITY (the jury as a whole has too few places), ELIGIBILITY (each of
    these submissions has too few jurors without a conflict), OUTSIDER (they lack readers
    from outside their pillar; only the readings that must go outside are counted), or
    BOTTLENECK (together they lean on the same few jurors). Readings already fixed are
    left out on both sides.
    """

    reason: str
    submissions: tuple[int, ...]
    jurors: tuple[int, ...]
    needed: int
    places: int


def find_obstacle(problem: Problem, reached: Collection[tuple[str, int]]) -> Obstacle:
    """Return the first obstacle that applies: capacity, then eligibility, then the minimum cut.

    `reached`: nodes (kind, number) on the unplaced readings' side of the minimum cut.
    """
    return _capacity(problem) or _eligibility(problem) or _cut(problem, reached)


def _capacity(problem: Problem) -> Obstacle | None:
    needed, places = sum(problem.needs()), sum(problem.rooms())
    if places >= needed:
        return None
    waiting = tuple(i for i, need in enumerate(problem.needs()) if need)
    return Obstacle(CAPACITY, waiting, tuple(range(len(problem.max_load))), needed, places)


def _eligibility(problem: Problem) -> Obstacle | None:
    able = _able(problem)
    few = {i for i, need in enumerate(problem.needs()) if len(able[i]) < need}
    if not few:
        return None
    needed = sum(need for i, need in enumerate(problem.needs()) if i in few)
    jurors = {j for i in few for j in able[i]}
    return Obstacle(ELIGIBILITY, _sorted(few), _sorted(jurors), needed, sum(len(able[i]) for i in few))


def _cut(problem: Problem, reached: Collection[tuple[str, int]]) -> Obstacle:
    """Read the minimum cut: what leaves it is all the room these submissions have."""
    stuck = {number for kind, number in reached if kind == "submission"}
    shut = {i for i in stuck if problem.outsiders is not None and ("inside", i) not in reached}
    needs, insiders, rooms = problem.needs(), problem.insider_rooms(), problem.rooms()
    able = _able(problem)
    asking = Counter(j for i in stuck for j in able[i] if i not in shut or problem.is_outside((i, j)))
    return Obstacle(
        reason=OUTSIDER if shut else BOTTLENECK,
        submissions=_sorted(stuck),
        jurors=_sorted(asking),
        needed=sum(needs[i] for i in stuck) - sum(insiders[i] for i in shut),
        places=sum(min(rooms[j], asked) for j, asked in asking.items()),
    )


def _able(problem: Problem) -> list[list[int]]:
    able: list[list[int]] = [[] for _ in problem.readings]
    for i, j in problem.open_pairs():
        able[i].append(j)
    return able


def _sorted(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))
