"""Reading plans: best of all, within the rules, replayable, and frank about what cannot be done."""

from collections import Counter
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juries.scoring.assignment import balanced_loads, plan, pose, review

from .strategies import problems

FEW = settings(max_examples=80)


def choices(problem, i):
    """Every set of jurors that submission i may get, with its cost; fixed ones included."""
    fixed = {j for one, j in problem["fixed"] if one == i}
    able = [j for j in range(len(problem["costs"][i])) if j not in fixed and (i, j) not in problem["forbidden"]]
    outside = (problem["outsiders"] or [[]] * (i + 1))[i]
    missing = max(0, problem["readings"] - len(fixed))
    for extra in combinations(able, missing) if len(able) >= missing else ():
        jurors = fixed | set(extra)
        inside = [j for j in jurors if outside and not outside[j]]
        if extra and problem["require_outsider"] and len(inside) == len(jurors):
            continue
        yield jurors, sum(problem["costs"][i][j] for j in jurors) + (50 if outside and not inside else 0)


def cheapest(problem):
    """The cost of the best complete plan, by trying them all; None when there is none."""
    rows, jurors = range(len(problem["costs"])), range(len(problem["costs"][0]))
    fixed = Counter(j for _, j in problem["fixed"])
    most = [max(problem["max_load"], fixed[j]) for j in jurors]
    options = [list(choices(problem, i)) for i in rows]

    @cache
    def best(i, loads):
        if i == len(options):
            return 0 if min(loads) >= problem["min_load"] else None
        found = []
        for chosen, cost in options[i]:
            after = tuple(load + (j in chosen) for j, load in enumerate(loads))
            rest = best(i + 1, after) if all(a <= b for a, b in zip(after, most, strict=True)) else None
            if rest is not None:
                found.append(cost + rest)
        return min(found, default=None)

    return best(0, (0,) * len(jurors))


def most_placed(problem):
    """The most readings any plan can place, by trying all partial plans."""
    rows, jurors = range(len(problem["costs"])), range(len(problem["costs"][0]))
    fixed = Counter(j for _, j in problem["fixed"])
    rooms = tuple(max(0, problem["max_load"] - fixed[j]) for j in jurors)
    wanted = problem["readings"]
    partial = []
    for i in rows:
        kept = [j for one, j in problem["fixed"] if one == i]
        sets = set()
        for readings in range(len(kept), max(wanted, len(kept)) + 1):
            smaller = problem | {"readings": readings, "require_outsider": False}
            sets |= {frozenset(jurors) - set(kept) for jurors, _ in choices(smaller, i)}
        if problem["require_outsider"]:
            outside = problem["outsiders"][i]
            inner = wanted - 1 - sum(not outside[j] for j in kept)
            sets = {extra for extra in sets if not extra or sum(not outside[j] for j in extra) <= inner}
        partial.append(sets)

    @cache
    def best(i, left):
        if i == len(partial):
            return 0
        return max(
            len(extra) + best(i + 1, tuple(room - (j in extra) for j, room in enumerate(left)))
            for extra in partial[i]
            if all(left[j] for j in extra)
        )

    return best(0, rooms)


@FEW
@given(problems(submissions=6))
def test_no_plan_is_cheaper(problem):
    found, best = plan(**problem), cheapest(problem)
    if best is None:
        assert found.shortfall or found.review.underloaded
    else:
        assert (found.shortfall, found.cost) == (0, best)


@FEW
@given(problems(submissions=4, jurors=4))
def test_no_plan_places_more_readings(problem):
    found = plan(**problem)
    fixed = problem["fixed"]
    done = Counter(i for i, _ in fixed)
    needed = sum(max(0, problem["readings"] - done[i]) for i in range(len(problem["costs"])))
    assert found.shortfall == needed - most_placed(problem)
    assert len(found.pairs) == len(fixed) + needed - found.shortfall


