"""Wishes in the plan: weighed with knowledge, tried against every answer, never above a rule."""

from hypothesis import given, settings
from hypothesis import strategies as st

from juries.scoring.assignment import plan
from juries.scoring.costs import AVOIDS, PRIMARY, SECONDARY, WANTS, reading_cost

from .strategies import problems
from .test_assignment import cheapest

LEVELS = (PRIMARY, SECONDARY, None)
WISHES = (WANTS, None, AVOIDS)
FEW = settings(max_examples=80)


@st.composite
def wished_problems(draw):
    """A problem of at most six submissions whose costs come from what jurors know and wish of three pillars."""
    problem = draw(problems(submissions=6))
    pillars = st.lists(st.integers(0, 2), min_size=len(problem["costs"]), max_size=len(problem["costs"]))
    jurors = len(problem["costs"][0])
    leaning = st.tuples(st.sampled_from(LEVELS), st.sampled_from(WISHES))
    views = draw(st.lists(st.lists(leaning, min_size=3, max_size=3), min_size=jurors, max_size=jurors))
    of = draw(pillars)
    costs = [[reading_cost(*view[pillar]) for view in views] for pillar in of]
    return problem | {"costs": costs}, views, of


@FEW
@given(wished_problems())
def test_no_plan_is_cheaper_with_wishes(drawn):
    problem, _views, _of = drawn
    found, best = plan(**problem), cheapest(problem)
    if best is None:
        assert found.shortfall or found.review.underloaded
    else:
        assert (found.shortfall, found.cost) == (0, best)


@FEW
@given(wished_problems())
def test_no_wish_outweighs_a_recusal_nor_costs_a_reading_its_juror(drawn):
    problem, views, of = drawn
    found = plan(**problem)
    assert not set(found.pairs) & problem["forbidden"]
    silent = [[reading_cost(view[pillar][0], None) for view in views] for pillar in of]
    assert found.shortfall == plan(**problem | {"costs": silent}).shortfall


@FEW
@given(wished_problems(), st.data())
def test_saying_a_wish_never_makes_it_less_fulfilled(drawn, data):
    """Wanting a pillar never gives a juror less of it in the best plan than wanting nothing, whatever the rest."""
    problem, views, of = drawn
    juror, pillar = data.draw(st.integers(0, len(views) - 1)), data.draw(st.integers(0, 2))

    def readings(wish):
        changed = [list(view) for view in views]
        changed[juror][pillar] = (changed[juror][pillar][0], wish)
        found = plan(**problem | {"costs": [[reading_cost(*view[one]) for view in changed] for one in of]})
        complete.append(not found.shortfall and not found.review.underloaded)
        return sum(j == juror and of[i] == pillar for i, j in found.pairs)

    complete: list[bool] = []
    fulfilled = [readings(wish) for wish in (AVOIDS, None, WANTS)]
    assert fulfilled == sorted(fulfilled) or not all(complete)


def test_the_order_of_leanings_is_that_of_the_method():
    assert [reading_cost(level, None) - 1 for level in LEVELS] == [0, 2, 6]
    assert [reading_cost(PRIMARY, wish) for wish in WISHES] == [0, 1, 2]
    assert reading_cost(PRIMARY, AVOIDS) == reading_cost(SECONDARY, WANTS) < reading_cost(None, WANTS)
