"""The running server killed at any moment, its workers one by one and all at once: what it told people is true."""

import random

import pytest

from tests import lent
from tests.once import copy_portal, empty_portal

from .portal import Portal
from .siege import Siege, Told, against

pytestmark = pytest.mark.long
# Rounds of a siege, and at most: a slow machine tells people less in each.
ROUNDS, MOST_ROUNDS = 10, 40
MOST = 15


@pytest.fixture
def folder(shared, tmp_path):
    """The folder of an empty portal of its own."""
    copy_portal(empty_portal(shared), tmp_path)
    yield tmp_path
    lent.forget(tmp_path)


def told_enough(count):
    """Whether people were told of enough that a loss would have been seen, and left in doubt often enough."""
    return count.saved > 20 and count.sent > 5 and count.submitted > 3 and count.unsure > ROUNDS


def test_what_was_acknowledged_is_there_and_nothing_is_half_submitted(folder):
    chance = random.Random(2017)
    with Portal(folder, lent.REDIS_URL).conductor() as act:
        siege = Siege(folder, act, people=4, drafts=8, torn=False)
        with siege.begun():
            for done in range(1, MOST_ROUNDS + 1):
                assert siege.round(chance, 2.0) == []
                if done >= ROUNDS and told_enough(siege.count):
                    break
        assert siege.faults() == []
        assert act("faults") == []
    assert told_enough(siege.count), siege.count
    assert siege.count.refused == []


def test_without_the_transaction_a_kill_leaves_half_of_it(folder):
    """The control: the same siege of a server whose applications are written without a transaction."""
    chance = random.Random(2018)
    with Portal(folder, lent.REDIS_URL).conductor() as act:
        siege = Siege(folder, act, people=4, drafts=10, torn=True)
        with siege.begun():
            found = next(filter(None, (siege.round(chance, 2.0) for _ in range(MOST))), [])
    assert found


OUT, IN, HALF = [False] * 6, [True] * 6, [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("told", "parts", "count"),
    [
        (Told({"a"}, {""}), {"text": "a", "file": "", "in": OUT}, 0),
        (Told({"a", "b"}, {"", "p.pdf"}, None), {"text": "b", "file": "p.pdf", "in": IN}, 0),
        (Told({"a"}, {""}), {"text": "b", "file": "", "in": OUT}, 1),
        (Told({"a"}, {"p.pdf"}), {"text": "a", "file": "broken", "in": OUT}, 1),
        (Told({"a"}, {""}, None), {"text": "a", "file": "", "in": HALF}, 1),
        (Told({"a"}, {""}, True), {"text": "a", "file": "", "in": OUT}, 1),
        (Told({"a"}, {""}, False), {"text": "a", "file": "", "in": IN}, 1),
    ],
    ids=["as told", "one of two", "lost text", "broken document", "half", "lost submission", "never asked"],
)
def test_what_differs_from_what_was_told_is_found(told, parts, count):
    assert len(list(against(told, parts))) == count
