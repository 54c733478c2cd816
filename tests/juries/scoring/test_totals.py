"""A sheet on 20: missing is never zero, and the order of the criteria never matters."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.scoring.totals import criterion_means, total

CRITERIA = st.lists(
    st.tuples(st.integers(0, 10).map(lambda halves: halves / 2), st.floats(0.1, 9)), min_size=1, max_size=6
)


def test_weights_and_scale_make_a_total_on_20():
    assert total([4, 3, 5], [3, 2, 1]) == pytest.approx(20 * (12 + 6 + 5) / 5 / 6)
    assert total([5, 1], [1, 1], scale=(1, 5)) == 10.0
    assert total([Decimal("2.5")], [Decimal("1.50")]) == 10.0


def test_each_criterion_may_have_its_own_scale():
    assert total([5, 0], [1, 1], scale=[(0, 5), (0, 10)]) == 10.0
    assert total([5, 10], [3, 1], scale=[(0, 5), (0, 20)]) == 17.5


def test_a_missing_counted_mark_leaves_no_total():
    assert total([4, None], [1, 1]) is None


def test_a_criterion_that_does_not_count_may_stay_empty_and_changes_nothing():
    assert total([4, None], [1, 0]) == total([4, 5], [1, 0]) == total([4], [1]) == 16.0


@pytest.mark.parametrize(("marks", "weights"), [([], []), ([3], [0])])
def test_nothing_counted_is_no_total(marks, weights):
    assert total(marks, weights) is None


@pytest.mark.parametrize(
    ("marks", "weights", "scale"),
    [
        ([6], [1], (0, 5)),
        ([-1], [1], (0, 5)),
        ([3], [-1], (0, 5)),
        ([3], [1, 2], (0, 5)),
        ([3], [1], (5, 5)),
        ([3], [1], [(0, 5), (0, 5)]),
        ([float("nan")], [1], (0, 5)),
        ([3], [float("inf")], (0, 5)),
    ],
)
def test_what_does_not_fit_is_said(marks, weights, scale):
    with pytest.raises(ValueError):
        total(marks, weights, scale=scale)


@given(CRITERIA, st.randoms())
def test_totals_stay_on_the_scale_and_ignore_the_order_of_criteria(criteria, random):
    marks, weights = zip(*criteria, strict=True)
    found = total(marks, weights)
    random.shuffle(criteria)
    marks, weights = zip(*criteria, strict=True)
    assert found == total(marks, weights)
    assert 0.0 <= found <= 20.0


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=6))
def test_full_marks_are_20_and_lowest_marks_0(weights):
    assert total([5] * len(weights), weights) == 20.0
    assert total([0] * len(weights), weights) == 0.0


def test_means_per_criterion_leave_missing_marks_out():
    assert criterion_means([[4, None], None, [2, None]]) == [3.0, None]
    assert criterion_means([None]) == criterion_means([]) == []
