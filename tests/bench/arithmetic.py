"""What the jury's arithmetic takes by itself: plans of who reads what, chances, standings. No database is asked."""

import random
from collections.abc import Callable
from time import perf_counter

from juries.scoring.assignment import balanced_loads, plan
from juries.scoring.ranking import top_probabilities
from juries.scoring.standing import compute

TIMES = 5


def planned(applications: int, jurors: int, readings: int = 3) -> Callable[[], object]:
    costs = [[(0, 6, 2, 6)[(i + j + i * j) % 4] + (i * j) % 2 for j in range(jurors)] for i in range(applications)]
    outsiders = [[cost > 5 for cost in row] for row in costs]
    low, high = balanced_loads(applications * readings, [1] * jurors)
    limits = {"readings": readings, "min_load": low, "max_load": high}
    return lambda: plan(costs, outsiders=outsiders, require_outsider=True, **limits)


def chances(applications: int, places: int) -> Callable[[], object]:
    values = [6 + (i * 37 % applications) / 6 for i in range(applications)]
    margins = [1.3 if i % 3 else 1.05 for i in range(applications)]
    return lambda: top_probabilities(values, margins, places)


def standing(applications: int, jurors: int, readings: int) -> Callable[[], object]:
    """The standing of that many applications with four criteria; above a thousand it has no bands."""
    draw = random.Random(1)
    marks = {"weight": "2", "minimum": "0", "maximum": "5", "counted": True}
    sheets = [
        {"submission": i, "juror": j, "marks": [f"{draw.randint(0, 10) / 2:.1f}" for _ in range(4)]}
        for i in range(applications)
        for j in draw.sample(range(jurors), readings)
    ]
    inputs = {
        "stage": "reading",
        "basis": "adjusted",
        "ridge": 3.0,
        "places": 6,
        "criteria": [{"id": n, "label": f"C{n}", **marks} for n in range(4)],
        "submissions": [{"id": str(i), "label": f"{i:05d}"} for i in range(applications)],
        "jurors": list(range(jurors)),
        "sheets": sheets,
    }
    return lambda: compute(inputs)


# What is computed, and the milliseconds it may take.
JOBS = (
    ("plan of 67 × 10 × 3", planned(67, 10), 200),
    ("plan of 500 × 30 × 3", planned(500, 30), 1000),
    ("chances of 67", chances(67, 6), 1000),
    ("standing of 67 × 3 with bands", standing(67, 10, 3), 1500),
    ("standing of 6,700 × 5", standing(6700, 30, 5), 1000),
)


def took(job: Callable[[], object]) -> float:
    """Milliseconds, the best of TIMES."""
    spent = []
    for _again in range(TIMES):
        start = perf_counter()
        job()
        spent.append(perf_counter() - start)
    return 1000 * min(spent)


def lines() -> list[tuple[str, float, int]]:
    """Each job with the milliseconds it took and those it may take."""
    return [(name, took(job), most) for name, job, most in JOBS]
