"""What readings say around a trial, and of the way made to a goal."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillars.measures import before_and_after, trend, way_made

DAYS = [date(2018, month, 1) for month in (1, 3, 5, 7)]
READINGS = [SimpleNamespace(day=day, value=Decimal(rank)) for rank, day in enumerate(DAYS)]
numbers = st.decimals(-(10**8), 10**8, places=3)


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [
        (None, 3, None),
        (date(2017, 1, 1), None, 3),
        (DAYS[0], 0, 3),
        (date(2018, 4, 1), 1, 3),
        (DAYS[-1], 3, None),
        (date(2019, 1, 1), 3, None),
    ],
)
def test_before_is_the_last_up_to_the_start_and_after_the_latest_since(start, before, after):
    found = before_and_after(READINGS, start)
    assert [reading and int(reading.value) for reading in found] == [before, after]


def test_without_readings_nothing_is_before_nor_after():
    assert before_and_after([], None) == before_and_after([], DAYS[0]) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "rising", "better"),
    [(1, 2, True, True), (1, 2, False, False), (2, 1, False, True), (1, 1, True, None)],
)
def test_a_trend_is_better_where_it_goes_as_hoped(first, last, rising, better):
    assert trend(Decimal(first), Decimal(last), rising).is_better is better


@given(numbers, numbers, numbers)
def test_the_way_made_is_a_share(baseline, goal, value):
    assert 0 <= way_made(baseline, goal, value) <= 100
    if baseline != goal:
        assert way_made(baseline, goal, baseline) == 0
        assert way_made(baseline, goal, goal) == 100


def test_a_way_is_never_rounded_up_to_its_end():
    assert way_made(Decimal(0), Decimal(1000), Decimal("999.999")) == 99
    assert way_made(Decimal(10), Decimal(0), Decimal(5)) == 50
