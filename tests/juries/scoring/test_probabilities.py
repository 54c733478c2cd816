"""Chances of being among the best: they are chances, and there are k places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juries.scoring.calibration import calibrate
from juries.scoring.ranking import top_probabilities

from .test_calibration import WORKED

FIELD = st.lists(st.tuples(st.floats(0, 20), st.floats(0.4, 2)), min_size=1, max_size=9)
MIXED = st.lists(
    st.tuples(st.integers(0, 4).map(float), st.sampled_from([0.0, 0.05, 0.7, 1.5])), min_size=1, max_size=7
)


@pytest.mark.parametrize(
    ("k", "wanted"),
    [(2, [0.829168, 0.192620, 0.233214, 0.744998]), (1, [0.549972, 0.055265, 0.070650, 0.324112])],
)
def test_worked_example(k, wanted):
    found = calibrate(WORKED)
    assert top_probabilities(found.adjusted, found.margins, k) == pytest.approx(wanted, abs=1e-6)


@settings(max_examples=40)
@given(st.one_of(FIELD, MIXED), st.integers(0, 10))
def test_they_are_chances_and_add_up_to_the_places(field, k):
    values, margins = zip(*field, strict=True)
    found = top_probabilities(values, margins, k)
    assert all(0.0 <= chance <= 1.0 for chance in found)
    assert sum(found) == pytest.approx(min(k, len(field)), abs=1e-6)


@pytest.mark.parametrize("narrow", [0.02, 0.05, 0.13])
@pytest.mark.parametrize("rivals", [2, 4, 6])
def test_several_sure_rivals_at_one_height_are_counted_too(narrow, rivals):
    found = top_probabilities([0.0] + [1.0] * rivals, [0.7] + [narrow] * rivals, 2)
    assert sum(found) == pytest.approx(2, abs=1e-6)


@settings(max_examples=25)
@given(FIELD, st.integers(1, 4), st.permutations(range(9)))
def test_order_does_not_matter_and_more_places_never_hurt(field, k, order):
    values, margins = zip(*field, strict=True)
    found = top_probabilities(values, margins, k)
    more = top_probabilities(values, margins, k + 1)
    assert all(chance <= wider + 1e-9 for chance, wider in zip(found, more, strict=True))
    order = [i for i in order if i < len(field)]
    other = top_probabilities([values[i] for i in order], [margins[i] for i in order], k)
    assert other == pytest.approx([found[i] for i in order], abs=1e-9)


def test_certain_values_share_the_places_they_tie_for():
    assert top_probabilities([15, 12, 12, 12, 3], [0] * 5, 2) == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])


def test_a_certain_value_among_uncertain_ones():
    found = top_probabilities([12.0, 12.0], [0.0, 1.0], 1)
    assert found == pytest.approx([0.5, 0.5], abs=1e-9)


def test_equal_submissions_have_equal_chances():
    assert top_probabilities([10] * 5, [1.2] * 5, 2) == pytest.approx([0.4] * 5, abs=1e-7)


def test_a_submission_without_a_score_takes_no_place():
    assert top_probabilities([12, None, 11, 10], [1, None, None, 1], 1)[1:3] == [0.0, 0.0]
    assert top_probabilities([12, None, 11], [1, None, 1], 2) == [1.0, 0.0, 1.0]
    assert top_probabilities([], [], 3) == []


def test_what_does_not_fit_is_said():
    with pytest.raises(ValueError):
        top_probabilities([1], [-1], 1)
    with pytest.raises(ValueError):
        top_probabilities([1, 2], [1], 1)


def test_the_chances_of_a_whole_call_are_so_many_places():
    values = [6 + (i * 37 % 67) / 6 for i in range(67)]
    margins = [1.3 if i % 3 else 1.05 for i in range(67)]
    assert sum(top_probabilities(values, margins, 6)) == pytest.approx(6, abs=1e-6)
