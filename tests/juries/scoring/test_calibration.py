"""Calibration holds its equations, its symmetries and its worked example."""

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.scoring.calibration import calibrate

from .strategies import grids, linked_grids

N = None
WORKED = [[12, 15, N], [9, N, 14], [N, 13, 12], [11, 14, 15]]
RIDGES = st.floats(0.01, 50)


def close(found, wanted, tolerance=1e-9):
    """Compare two lists of numbers and None."""
    assert [value is None for value in found] == [value is None for value in wanted]
    pairs = zip(found, wanted, strict=True)
    assert [a for a, b in pairs if a is not None and abs(a - b) > tolerance * max(1, abs(b))] == []


def test_worked_example():
    found = calibrate(WORKED)
    close(found.means, [13.5, 11.5, 12.5, 40 / 3])
    close(found.effects, [-38 / 33, 16 / 33, 2 / 3])
    close(found.adjusted, [13.833333, 11.742424, 11.924242, 13.333333], 1e-6)
    assert found.sigma2 == pytest.approx(3.459596, abs=1e-6)
    close(found.margins, [1.315218, 1.315218, 1.315218, 1.073871], 1e-6)
    assert (found.components, found.calibrated) == (1, True)


@given(grids(complete=True), RIDGES)
def test_a_complete_grid_keeps_its_plain_means(grid, ridge):
    found = calibrate(grid, ridge=ridge)
    close(found.adjusted, [sum(row) / len(row) for row in grid])


@given(grids(), RIDGES)
def test_both_normal_equations_hold_and_effects_balance(grid, ridge):
    found = calibrate(grid, ridge=ridge)
    effects = [effect for effect in found.effects if effect is not None]
    assert abs(fsum(effects)) < 1e-9
    if not found.calibrated:
        return
    for j, effect in enumerate(found.effects):
        column = [(row[j], q) for row, q in zip(grid, found.adjusted, strict=True) if row[j] is not None]
        assert abs((len(column) + ridge) * (effect or 0) - fsum(y - q for y, q in column)) < 1e-9
    for row, quality in zip(grid, found.adjusted, strict=True):
        known = [(y, b) for y, b in zip(row, found.effects, strict=True) if y is not None]
        assert not known or abs(quality - fsum(y - b for y, b in known) / len(known)) < 1e-9


@given(grids(), st.randoms())
def test_order_of_submissions_and_jurors_does_not_matter(grid, random):
    rows, columns = list(range(len(grid))), list(range(len(grid[0])))
    random.shuffle(rows)
    random.shuffle(columns)
    one = calibrate(grid)
    other = calibrate([[grid[i][j] for j in columns] for i in rows])
    close(other.adjusted, [one.adjusted[i] for i in rows])
    close(other.margins, [one.margins[i] for i in rows])
    close(other.effects, [one.effects[j] for j in columns])
    close(other.discordance, [one.discordance[j] for j in columns], 1e-6)
    assert other.components == one.components


@given(linked_grids(), st.floats(0.1, 5), st.floats(-50, 50))
def test_another_unit_gives_the_same_answer_in_that_unit(grid, factor, shift):
    one = calibrate(grid)
    moved = [[None if y is None else factor * y + shift for y in row] for row in grid]
    other = calibrate(moved, scale=(shift, factor * 20 + shift))
    close(other.adjusted, [factor * q + shift for q in one.adjusted])
    close(other.effects, [None if b is None else factor * b for b in one.effects])
    close(other.margins, [factor * margin for margin in one.margins])
    close(other.discordance, one.discordance, 1e-6)


def test_severity_is_removed_without_clamping():
    # The second juror gives three points less throughout; the submission only she read is not worse for it.
    found = calibrate([[20, 17], [18, 15], [20, 17], [N, 19.5]], ridge=0.001)
    assert found.adjusted[3] > 20
    assert found.effects[1] == pytest.approx(-1.5, abs=0.01)


def test_no_ridge_at_all_still_has_one_answer():
    found = calibrate([[12, 15], [10, N], [N, 16]], ridge=0)
    close(found.effects, [-1.5, 1.5])
    close(found.adjusted, [13.5, 11.5, 14.5])


def test_two_groups_without_a_link_are_not_calibrated():
    found = calibrate([[12, 15, N, N], [9, 10, N, N], [N, N, 14, 18], [N, N, N, 11]])
    assert (found.components, found.calibrated) == (2, False)
    assert found.adjusted == found.means == (13.5, 9.5, 16.0, 11.0)
    assert found.effects == (0, 0, 0, 0)
    assert found.submission_groups == (0, 0, 1, 1)
    assert found.juror_groups == (0, 0, 1, 1)


def test_jurors_and_submissions_without_a_score_are_left_out():
    found = calibrate([[N, *row[:1], N, *row[1:]] for row in WORKED] + [[N] * 5])
    reference = calibrate(WORKED)
    close(found.adjusted, [*reference.adjusted, N])
    close(found.margins, [*reference.margins, N])
    close(found.effects, [N, reference.effects[0], N, *reference.effects[1:]])
    close(found.discordance, [N, reference.discordance[0], N, *reference.discordance[1:]])
    assert (found.components, found.calibrated) == (1, True)
    assert found.submission_groups[-1] is None


@pytest.mark.parametrize("grid", [[], [[]], [[], []], [[N, N]]])
def test_an_empty_grid_is_an_empty_answer(grid):
    found = calibrate(grid)
    assert set(found.means) | set(found.adjusted) | set(found.margins) | set(found.effects) <= {None}
    assert (found.sigma2, found.components, found.calibrated) == (4.0, 0, True)


def test_a_juror_apart_from_the_others_stands_out():
    fair = [[10, 11, 10, N], [14, 15, 14, 2], [6, 7, 6, 19], [12, 13, 12, 3], [9, 9, 9, 16]]
    discordance = calibrate(fair).discordance
    assert discordance[3] > 5 > max(discordance[:3])


def test_agreement_and_solitude_are_no_discordance():
    assert calibrate([[12, 12], [7, 7]]).discordance == (1.0, 1.0)
    assert calibrate([[12], [7]]).discordance == (None,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scores": [[1, 2], [3]]},
        {"scores": [[float("nan")]]},
        {"scores": [[1]], "ridge": -1},
        {"scores": [[1]], "scale": (20, 20)},
    ],
)
def test_what_does_not_fit_is_said(wrong):
    with pytest.raises(ValueError):
        calibrate(**wrong)
