"""The map of the projects: a plan drawn on the server from their coordinates, without tiles and without script.

Places are to scale; the water, the boulevards and the railway are a sketch, and landmarks tell where one is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

from django.conf import settings

from projects.models import Project

# Half the side of the square drawn, in kilometres: the smallest that holds every project is taken.
SCALES = (1.2, 2.0, 3.0, 5.0, 8.0, 12.0)
DEGREE = 111.195
# A mark stands above its place, and has a name: none is at the very edge.
MARGIN = 1.35
# How near two marks may stand, in per cent of the side, and the ways one steps aside.
NEAR = 7.0
ASIDE = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
LABELLED = 8
EDGE = 6


@dataclass(frozen=True)
class Mark:
    """A project on the plan, in per cent of its side: where it is, and where its mark stands when that is taken."""

    project: Any
    x: float
    y: float
    true_x: float
    true_y: float

    @property
    def is_aside(self) -> bool:
        return (self.x, self.y) != (self.true_x, self.true_y)

    @property
    def is_right(self) -> bool:
        """Its name is written to its left, so that it stays within the plan."""
        return self.x > 62


@dataclass(frozen=True)
class Landmark:
    name: Any
    x: float
    y: float

    @property
    def is_north(self) -> bool:
        """Its name is written above it, so that it stays off that of the centre."""
        return self.y < 50


@dataclass(frozen=True)
class Trait:
    """A line of the town, or its outline, as SVG has points; its name where it has one that falls on the plan."""

    kind: str
    points: str
    name: Landmark | None


@dataclass(frozen=True)
class Ground:
    """What lies under the projects, `half` a side from the centre in kilometres: it depends on that alone."""

    half: float

    @property
    def landmarks(self) -> list[Landmark]:
        found = [(name, *at(from_centre(*where), self.half)) for name, where in settings.MAP_LANDMARKS]
        return [Landmark(name, x, y) for name, x, y in found if 2 <= x <= 98 and 2 <= y <= 98]

    @property
    def town(self) -> list[Trait]:
        return [_trait(self.half, *trait) for trait in settings.MAP_DRAWING]

    @property
    def rings(self) -> list[tuple[float, float]]:
        """(radius in per cent of the side, distance in kilometres)."""
        step = self.half / 2
        return [(50 * step * n / self.half, step * n) for n in (1, 2)]

    @property
    def bar(self) -> tuple[float, float]:
        """The length of the scale's bar in per cent of the side, and what it stands for in kilometres."""
        step = self.half / 2
        return 50 * step / self.half / 2, step / 2

    @property
    def bar_end(self) -> float:
        """Where the bar of the scale ends."""
        return round(3 + self.bar[0], 2)

    @property
    def bar_metres(self) -> int:
        return round(1000 * self.bar[1])


@dataclass(frozen=True)
class Plan:
    """What the plan shows, on its ground; `left_out` projects stand too far away."""

    marks: list[Mark]
    ground: Ground
    left_out: int

    @property
    def words(self) -> str:
        """What it is the plan of."""
        return str(settings.DRAWN.map_words)

    @property
    def names(self) -> bool:
        """Whether there is room for the names of the projects."""
        return len(self.marks) <= LABELLED


def from_centre(latitude: Any, longitude: Any) -> tuple[float, float]:
    """How far east and north of the city's centre a place is, in kilometres."""
    north, east = settings.MAP_CENTRE
    return (float(longitude) - east) * DEGREE * cos(radians(north)), (float(latitude) - north) * DEGREE


def plan_of(projects: Iterable[Project]) -> Plan | None:
    """The plan of those of `projects` that stand somewhere; None when none does."""
    placed = [project for project in projects if project.latitude is not None and project.longitude is not None]
    offsets = {project.pk: from_centre(project.latitude, project.longitude) for project in placed}
    reach = {project.pk: max(map(abs, offsets[project.pk])) * MARGIN for project in placed}
    inside = [project for project in placed if reach[project.pk] <= SCALES[-1]]
    if not inside:
        return None
    furthest = max(reach[project.pk] for project in inside)
    half = next(scale for scale in SCALES if scale >= furthest)
    marks = _apart([(project, *at(offsets[project.pk], half)) for project in inside])
    return Plan(marks, Ground(half), left_out=len(placed) - len(inside))


def at(offset: tuple[float, float], half: float) -> tuple[float, float]:
    """A place in per cent of the side, from the top left."""
    east, north = offset
    return round(50 + 50 * east / half, 2), round(50 - 50 * north / half, 2)


def _trait(half: float, kind: str, name: str, named_at: Any, points: Iterable[Any]) -> Trait:
    places = [at(from_centre(*point), half) for point in points]
    x, y = at(from_centre(*named_at), half) if named_at else (0.0, 0.0)
    shown = name and 8 <= x <= 92 and 4 <= y <= 96
    return Trait(kind, " ".join(f"{x},{y}" for x, y in places), Landmark(name, x, y) if shown else None)


def _apart(places: list[tuple[Any, float, float]]) -> list[Mark]:
    """One mark for each place; where marks would cover each other, the later ones step aside."""
    marks: list[Mark] = []
    for project, true_x, true_y in places:
        x, y = _free(true_x, true_y, marks)
        marks.append(Mark(project, x, y, true_x, true_y))
    return marks


def _free(x: float, y: float, marks: list[Mark]) -> tuple[float, float]:
    """The nearest place to (x, y) that no mark covers; the place itself when all around is taken."""
    around = (
        (round(x + east * ring * NEAR, 2), round(y + south * ring * NEAR, 2))
        for ring in range(1, 6)
        for east, south in ASIDE
    )
    within = (place for place in around if all(EDGE <= side <= 100 - EDGE for side in place))
    return next((place for place in ((x, y), *within) if _is_free(place, marks)), (x, y))


def _is_free(place: tuple[float, float], marks: list[Mark]) -> bool:
    return all(hypot(mark.x - place[0], mark.y - place[1]) >= NEAR - 0.1 for mark in marks)
