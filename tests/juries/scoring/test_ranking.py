"""Ranks follow what people can read, and a tie stays a tie until something readable breaks it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.scoring.ranking import displayed, head_to_head, rank, rank_sum_order

from .strategies import grids


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2.675, "2.68"),
        (1.005, "1.01"),
        (13.004999999999999, "13.01"),
        (13.00499, "13.00"),
        (40 / 3, "13.33"),
        (0.1 + 0.2, "0.30"),
        (17, "17.00"),
        (Decimal("12.345"), "12.35"),
        (-1.005, "-1.01"),
        (-0.001, "0.00"),
        (1e-7, "0.00"),
    ],
)
def test_two_decimals_half_up_as_by_hand(value, shown):
    assert str(displayed(value)) == shown


@given(st.decimals(-100, 100, places=3))
def test_floats_and_decimals_show_the_same(value):
    assert displayed(float(value)) == displayed(value) == displayed(displayed(value))


def test_ties_share_a_rank_and_leave_a_gap():
    assert rank([displayed(value) for value in (12.004, 15, 12.0, 15.0, 9)]) == [3, 1, 3, 1, 5]
    assert rank([Decimal(3), None, Decimal(4)]) == [2, None, 1]
    assert rank([]) == []


def test_the_heaviest_criterion_breaks_a_tie_first():
    sheets = [[[5, 2], [4, 3]], [[2, 5], [3, 4]]]
    assert rank([14, 14], sheets=sheets, weights=[1, 2]) == [2, 1]
    assert rank([14, 14], sheets=sheets, weights=[2, 1]) == [1, 2]
    assert rank([14, 14], sheets=sheets) == [1, 2]


def test_a_criterion_that_does_not_count_breaks_no_tie():
    assert rank([14, 14], sheets=[[[3, 1]], [[3, 5]]], weights=[1, 0]) == [1, 1]


def test_then_jurors_are_counted_head_to_head():
    first = [[4, 2], [4, 2], [1, 5]]
    second = [[3, 2], [3, 2], [3, 5]]
    assert rank([12, 12], sheets=[first, second], weights=[1, 1]) == [1, 2]
    assert rank([12, 12], sheets=[second, first], weights=[1, 1]) == [2, 1]


def test_sheets_never_overrule_the_score():
    assert rank([11, 12], sheets=[[[5]], [[0]]], weights=[1]) == [2, 1]


def test_three_tied_are_parted_by_balance_then_among_themselves():
    # Equal means; 0 beats both; 1 and 2 lose to 0 alike, and then two of three jurors prefer 2 to 1.
    sheets = [[[4], [4], [1]], [[3], [1], [5]], [[3.5], [3], [2.5]]]
    assert rank([12] * 3, sheets=sheets) == [1, 3, 2]


def test_a_circle_of_preferences_stays_a_tie():
    sheets = [[[3], [2], [1]], [[2], [1], [3]], [[1], [3], [2]]]
    assert rank([8] * 3, sheets=sheets) == [1, 1, 1]


def test_missing_and_incomplete_sheets_take_no_side():
    assert rank([12, 12], sheets=[[None, [4]], [[5], None]], weights=[1]) == [2, 1]
    assert rank([12, 12], sheets=[[[4, None]], [[4, 2]]], weights=[1, 1]) == [2, 1]
    assert rank([12, 12], sheets=[[None], [None]]) == [1, 1]
    assert rank([12, 12], sheets=[[None], [None]], weights=[1, 2]) == [1, 1]


def test_criteria_with_scales_of_their_own_weigh_alike():
    # Two jurors prefer the first by share of the scale, though not by plain points.
    first = [[4, 10], [4, 10], [1, 16]]
    second = [[3, 12], [3, 12], [3, 12]]
    scale = [(0, 5), (0, 20)]
    assert rank([12, 12], sheets=[first, second], weights=[1, 1], scale=scale) == [1, 2]
    assert rank([12, 12], sheets=[first, second], weights=[1, 1]) == [2, 1]


@given(grids(complete=True), st.randoms())
def test_ranks_ignore_the_order_of_arrival(grid, random):
    shown = [displayed(sum(row) / len(row)) for row in grid]
    sheets = [[[mark] for mark in row] for row in grid]
    order = list(range(len(grid)))
    random.shuffle(order)
    one = rank(shown, sheets=sheets)
    other = rank([shown[i] for i in order], sheets=[sheets[i] for i in order])
    assert other == [one[i] for i in order]


@given(grids(complete=True))
def test_ranks_count_who_is_ahead(grid):
    shown = [displayed(sum(row) / len(row)) for row in grid]
    assert rank(shown) == [1 + sum(other > one for other in shown) for one in shown]


def test_head_to_head_counts_common_jurors_only():
    assert head_to_head([12, 14, None, 9], [11, 14, 20, 10]) == (1, 1, 1)


def test_rank_sums_give_each_juror_the_same_weight():
    # One enthusiast carries the mean; the rank sum prefers what most jurors prefer.
    assert rank_sum_order([[20, 10, 10], [11, 11, 11]]) == [2, 1]
    assert rank_sum_order([[12, 10], [12, 11], [5, None], [None, None]]) == [2, 1, 3, None]
    assert rank_sum_order([]) == []


@given(grids(complete=True))
def test_rank_sums_on_a_complete_grid_are_plain_sums_of_ranks(grid):
    def place(column, value):
        return sum(other > value for other in column) + (column.count(value) + 1) / 2

    columns = [list(column) for column in zip(*grid, strict=True)]
    sums = [sum(place(column, row[j]) for j, column in enumerate(columns)) for row in grid]
    assert rank_sum_order(grid) == [1 + sum(other < one for other in sums) for one in sums]
