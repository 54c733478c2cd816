"""The second reading: those that lead get more readers, by the same model, beside the readers they have.

Sources: as juries.scoring.assignment; 3 readings each, then 2 more for the leading 15, are worth 5 for all at 69 % of
the effort (jury method, by simulation).
"""

from collections import Counter
from collections.abc import Collection, Sequence

from juries.scoring.assignment import Pair, Plan, balanced_loads, plan
from juries.scoring.readings import Outsiders
from juries.scoring.standing import Line

LEADING = 15
MORE = 2


def leading(lines: Sequence[Line], count: int) -> list[str]:
    """The submissions of rank `count` or better, those that tie with the last one included, in no order of merit."""
    return sorted(line.submission for line in lines if line.rank is not None and line.rank <= count)


def plan_again(
    costs: Sequence[Sequence[int]],
    *,
    first: Collection[Pair],
    again: Collection[int],
    more: int | Sequence[int],
    shares: Sequence[float],
    forbidden: Collection[Pair] = (),
    outsiders: Outsiders | None = None,
    seed: int = 0,
) -> Plan:
    """Return the plan that keeps the pairs of `first` and gives each submission of `again` up to `more` new readers.

    `more`: one figure for all, or one per submission.
    Loads of both readings together are balanced within 1 (`shares[j]`: 1, or 0.5 for half-time). A submission asks
    for no more readers than are left to it. A pair of `first` that became a conflict is dropped, and not replaced.
    """
    closed = set(forbidden)
    kept = set(first) - closed
    held = Counter(i for i, _ in kept)
    jurors = range(len(shares))
    wanted = set(again)
    extra = [more] * len(costs) if isinstance(more, int) else more

    def free(i: int) -> int:
        return sum((i, j) not in closed and (i, j) not in kept for j in jurors)

    readings = [held[i] + (min(extra[i], free(i)) if i in wanted else 0) for i in range(len(costs))]
    least, most = balanced_loads(sum(readings), shares)
    return plan(
        costs,
        readings=readings,
        min_load=least,
        max_load=most,
        forbidden=closed,
        outsiders=outsiders,
        fixed=kept,
        seed=seed,
    )
