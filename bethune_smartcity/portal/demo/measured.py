"""Visions, objectives, indicators and their readings, and what the projects of 2017 are to change of them."""

from datetime import timedelta

from bethune_smartcity.core import clock
from pillars.models import Indicator, Pillar
from pillars.operations import add_indicator, add_objective, describe_pillar, keep_reading
from projects.models import Project
from projects.operations.targets import add_target

from .cast import Cast
from .measured_texts import AIMS, TARGETS, Aim, Measure, Texts
from .rendered import SOURCE, give

LANGUAGES = ("fr", "en", "de", "nl")
WRITTEN_AT = clock.paris(2017, 6, 1, 9)


def describe(cast: Cast) -> None:
    """Write what each pillar aims at and measures, each reading on the day after its own."""
    for pillar in Pillar.objects.all():
        with clock.at(WRITTEN_AT):
            _aim(pillar, AIMS[pillar.slug], cast)
        for measure in AIMS[pillar.slug].measures:
            _measure(pillar, measure, cast)


def set_targets(cast: Cast) -> None:
    """Say what each project of 2017 is to change, where that is not said yet."""
    waiting = Project.objects.filter(slug__in=TARGETS, targets__isnull=True)
    for project in waiting:
        name, baseline, goal = TARGETS[project.slug]
        indicator = Indicator.objects.filter(name_fr=name).first()
        if indicator is not None:
            with clock.at(clock.paris(2017, 11, 20, 9)):
                add_target(project, indicator, baseline, goal, by=cast.agent)


def _told(name: str, texts: Texts) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in zip(LANGUAGES, texts, strict=True)}


def _aim(pillar: Pillar, aim: Aim, cast: Cast) -> None:
    describe_pillar(pillar, by=cast.agent, **_told("vision", aim.vision))
    for order, texts in enumerate(aim.objectives, start=1):
        add_objective(pillar, order, by=cast.agent, **_told("text", texts))


def _measure(pillar: Pillar, measure: Measure, cast: Cast) -> None:
    with clock.at(WRITTEN_AT):
        texts = _told("name", measure.name) | _told("unit", measure.unit) | _told("unit_one", measure.one)
        indicator = add_indicator(pillar, measure.rising, by=cast.agent, **texts)
    for day, value in measure.readings:
        with clock.at(max(clock.start_of(day) + timedelta(days=1, hours=9), WRITTEN_AT)):
            reading = keep_reading(indicator, day, value, SOURCE[0], by=cast.agent)
            give(reading, "source", SOURCE, permission="pillars.manage_pillars", cast=cast)
