"""Where figures fall on charts, and that each chart's table says what is drawn."""

import itertools
import re
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import charts
from bethune_smartcity.core.components import MissingInput
from bethune_smartcity.core.components.charts import figure_of

BOX = charts.Box()
HALF_WAY = (BOX.floor + BOX.top) / 2
values = st.lists(st.decimals(-(10**11), 10**11, places=3), min_size=1, max_size=30)
huge = st.lists(st.integers(-(10**60), 10**60), min_size=1, max_size=10)


def days(count):
    return [date(2018, 1, 1) + timedelta(days=7 * n) for n in range(count)]


def draw(source, **context):
    with translation.override("fr"):
        return Template("{% load ui %}" + source).render(Context(context))


def test_nothing_draws_nothing():
    assert charts.along([], 10) == charts.spans([]) == charts.columns([], BOX) == charts.thread([], BOX) == []
    assert charts.line([], [], BOX, goal=3) == charts.Line([])


def test_one_value_and_equal_ones_lie_half_way():
    assert charts.line(days(1), [3], BOX).points == [(BOX.width / 2, HALF_WAY)]
    assert {y for _x, y in charts.line(days(3), [7, 7, 7], BOX).points} == {HALF_WAY}
    assert charts.spans([0, 0]) == [(0, 0), (0, 0)]


def test_the_least_is_at_the_foot_and_the_greatest_at_the_top():
    assert charts.line(days(2), [Decimal(1), Decimal(3)], BOX).points == [(BOX.side, BOX.floor), (BOX.right, BOX.top)]


def test_days_are_apart_as_the_calendar_has_them():
    drawn = charts.line([date(2018, 1, 1), date(2018, 1, 2), date(2018, 1, 11)], [1, 2, 3], BOX)
    (first, second, third) = [x for x, _y in drawn.points]
    assert (third - first) == pytest.approx(10 * (second - first), abs=0.1)


def test_a_goal_is_reached_by_the_scale_and_a_mark_stands_at_its_day():
    drawn = charts.line(days(3), [1, 2, 3], BOX, goal=10, mark=days(3)[1])
    assert drawn.goal == BOX.top
    assert drawn.mark == pytest.approx(BOX.width / 2, abs=0.1)
    assert charts.line(days(3), [1, 2, 3], BOX, mark=date(2017, 1, 1)).mark is None


def test_a_share_is_drawn_from_zero_and_a_line_that_would_be_flat_is_not():
    assert charts.starts_at_zero([Decimal("64.8"), Decimal("70.1")], is_share=True)
    assert charts.starts_at_zero([148, Decimal("115.2")], is_share=False)
    assert not charts.starts_at_zero([20000, 20400], is_share=False)
    assert not charts.starts_at_zero([-3, 8], is_share=True)
    lowest = charts.line(days(2), [50, 100], BOX, from_zero=True).points[0]
    assert lowest == (BOX.side, HALF_WAY)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=12), st.booleans())
def test_the_last_figure_covers_no_point(found, from_zero):
    points = charts.line(days(len(found)), found, BOX, from_zero=from_zero).points
    reach, foot = 60, charts.beside_end(points, 60, BOX)
    covered = [y for x, y in points if x >= points[-1][0] - reach]
    assert 0 < foot <= BOX.floor
    over, under = max(min(covered) - charts.OVER, charts.TALL), max(covered) + charts.UNDER
    assert foot <= over + 0.01 or foot >= under - 0.01


def test_bars_share_one_zero():
    assert charts.spans([-5, 5, 0]) == [(0, 50), (50, 50), (50, 0)]
    assert charts.spans([67, 6, 3])[0] == (0, 100)


@given(values)
def test_a_line_stays_inside_and_goes_right(found):
    points = charts.line(days(len(found)), found, BOX).points
    assert all(BOX.side <= x <= BOX.right and BOX.top <= y <= BOX.floor for x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)
    by_value = sorted(zip(found, points, strict=True), key=lambda pair: pair[0])
    assert [y for _v, (_x, y) in by_value] == sorted((y for _x, y in points), reverse=True)


