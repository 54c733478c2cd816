"""The second reading's plan: what was read stays, the leading are read more, loads stay within 1."""

from collections import Counter
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from juries.scoring.assignment import balanced_loads, plan
from juries.scoring.second import leading, plan_again


@st.composite
def juries(draw):
    """A first reading that was planned whole, and which of its submissions lead."""
    jurors = draw(st.integers(4, 8))
    submissions = draw(st.integers(1, 12))
    readings = draw(st.integers(1, 3))
    costs = [[draw(st.sampled_from([0, 2, 6])) for _ in range(jurors)] for _ in range(submissions)]
    pairs = [(i, j) for i in range(submissions) for j in range(jurors)]
    forbidden = draw(st.sets(st.sampled_from(pairs), max_size=3))
    least, most = balanced_loads(readings * submissions, [1.0] * jurors)
    seed = draw(st.integers(0, 9))
    first = plan(costs, readings=readings, min_load=least, max_load=most, forbidden=forbidden, seed=seed)
    again = draw(st.sets(st.integers(0, submissions - 1), min_size=1))
    later = draw(st.sets(st.sampled_from(pairs), max_size=2))
    return {"costs": costs, "first": first.pairs, "again": again, "forbidden": forbidden | later, "seed": seed}


def planned(jury, more=2):
    return plan_again(**jury, more=more, shares=[1.0] * len(jury["costs"][0]))


@given(juries())
@settings(max_examples=60, deadline=None)
def test_what_was_read_stays_and_no_conflict_is_ever_assigned(jury):
    found = planned(jury)
    assert set(jury["first"]) - jury["forbidden"] <= set(found.pairs)
    assert not set(found.pairs) & jury["forbidden"]


@given(juries())
@settings(max_examples=60, deadline=None)
def test_only_those_that_lead_get_readers_and_no_more_than_asked(jury):
    found = planned(jury)
    fresh = Counter(i for i, _ in set(found.pairs) - set(jury["first"]))
    assert set(fresh) <= jury["again"]
    assert max(fresh.values(), default=0) <= 2
    free = {i: len(jury["costs"][0]) - sum((i, j) in jury["forbidden"] | set(jury["first"]) for j in range(9))
            for i in jury["again"]}  # fmt: skip
    assert sum(fresh.values()) + found.shortfall == sum(min(2, n) for n in free.values())


@given(juries())
@settings(max_examples=60, deadline=None)
def test_nobody_reads_beyond_a_balanced_load_but_for_what_they_had(jury):
    found = planned(jury)
    before = Counter(j for i, j in jury["first"] if (i, j) not in jury["forbidden"])
    after = Counter(j for _, j in found.pairs)
    total = sum(after.values()) + found.shortfall
    most = total // len(jury["costs"][0]) + 1
    assert all(after[j] <= max(most, before[j]) for j in after)


@given(juries(), st.integers(2, 5))
@settings(max_examples=60, deadline=None)
def test_without_conflicts_loads_are_within_one(jury, more):
    jury = {**jury, "forbidden": set(), "again": set(range(len(jury["costs"])))}
    jurors = len(jury["costs"][0])
    least, most = balanced_loads(len(jury["costs"]), [1.0] * jurors)
    first = plan(jury["costs"], readings=1, min_load=least, max_load=most)
    found = planned({**jury, "first": first.pairs}, more=min(more, jurors - 1))
    loads = Counter(j for _, j in found.pairs)
    assert found.shortfall == 0
    assert max(loads[j] for j in range(jurors)) - min(loads[j] for j in range(jurors)) <= 1


@given(juries())
@settings(max_examples=30, deadline=None)
def test_the_same_seed_and_inputs_give_the_same_plan(jury):
    one, other = planned(jury), planned(jury)
    assert (one.pairs, one.digest) == (other.pairs, other.digest)


def test_67_applications_and_10_jurors_get_30_more_readings_balanced():
    jurors, shares = 10, [1.0] * 10
    costs = [[(0, 2, 6)[(i + j) % 3] for j in range(jurors)] for i in range(67)]
    least, most = balanced_loads(201, shares)
    first = plan(costs, readings=3, min_load=least, max_load=most)
    found = plan_again(costs, first=first.pairs, again=range(15), more=2, shares=shares)
    loads = Counter(j for _, j in found.pairs)
    assert len(found.pairs) == 231
    assert max(loads.values()) - min(loads.values()) <= 1


def lines(*ranks):
    return [SimpleNamespace(submission=f"s{9 - place}", rank=rank) for place, rank in enumerate(ranks)]


def test_those_that_tie_with_the_last_lead_too_in_no_order_of_merit():
    assert leading(lines(1, 2, 3, 3, 5, None), 3) == ["s6", "s7", "s8", "s9"]
    assert leading(lines(1, 2, 3, 3, 5, None), 2) == ["s8", "s9"]
