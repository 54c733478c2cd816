"""Grids of scores and reading problems, as Hypothesis draws them."""

from hypothesis import strategies as st

HALVES = st.integers(0, 40).map(lambda halves: halves / 2)


@st.composite
def grids(draw, *, complete=False, submissions=(1, 8), jurors=(1, 6)):
    """A grid of totals on 20, submissions × jurors, with or without holes."""
    n, m = draw(st.integers(*submissions)), draw(st.integers(*jurors))
    cell = HALVES if complete else st.one_of(st.none(), HALVES, HALVES)
    return draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))


@st.composite
def linked_grids(draw):
    """A grid with holes whose jurors and submissions hang together: the first juror reads everything."""
    grid = draw(grids(jurors=(2, 6)))
    return [[draw(HALVES), *row[1:]] for row in grid]


@st.composite
def problems(draw, *, submissions=5, jurors=5):
    """Keyword arguments of `plan`, small enough to try every answer."""
    n, m = draw(st.integers(1, submissions)), draw(st.integers(1, jurors))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))

    def table(cell):
        return st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n)

    low = draw(st.integers(0, 2))
    outsiders = draw(st.one_of(st.none(), table(st.booleans())))
    forbidden = draw(st.sets(pairs, max_size=n * m // 3))
    return {
        "costs": draw(table(st.integers(0, 7))),
        "readings": draw(st.integers(1, min(3, m))),
        "min_load": low,
        "max_load": low + draw(st.integers(0, 3)),
        "forbidden": forbidden,
        "outsiders": outsiders,
        "require_outsider": outsiders is not None and draw(st.booleans()),
        "fixed": draw(st.sets(pairs, max_size=2)) - forbidden,
        "seed": draw(st.integers(0, 5)),
    }