@given(values | huge)
def test_bars_and_columns_stay_inside_in_their_order(found):
    assert all(start >= 0 and start + length <= 100.01 for start, length in charts.spans(found))
    drawn = charts.columns(found, BOX)
    assert all(BOX.top - 0.02 <= c.y and c.y + c.height <= BOX.floor + 0.02 for c in drawn)
    assert all(a.x + a.width <= b.x + 0.02 for a, b in itertools.pairwise(drawn))
    assert all(BOX.side <= c.x and c.x + c.width <= BOX.right for c in drawn)


@given(st.lists(st.integers(0, 10**40), min_size=1, max_size=4))
def test_a_thread_is_as_thick_as_its_counts(found):
    if not any(found):
        found[0] = 1
    drawn = charts.thread(found, BOX)
    assert all(BOX.top - 1 <= s.y and s.y + s.height <= BOX.floor + 1 for s in drawn)
    assert [bool(strand.height) for strand in drawn] == [value > 0 for value in found]
    ranked = sorted(zip(found, drawn, strict=True), key=lambda pair: pair[0])
    assert [s.height for _v, s in ranked] == sorted(s.height for s in drawn)


def test_a_thread_of_nothing_is_thin_air():
    assert [strand.height for strand in charts.thread([0, 0], BOX)] == [0, 0]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("1234.500"), "1\u202f234,5"),
        (67, "67"),
        (Decimal("-0.250"), "-0,25"),
        (Decimal("1E+3"), "1\u202f000"),
        (0, "0"),
    ],
)
def test_a_figure_keeps_the_decimals_it_has(value, words):
    with translation.override("fr"):
        assert figure_of(value) == words


COUNTS = [("France", 41), ("<Allemagne>", 7), ("Belgique", 6)]


@pytest.mark.parametrize("chart", ["bar_chart", "column_chart", "thread_chart"])
def test_the_table_says_what_is_drawn(chart):
    drawn = draw("{% " + chart + " 'Par pays' items 'Pays' 'Nombre' %}", items=COUNTS)
    rows = re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(?:<span class="share">.*?<span>)?(\d+)<', drawn)
    assert rows == [("France", "41"), ("&lt;Allemagne&gt;", "7"), ("Belgique", "6")]
    assert drawn.count("<rect") == len(COUNTS)
    assert "style=" not in drawn
    assert "<Allemagne>" not in drawn


def readings(*found):
    return [
        SimpleNamespace(day=day, value=Decimal(v), source="Relevé")
        for day, v in zip(days(len(found)), found, strict=True)
    ]


def test_a_line_is_told_in_words_and_given_as_a_table():
    drawn = draw(
        "{% line_chart 'Trajets' items 'trajets' goal=40 mark=day mark_label='Essai' %}",
        items=readings(3, 9),
        day=days(2)[1],
    )
    assert 'role="img"' in drawn
    assert "Trajets, en trajets" in drawn
    assert drawn.count("<circle") == 2
    assert re.findall(r'<td class="num" data-label="trajets">(.*?)</td>', drawn) == ["3", "9"]
    assert "chart__goal" in drawn
    assert "Essai" in drawn


def test_a_line_that_does_not_start_at_zero_says_so():
    words = "L’axe ne commence pas à zéro."
    assert words in draw("{% line_chart 'Habitants' items 'personnes' %}", items=readings(20000, 20400))
    assert words not in draw("{% line_chart 'Part' items '%' %}", items=readings(98, 99))


def test_a_single_reading_is_a_table_alone():
    drawn = draw("{% line_chart 'Trajets' items 'trajets' goal=40 %}", items=readings(3))
    assert "<svg" not in drawn
    assert 'data-label="trajets">3</td>' in drawn


@pytest.mark.parametrize(
    "chart", ["bar_chart 'x' none 'a' 'b'", "line_chart 'x' none 'y'", "thread_chart '' none 'a' 'b'"]
)
def test_a_chart_of_nothing_stops_a_test(chart):
    with pytest.raises(MissingInput):
        draw("{% " + chart + " %}", none=[])
