"""Words for figures: zones, hints, and why a row stands above the next."""

from decimal import Decimal

import pytest

from juries.scoring import bands
from juries.scoring.explain import CRITERION, JURORS, NOTHING, SCORE, Row, explain


@pytest.mark.parametrize(
    ("chance", "word"),
    [(1, "solid"), (0.9, "solid"), (0.8999, "discuss"), (0.1, "discuss"), (0.0999, "unlikely"), (0, "unlikely")],
)
def test_bands(chance, word):
    assert bands.band(chance) == word


def test_atypical_sheets_are_a_hint_above_five():
    assert [bands.atypical(value) for value in (None, 1.0, 5.0, 5.01)] == [False, False, False, True]


def test_jurors_agree_differ_or_divide():
    assert bands.spread([12, None, 14, 16]) == pytest.approx(2.0)
    assert bands.spread([12, None]) is None
    words = [bands.agreement(value) for value in (None, 1.2, 1.5, 1.8, 2.0, 2.3)]
    assert words == [None, "agreed", "nuanced", "nuanced", "divided", "divided"]


def test_a_clear_lead_is_told_in_three_figures():
    above = Row(17.20, 0.43, [17, 18, 16, None], mean=17.2)
    below = Row(15.04, 0.46, [15, 16, 16, 14], mean=15.2)
    found = explain(above, below)
    assert (found.gap, found.margins_overlap, found.head_to_head) == (Decimal("2.16"), False, (2, 0, 1))
    assert (found.decided_by, found.criterion, found.correction_reverses) == (SCORE, None, False)


def test_margins_that_touch_overlap_and_the_correction_may_reverse():
    found = explain(Row(14.63, 0.25, [14], mean=14.0), Row(14.13, 0.25, [15], mean=14.2))
    assert (found.gap, found.margins_overlap, found.correction_reverses) == (Decimal("0.50"), True, True)


@pytest.mark.parametrize(
    ("above", "below", "decided_by", "criterion"),
    [
        (Row(12.001, None, [12, 11], criteria=[4, 3]), Row(12, None, [12, 11], criteria=[4, 2]), CRITERION, 1),
        (Row(12, None, [12, 11], criteria=[4, 2]), Row(12, None, [12, 11], criteria=[4, 3]), NOTHING, None),
        (Row(12, None, [13, 13, 10]), Row(12, None, [12, 12, 12]), JURORS, None),
        (Row(12, None, [12]), Row(12, None, [12]), NOTHING, None),
        (Row(11, None, [12]), Row(12, None, [11]), NOTHING, None),
    ],
)
def test_what_decides_between_two_rows(above, below, decided_by, criterion):
    found = explain(above, below)
    assert (found.decided_by, found.criterion) == (decided_by, criterion)
    assert found.margins_overlap is found.correction_reverses is None
