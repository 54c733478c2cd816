"""Who reads what: one min-cost flow for fit, conflicts, balanced loads and a view from outside.

Sources: HotCRP (papers to reviewers as a min-cost flow, with conflicts); Snell, PLoS ONE
10(4), 2015 (how many readers a submission needs); network simplex by networkx.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from juries.scoring.obstacles import Obstacle, find_obstacle
from juries.scoring.readings import Outsiders, Pair, Problem, Review, balanced_loads, pose, review

if TYPE_CHECKING:
    from networkx import MultiDiGraph

__all__ = ["Obstacle", "Pair", "Plan", "Review", "balanced_loads", "plan", "pose", "review"]

OUTSIDERS_ONLY = 50
"""Points for a submission that no insider reads."""
NOISE = 1000

Node = tuple[str, int]
SINK: Node = ("end", 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who reads what, and what is missing.

    `pairs`: (submission, juror), sorted, the fixed ones among them. `cost`: as given,
    plus 50 per submission without an insider. `shortfall`: readings that no plan can
    place, 0 when complete. `obstacle` says why, None when complete. `review` holds the
    pairs against the rules. `digest` and `seed` let anyone replay the plan.
    """

    pairs: tuple[Pair, ...]
    cost: int
    shortfall: int
    obstacle: Obstacle | None
    review: Review
    digest: str
    seed: int


def plan(
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
) -> Plan:
    """Return the cheapest plan that gives every submission its readings.

    `costs[i][j]`: cost of juror j reading submission i. `readings`, `min_load`,
    `max_load`: one figure for all, or one per submission (readings) or juror (loads).
    `forbidden`: conflicts, never assigned. `fixed`: pairs to keep (sheets handed in);
    one that is forbidden is dropped, since a recusal outranks a sheet. `outsiders[i][j]`:
    whether juror j is outside submission i's pillar; each submission without an insider
    costs 50, and with `require_outsider` each keeps a place for an outsider.

    A seeded 0–999 per pair, below any whole point, chooses between plans of equal cost:
    the same input and seed give the same plan. When not every reading can be placed, as
    many as possible are, spread so that no submission lacks two before others lack one;
    least loads come next, and cost last. ValueError: inputs that do not fit together.
    """
    problem = pose(
        costs, readings=readings, min_load=min_load, max_load=max_load, forbidden=forbidden,
        outsiders=outsiders, require_outsider=require_outsider, fixed=fixed, seed=seed,
    )  # fmt: skip
    chosen, reached = _solve(problem)
    pairs = tuple(sorted(problem.fixed | set(chosen)))
    found = review(problem, pairs)
    return Plan(
        pairs=pairs,
        cost=sum(problem.costs[i][j] for i, j in pairs) + OUTSIDERS_ONLY * len(found.without_insider),
        shortfall=sum(gap for _, gap in found.missing),
        obstacle=find_obstacle(problem, reached) if found.missing else None,
        review=found,
        digest=problem.digest(),
        seed=seed,
    )


def _solve(problem: Problem) -> tuple[list[Pair], set[Node]]:
    """Return the pairs to add, and what unplaced readings can reach in the residual graph."""
    if not any(problem.needs()):
        return [], set()
    import networkx  # noqa: PLC0415  slow to load, and only a plan needs it

    graph = _network(problem, networkx.MultiDiGraph())
    flow = networkx.network_simplex(graph)[1]
    chosen = [pair for pair in problem.open_pairs() if flow[_gate(problem, pair)]["juror", pair[1]][0]]
    short = [node for node in flow if node[0] == "submission" and any(flow[node].get(SINK, {}).values())]
    return chosen, _reach(graph, flow, short)


def _network(problem: Problem, graph: "MultiDiGraph[Node]") -> "MultiDiGraph[Node]":
    """Draw submissions → sides → jurors → end; weights rank missing, then least loads, then cost."""
    needs = problem.needs()
    point = NOISE * sum(problem.readings)
    dearest = point * max([OUTSIDERS_ONLY, *(abs(cost) for row in problem.costs for cost in row)]) + NOISE
    unmet_load = 4 * dearest * sum(needs)
    unevenness = unmet_load * (sum(needs) + 2)
    missing = unevenness * (sum(needs) + 2) * max(needs)
    graph.add_node(SINK, demand=sum(needs))
    for i, need in enumerate(needs):
        graph.add_node(("submission", i), demand=-need)
        for level in range(need):
            graph.add_edge(("submission", i), SINK, capacity=1, weight=missing + level * unevenness)
    _add_sides(problem, graph, point)
    _add_pairs(problem, graph, point)
    _add_loads(problem, graph, unmet_load)
    return graph


def _add_sides(problem: Problem, graph: "MultiDiGraph[Node]", point: int) -> None:
    """Let each submission reach its two sides: the first insider spares the 50 points."""
    if problem.outsiders is None:
        return
    known = {pair[0] for pair in problem.fixed if not problem.is_outside(pair)}
    for i, (need, insiders) in enumerate(zip(problem.needs(), problem.insider_rooms(), strict=True)):
        first = min(insiders, 0 if i in known else 1)
        graph.add_edge(("submission", i), ("inside", i), capacity=first, weight=-OUTSIDERS_ONLY * point)
        graph.add_edge(("submission", i), ("inside", i), capacity=insiders - first, weight=0)
        graph.add_edge(("submission", i), ("outside", i), capacity=need, weight=0)


def _add_pairs(problem: Problem, graph: "MultiDiGraph[Node]", point: int) -> None:
    # Random.random is the one draw Python keeps the same from version to version.
    draw = Random(problem.seed).random  # noqa: S311  tie-breaking, not a secret
    noise = [[int(draw() * NOISE) for _ in row] for row in problem.costs]
    for i, j in problem.open_pairs():
        weight = problem.costs[i][j] * point + noise[i][j]
        graph.add_edge(_gate(problem, (i, j)), ("juror", j), capacity=1, weight=weight)


def _add_loads(problem: Problem, graph: "MultiDiGraph[Node]", unmet_load: int) -> None:
    for j, (due, room) in enumerate(zip(problem.dues(), problem.rooms(), strict=True)):
        graph.add_edge(("juror", j), SINK, capacity=due, weight=-unmet_load)
        graph.add_edge(("juror", j), SINK, capacity=room - due, weight=0)


def _gate(problem: Problem, pair: Pair) -> Node:
    if problem.outsiders is None:
        return "submission", pair[0]
    return ("outside" if problem.is_outside(pair) else "inside"), pair[0]


def _reach(graph: "MultiDiGraph[Node]", flow: dict[Node, dict[Node, dict[int, int]]], starts: list[Node]) -> set[Node]:
    """Return the nodes on the starts' side of the minimum cut."""
    reached, waiting = set(starts), list(starts)
    while waiting:
        node = waiting.pop()
        ahead = [
            target
            for _, target, key, room in graph.out_edges(node, keys=True, data="capacity")
            if flow[node][target][key] < room
        ]
        back = [origin for origin, _, key in graph.in_edges(node, keys=True) if flow[origin][node][key]]
        fresh = {other for other in [*ahead, *back] if other != SINK} - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached
