"""Where values fall on a small chart."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.portal.charts import HEIGHT, MARGIN, WIDTH, points


def test_nothing_draws_nothing_and_equal_values_lie_half_way():
    assert points([]) == []
    assert points([3]) == [(MARGIN, HEIGHT / 2)]
    assert {y for _x, y in points([7, 7, 7])} == {HEIGHT / 2}


def test_the_least_is_at_the_bottom_and_the_greatest_at_the_top():
    assert points([Decimal(1), Decimal(3)]) == [(MARGIN, HEIGHT - MARGIN), (WIDTH - MARGIN, MARGIN)]


@given(st.lists(st.decimals(-(10**9), 10**9, places=3), min_size=1, max_size=20))
def test_every_point_stays_inside_and_goes_right(values):
    drawn = points(values)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)
    assert [x for x, _y in drawn] == sorted(x for x, _y in drawn)
