"""The lines of each file, read at one instant."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from calls.models import Prize
from calls.phases import phase_at
from calls.queries import announced, finished, origins, told
from juries.models import Award, Mention, Panel, Proposal
from pillars.models import Reading
from projects.models import Project
from projects.queries import public_projects

from .columns import PROJECTS

CHUNK = 500
# Stands for a slug in an address; no slug is as long.
SLUG = "s" * 60
NAMES = [column.name for column in PROJECTS]


def page_of(name: str) -> Callable[[str], str]:
    """Gives the French page of a thing by its slug; the address is reversed once for a whole file."""
    with translation.override(settings.LANGUAGE_CODE):
        pattern = settings.SITE_URL + reverse(name, kwargs={"slug": SLUG})
    return lambda slug: pattern.replace(SLUG, slug)


def instant(moment: datetime | None) -> str:
    """An instant as ISO 8601 writes it, in Paris; empty for none."""
    return moment.astimezone(clock.PARIS).isoformat(timespec="seconds") if moment else ""


def _showcase() -> QuerySet[Project]:
    return public_projects().order_by("opened_at", "pk")


def _project(project: Project, page: Callable[[str], str]) -> list[Any]:
    structure, award = project.structure, project.award
    return [
        project.slug,
        project.name,
        project.one_line,
        project.state,
        project.pillar.slug,
        structure.name if structure else "",
        str(structure.country) if structure else "",
        project.place,
        project.latitude,
        project.longitude,
        instant(project.opened_at),
        award.call.slug if award else "",
        page(project.slug),
    ]


def projects(moment: datetime) -> Iterator[list[Any]]:
    """The showcase. It reads the portal's clock, as the showcase does."""
    page = page_of("projects:detail")
    for project in _showcase().iterator(CHUNK):
        yield _project(project, page)


def project_features(moment: datetime) -> Iterator[str]:
    """The showcase as GeoJSON (RFC 7946); a project without a place on the map has no geometry."""
    yield '{"type":"FeatureCollection","features":['
    for rank, row in enumerate(projects(moment)):
        facts = dict(zip(NAMES, row, strict=True))
        latitude, longitude = facts.pop("latitude"), facts.pop("longitude")
        placed = latitude is not None and longitude is not None
        geometry = {"type": "Point", "coordinates": [float(longitude), float(latitude)]} if placed else None
        feature = {"type": "Feature", "id": facts["projet"], "geometry": geometry, "properties": facts}
        yield ("," if rank else "") + json.dumps(feature, ensure_ascii=False)
    yield "]}\n"


def calls(moment: datetime) -> Iterator[list[Any]]:
    """Every call made public; its applications, finalists, laureates and mentions are counted once its results are."""
    done = finished(moment)
    counted = [_applications(moment), _kept(moment), _laureates(moment), _mentions(moment)]
    known = set(done.values_list("pk", flat=True))
    page = page_of("calls:detail")
    for call in announced(moment).order_by("opens_at", "pk").prefetch_related("pillars").iterator(CHUNK):
        is_done = call.pk in known
        yield [
            call.slug,
            call.title_fr,
            phase_at(call, moment).value,
            instant(call.announced_at),
            instant(call.opens_exactly),
            instant(call.closes_at),
            instant(call.results_at) if is_done else "",
            "|".join(pillar.slug for pillar in call.pillars.all()),
            *([counts.get(call.slug, 0) for counts in counted] if is_done else [""] * len(counted)),
            page(call.slug),
            call.opens_month,
        ]


def _applications(moment: datetime) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in origins(finished(moment)):
        counts[one.call] = counts.get(one.call, 0) + one.count
    return counts


def _kept(moment: datetime) -> dict[str, int]:
    kept = Proposal.objects.filter(
        panel__stage=Panel.Stage.READING, panel__publish_at__lte=moment, verdict=Proposal.Verdict.KEEP
    )
    return dict(kept.order_by().values_list("panel__call__slug").annotate(n=Count("submission", distinct=True)))


def _laureates(moment: datetime) -> dict[str, int]:
    awards = Award.objects.filter(publish_at__lte=moment, prize__kind=Prize.Kind.JURY).order_by()
    return dict(awards.values_list("call__slug").annotate(n=Count("submission", distinct=True)))


def _mentions(moment: datetime) -> dict[str, int]:
    given = Mention.objects.filter(publish_at__lte=moment).order_by()
    return dict(given.values_list("call__slug").annotate(n=Count("pk")))


def submissions(moment: datetime) -> Iterator[list[Any]]:
    """How many applied to each published call, by country and pillar, in counts that point at nobody."""
    for one in told(origins(finished(moment))):
        yield [one.call, one.country, one.pillar, one.count]


def readings(moment: datetime) -> Iterator[list[Any]]:
    """Every reading of the pillars' indicators up to the day of the aware instant `moment`."""
    today = moment.astimezone(clock.PARIS).date()
    found: Iterable[Any] = (
        Reading.objects.filter(day__lte=today)
        .order_by("indicator__pillar__order", "indicator", "day")
        .values_list(
            "indicator__pillar__slug",
            "indicator__name_fr",
            "indicator__unit_fr",
            "indicator__rising_is_better",
            "day",
            "value",
            "source",
        )
        .iterator(CHUNK)
    )
    for pillar, name, unit, rising, day, value, source in found:
        yield [pillar, name, unit, "oui" if rising else "non", day.isoformat(), value, source]