@FEW
@given(problems(submissions=8, jurors=6))
def test_every_plan_keeps_the_rules(problem):
    found = plan(**problem)
    pairs, fixed = set(found.pairs), problem["fixed"]
    assert len(found.pairs) == len(pairs)
    assert fixed <= pairs
    assert not pairs & problem["forbidden"]
    loads, kept = Counter(j for _, j in pairs), Counter(j for _, j in fixed)
    assert all(load <= max(problem["max_load"], kept[j]) for j, load in loads.items())
    assert found.review.underloaded == tuple(
        j for j in range(len(problem["costs"][0])) if loads[j] < problem["min_load"]
    )
    assert found.review.conflicts == ()
    assert sum(gap for _, gap in found.review.missing) == found.shortfall
    if problem["require_outsider"] and not fixed and not found.shortfall:
        assert found.review.without_outsider == ()


@FEW
@given(problems())
def test_the_same_seed_gives_the_same_plan(problem):
    assert plan(**problem) == plan(**problem)
    again = problem | {"forbidden": sorted(problem["forbidden"]), "fixed": sorted(problem["fixed"], reverse=True)}
    assert plan(**again) == plan(**problem)


@FEW
@given(problems(), st.integers(10, 99))
def test_another_seed_costs_the_same(problem, seed):
    one, other = plan(**problem), plan(**problem | {"seed": seed})
    assert one.shortfall == other.shortfall
    assert one.shortfall or one.review.underloaded or one.cost == other.cost
    assert one.digest != other.digest


@FEW
@given(problems())
def test_what_blocks_is_a_true_shortage(problem):
    found = plan(**problem)
    if not found.shortfall:
        assert found.obstacle is None
        return
    assert found.obstacle.needed > found.obstacle.places
    assert found.obstacle.needed - found.obstacle.places <= found.shortfall
    assert set(found.obstacle.submissions) & {i for i, _ in found.review.missing}


def test_seeds_choose_between_equal_plans():
    flat = {"costs": [[1] * 6] * 12, "readings": 2, "min_load": 4, "max_load": 4}
    assert len({plan(**flat, seed=seed).pairs for seed in range(5)}) == 5


def stuck(found):
    return found.obstacle.submissions, found.obstacle.jurors


def test_five_submissions_for_two_jurors_are_named():
    narrow = {(i, j) for i in range(5) for j in range(2, 6)}
    found = plan([[1] * 6] * 12, readings=2, min_load=0, max_load=[4, 4, 6, 6, 6, 6], forbidden=narrow)
    assert (found.obstacle.reason, found.shortfall) == ("bottleneck", 2)
    assert stuck(found) == ((0, 1, 2, 3, 4), (0, 1))
    assert (found.obstacle.needed, found.obstacle.places) == (10, 8)


def test_too_few_places_in_all_are_named():
    found = plan([[1] * 3] * 4, readings=2, min_load=0, max_load=2)
    assert (found.obstacle.reason, found.shortfall) == ("capacity", 2)
    assert stuck(found) == ((0, 1, 2, 3), (0, 1, 2))
    assert [gap for _, gap in found.review.missing] == [1, 1]


def test_a_submission_with_too_few_jurors_is_named():
    found = plan([[1] * 4] * 4, readings=3, min_load=0, max_load=4, forbidden={(2, 0), (2, 1)})
    assert (found.obstacle.reason, stuck(found), found.shortfall) == ("eligibility", ((2,), (2, 3)), 1)


def test_a_lack_of_outsiders_is_named():
    outsiders = [[False, False, False, True]] * 3
    found = plan(
        [[1] * 4] * 3, readings=2, min_load=0, max_load=[3, 3, 3, 2], outsiders=outsiders, require_outsider=True
    )
    assert (found.obstacle.reason, found.shortfall) == ("outsider", 1)
    assert stuck(found) == ((0, 1, 2), (3,))
    assert (found.obstacle.needed, found.obstacle.places) == (3, 2)


def test_least_loads_that_cannot_be_met_do_not_stop_the_plan():
    found = plan([[0, 5, 5]] * 3, readings=1, min_load=[0, 2, 2], max_load=3)
    assert (found.shortfall, found.cost) == (0, 15)
    assert len(found.review.underloaded) == 1


