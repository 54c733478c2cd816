"""The instants of rungs: the hour of the wall for days, hours that pass for hours, across both changes of the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core.clock import PARIS
from bethune_smartcity.notifications.rungs import Rung, rung_in, rung_names, stamp

rungs = st.builds(Rung, st.integers(-180, 30), st.sampled_from("dh"))
# Two years of instants, both changes of the clock twice among them.
instants = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


def paris(*parts, fold=0):
    return datetime(*parts, tzinfo=PARIS, fold=fold)


def wall(moment):
    return moment.astimezone(PARIS).replace(tzinfo=None, fold=0)


@given(rungs)
def test_a_code_stands_for_one_rung(rung):
    assert rung_in(rung.code) == rung or rung.amount == 0
    assert rung_in(rung.code).hours == rung.hours


@pytest.mark.parametrize("code", ["", "7", "d", "-7d", "7m", "7d ", "99999d", "+-1d", "7d@2026", "٧d"])
def test_another_text_stands_for_none(code):
    assert rung_in(code) is None
    assert rung_names([code], None) == {}


@given(rungs, instants)
def test_days_keep_the_hour_of_the_wall_and_hours_pass(rung, anchor):
    at = rung.at(anchor)
    if rung.unit == "h":
        assert at - anchor == timedelta(hours=rung.amount)
    else:
        asked = wall(anchor) + timedelta(days=rung.amount)
        # An hour that this day does not have is told an hour later, and no other is.
        assert wall(at) - asked in (timedelta(0), timedelta(hours=1))
        assert wall(at) == asked or wall(asked.replace(tzinfo=PARIS).astimezone(UTC)) != asked


@given(rungs, instants)
def test_an_instant_is_the_same_in_whatever_zone_the_date_is_given(rung, anchor):
    assert rung.at(anchor) == rung.at(anchor.astimezone(PARIS))
    assert stamp(anchor) == stamp(anchor.astimezone(PARIS))


@given(instants, st.lists(rungs, min_size=2, max_size=6, unique_by=lambda rung: (rung.unit, rung.hours)))
def test_rungs_of_a_unit_keep_their_order(anchor, found):
    for unit in "dh":
        ordered = sorted((r for r in found if r.unit == unit), key=lambda r: r.amount)
        assert [r.at(anchor) for r in ordered] == sorted(r.at(anchor) for r in ordered)


# On 25 October 2026 the hour from 2 to 3 comes twice; on 28 March 2027 it does not come.
AUTUMN = [
    (paris(2026, 10, 25, 2, 30), Rung(-7), paris(2026, 10, 18, 2, 30)),
    (paris(2026, 10, 25, 2, 30, fold=1), Rung(-7), paris(2026, 10, 18, 2, 30)),
    (paris(2026, 10, 25, 2, 30), Rung(-3, "h"), paris(2026, 10, 24, 23, 30)),
    (paris(2026, 10, 25, 2, 30, fold=1), Rung(-3, "h"), paris(2026, 10, 25, 0, 30)),
    (paris(2026, 10, 25, 2, 30, fold=1), Rung(-24, "h"), paris(2026, 10, 24, 3, 30)),
    (paris(2026, 10, 25, 2, 30), Rung(0), paris(2026, 10, 25, 2, 30)),
    (paris(2026, 10, 25, 2, 30, fold=1), Rung(0), paris(2026, 10, 25, 2, 30, fold=1)),
    (paris(2026, 10, 26), Rung(-1), paris(2026, 10, 25)),
    (paris(2026, 10, 26), Rung(-24, "h"), paris(2026, 10, 25, 1)),
    (paris(2026, 10, 27, 2, 30), Rung(-2), paris(2026, 10, 25, 2, 30)),
]
SPRING = [
    (paris(2027, 3, 29), Rung(-1), paris(2027, 3, 28)),
    (paris(2027, 3, 29), Rung(-24, "h"), paris(2027, 3, 27, 23)),
    (paris(2027, 3, 30, 2, 30), Rung(-2), paris(2027, 3, 28, 3, 30)),
    (paris(2027, 3, 27, 2, 30), Rung(1), paris(2027, 3, 28, 3, 30)),
]


@pytest.mark.parametrize(("anchor", "rung", "at"), AUTUMN + SPRING)
def test_around_the_changes_of_the_clock(anchor, rung, at):
    assert rung.at(anchor) == at.astimezone(UTC)


def test_the_two_hours_of_the_autumn_night_are_two_dates():
    first, second = paris(2026, 10, 25, 2, 30), paris(2026, 10, 25, 2, 30, fold=1)
    assert stamp(first) != stamp(second)
    assert Rung(-3, "h").at(second) - Rung(-3, "h").at(first) == timedelta(hours=1)


def test_the_journal_tells_a_rung_in_words():
    with translation.override("en"):
        told = rung_names(["7d", "+1d", "3h", "0d"], None)
    assert told == {
        "7d": "7 days before",
        "+1d": "1 day after",
        "3h": "3 hours before",
        "0d": "that day",
    }
