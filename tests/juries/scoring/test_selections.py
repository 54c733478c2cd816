"""What an envelope gives to a selection: figures anyone can do again by hand, and no tie settled."""

from decimal import Decimal

import pytest

from juries.scoring.selections import Placed, as_announced, by_score, first, in_equal_shares

RANKED = [Placed("a", 1, 16.0), Placed("b", 2, 14.0), Placed("c", 2, 14.0), Placed("d", 4, 10.0)]
AMOUNTS = [Decimal(5000), Decimal(2000), Decimal(1500)]


def keys(selected):
    return "".join(one.key for one in selected)


@pytest.mark.parametrize(("count", "expected"), [(0, ""), (1, "a"), (2, "abc"), (3, "abc"), (4, "abcd"), (9, "abcd")])
def test_the_first_ones_take_those_tied_with_the_last(count, expected):
    assert keys(first(RANKED, count)) == expected


def test_amounts_announced_follow_the_order_and_equals_share_their_places():
    assert as_announced(RANKED, AMOUNTS) == {"a": 5000, "b": 1750, "c": 1750, "d": 0}
    assert as_announced([RANKED[1], RANKED[3]], AMOUNTS) == {"b": 5000, "d": 2000}
    assert as_announced(RANKED[:1], []) == {"a": 0}
    three = [Placed(key, 1) for key in "abc"]
    assert set(as_announced(three, [Decimal(100)]).values()) == {Decimal("33.33")}


def test_shares_are_whole_euros_and_never_more_than_the_envelope():
    assert in_equal_shares(RANKED[:3], Decimal(8500)) == dict.fromkeys("abc", Decimal(2833))
    assert by_score(RANKED, Decimal(5400)) == {"a": 1600, "b": 1400, "c": 1400, "d": 1000}
    for envelope in (Decimal(0), Decimal("0.99"), Decimal(10007)):
        for give in (in_equal_shares, by_score):
            given = sum(give(RANKED, envelope).values())
            assert given <= envelope < given + len(RANKED)


def test_without_any_score_shares_are_equal():
    unscored = [Placed("a", 1), Placed("b", 2, 0.0)]
    assert by_score(unscored, Decimal(10)) == {"a": 5, "b": 5}