def test_an_insider_is_worth_fifty_points():
    sides = [[False, True, True]]
    assert plan([[49, 0, 9]], readings=2, min_load=0, max_load=1, outsiders=sides).pairs == ((0, 0), (0, 1))
    found = plan([[51, 0, 0]], readings=2, min_load=0, max_load=1, outsiders=sides)
    assert (found.cost, found.review.without_insider) == (50, (0,))


def test_a_second_reading_keeps_the_first_and_adds_two():
    costs = [[(i * j) % 7 for j in range(6)] for i in range(10)]
    first = plan(costs, readings=3, min_load=5, max_load=5)
    second = plan(costs, readings=[5] * 4 + [3] * 6, min_load=6, max_load=7, fixed=first.pairs)
    assert set(first.pairs) < set(second.pairs)
    assert Counter(i for i, _ in second.pairs) == Counter([*range(4)] * 5 + [*range(4, 10)] * 3)
    assert second.review.underloaded == ()


def test_a_recusal_outranks_a_sheet_already_handed_in():
    found = plan([[1, 1, 1]], readings=2, min_load=0, max_load=1, fixed={(0, 0)}, forbidden={(0, 0)})
    assert found.pairs == ((0, 1), (0, 2))


def test_sheets_beyond_the_load_are_kept():
    found = plan([[1, 1]] * 3, readings=1, min_load=0, max_load=[1, 2], fixed={(0, 0), (1, 0)})
    assert found.pairs == ((0, 0), (1, 0), (2, 1))
    assert found.review.overloaded == (0,)


@pytest.mark.parametrize("costs", [[], [[]], [[], []]])
def test_nobody_and_nothing_are_answered(costs):
    found = plan(costs, readings=2, min_load=0, max_load=3)
    assert (found.pairs, found.shortfall) == ((), 2 * len(costs))


def test_nothing_left_to_read_is_complete():
    found = plan([[3, 4]], readings=1, min_load=0, max_load=1, fixed={(0, 1)})
    assert (found.pairs, found.cost, found.obstacle) == (((0, 1),), 4, None)


def test_changes_by_hand_are_held_against_the_rules():
    problem = pose(
        [[1] * 3] * 2, readings=2, min_load=1, max_load=1, forbidden={(0, 0)}, outsiders=[[False, True, True]] * 2
    )
    found = review(problem, {(0, 0), (1, 1), (1, 2), (0, 1)})
    assert (found.conflicts, found.missing) == (((0, 0),), ())
    assert (found.overloaded, found.underloaded) == ((1,), ())
    assert (found.without_insider, found.without_outsider) == ((1,), ())


def test_loads_are_balanced_within_one_and_half_time_is_half():
    assert balanced_loads(201, [1] * 10) == ([20] * 10, [21] * 10)
    assert balanced_loads(25, [1, 1, 0.5, 0]) == ([10, 10, 5, 0], [11, 11, 6, 0])
    with pytest.raises(ValueError):
        balanced_loads(10, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"costs": [[1, 2], [3]]},
        {"outsiders": [[True]]},
        {"require_outsider": True},
        {"min_load": 4},
        {"max_load": [3]},
        {"readings": -1},
        {"fixed": {(0, 9)}},
        {"forbidden": {(-1, 0)}},
    ],
)
def test_what_does_not_fit_is_said(wrong):
    given_ = {"costs": [[1, 2], [3, 4]], "readings": 1, "min_load": 0, "max_load": 3}
    with pytest.raises(ValueError):
        plan(**given_ | wrong)


def test_a_whole_call_is_planned_whole():
    costs = [[(0, 6, 2, 6)[(i + j + i * j) % 4] + (i * j) % 2 for j in range(10)] for i in range(67)]
    outsiders = [[cost > 5 for cost in row] for row in costs]
    low, high = balanced_loads(67 * 3, [1] * 10)
    found = plan(costs, readings=3, min_load=low, max_load=high, outsiders=outsiders, require_outsider=True)
    assert found.shortfall == 0
