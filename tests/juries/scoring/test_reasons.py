"""Each line that stands above the next says by what, whatever was marked."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from juries.scoring.standing import Line, compute, differences

MARK = st.sampled_from(["2", "2.5", "3"])
NEW = ("among", "for", "against", "next_for", "next_against")


def inputs_of(rows, *, scales=(("0", "5"),), basis="mean"):
    """Inputs of a standing: for each submission, a juror's marks or None."""
    criteria = [
        {"id": n, "label": f"C{n}", "weight": "1", "minimum": low, "maximum": high, "counted": True}
        for n, (low, high) in enumerate(scales)
    ]
    sheets = [
        {"submission": i, "juror": j, "marks": marks}
        for i, row in enumerate(rows)
        for j, marks in enumerate(row)
        if marks is not None
    ]
    submissions = [{"id": name, "label": name} for name in "ABCDEF"[: len(rows)]]
    base = {"format": 1, "stage": "reading", "basis": basis, "ridge": 3, "places": 1}
    return base | {
        "criteria": criteria,
        "submissions": submissions,
        "jurors": list(range(len(rows[0]))),
        "sheets": sheets,
    }


def rows(*texts):
    return [[None if mark == "." else [mark] for mark in text.split()] for text in texts]


THREE = inputs_of(rows(". 2 . 3 . .", ". . . 3 . 2", "2 3 . . . ."))


def test_three_tied_that_jurors_part_are_told_their_balances():
    first, second, third = compute(THREE).lines
    assert [line.submission for line in (first, second, third)] == ["C", "B", "A"]
    assert [line.rank for line in (first, second, third)] == [1, 2, 3]
    assert [line.why["decided_by"] for line in (first, second)] == ["jurors", "jurors"]
    assert [[line.why[name] for name in NEW] for line in (first, second)] == [[3, 1, 0, 0, 0], [3, 0, 0, 0, 1]]


def test_a_circle_of_three_is_parted_by_nobody():
    lines = compute(inputs_of(rows("3 2 2.5", "2 2.5 3", "2.5 3 2"))).lines
    assert [line.rank for line in lines] == [1, 1, 1]
    assert [line.why["decided_by"] for line in lines[:2]] == ["nothing", "nothing"]
    assert [line.why[name] for line in lines[:1] for name in NEW] == [3, 3, 3, 3, 3]


def test_two_tied_are_told_by_who_is_ahead_alone():
    line = compute(inputs_of(rows("3 3 2", "2.5 2.5 3"))).lines[0]
    assert (line.why["decided_by"], line.why["ahead"], line.why["behind"]) == ("jurors", 2, 1)
    assert not set(NEW) & set(line.why)


def shorn(line: Line) -> Line:
    """A line as it was frozen before the balances of the tied were told."""
    why = {name: told for name, told in line.why.items() if name not in NEW}
    if "among" in line.why:
        why["decided_by"] = "jurors" if why["ahead"] > why["behind"] else "nothing"
    return replace(line, why=why)


@st.composite
def standings(draw):
    jurors, submissions = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    scales = draw(st.sampled_from([(("0", "5"),), (("0", "5"), ("0", "5")), (("0", "5"), ("1", "4"))]))
    marks = st.one_of(st.none(), st.lists(MARK, min_size=len(scales), max_size=len(scales)))
    row = st.lists(marks, min_size=jurors, max_size=jurors)
    table = draw(st.lists(row, min_size=submissions, max_size=submissions))
    return inputs_of(table, scales=scales, basis=draw(st.sampled_from(["mean", "adjusted"])))


@st.composite
def ties(draw):
    """The same marks for everyone, from jurors of one's own: equal on every criterion."""
    cells = [["2"], ["3"], *[None] * draw(st.integers(1, 4))]
    return inputs_of(draw(st.lists(st.permutations(cells), min_size=3, max_size=6)))


@given(st.one_of(standings(), ties()))
def test_a_line_above_the_next_says_by_what(inputs):
    for line in compute(inputs).lines:
        if line.why:
            assert (line.why["decided_by"] == "nothing") == line.why["tied"], line


@given(st.one_of(standings(), ties()))
def test_standings_frozen_before_still_compare_as_identical(inputs):
    again = compute(inputs)
    assert list(differences(replace(again, lines=tuple(map(shorn, again.lines))), again)) == []


def test_a_reason_that_was_false_then_is_still_named():
    again = compute(THREE)
    first, *rest = map(shorn, again.lines)
    wrong = replace(first, why=first.why | {"decided_by": "nothing" if first.why["ahead"] else "jurors"})
    assert list(differences(replace(again, lines=(wrong, *rest)), again))
    told = replace(again.lines[0], why=again.lines[0].why | {"for": 9})
    assert list(differences(replace(again, lines=(told, *again.lines[1:])), again))
