"""The datasets: what each holds, how often it changes, its columns, and the files it comes in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.exports import data_lines

from . import rows, subsidies
from .columns import CALLS, PROJECTS, READINGS, SUBMISSIONS, SUBSIDIES, Column
from .latest import call_changed, project_changed, reading_changed, result_changed, subsidy_changed

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
CSV, GEOJSON = "text/csv", "application/geo+json"


@dataclass(frozen=True)
class DataFile:
    """A file of a dataset: its name in the address, its type, and its lines at an aware instant."""

    name: str
    content_type: str
    lines: Callable[[datetime], Iterator[str]]

    @property
    def route(self) -> str:
        """The name of its address."""
        return f"data-{self.name}"

    @property
    def format(self) -> str:
        return self.name.rpartition(".")[2].upper().replace("GEOJSON", "GeoJSON")


@dataclass(frozen=True)
class Dataset:
    """What a reader of open data asks of a dataset. `latest(moment)` is when what it tells last changed."""

    key: str
    title: Any
    description: Any
    frequency: Any
    columns: tuple[Column, ...]
    files: tuple[DataFile, ...]
    latest: Callable[[datetime], datetime | None]


def _table(name: str, columns: tuple[Column, ...], read: Callable[[datetime], Iterator[list[Any]]]) -> DataFile:
    header = [column.name for column in columns]
    return DataFile(name, CSV, lambda moment: data_lines(header, read(moment)))


DATASETS = (
    Dataset(
        "subventions",
        _("Subsidies awarded"),
        _(
            "One line for each beneficiary of a signed agreement of a published call, after the national schema "
            "SCDL “subventions” 2.1.1."
        ),
        _("As soon as an agreement is signed"),
        SUBSIDIES,
        (_table("subventions.csv", SUBSIDIES, subsidies.rows),),
        subsidy_changed,
    ),
    Dataset(
        "projets",
        _("Projects of the showcase"),
        _("The projects one may read about: who carries each, its stage, its pillar and its place on the map."),
        _("Continuously"),
        PROJECTS,
        (
            _table("projets.csv", PROJECTS, rows.projects),
            DataFile("projets.geojson", GEOJSON, rows.project_features),
        ),
        project_changed,
    ),
    Dataset(
        "appels",
        _("Calls for projects"),
        _("Every call made public, with its dates; once its results are public, how many applied, pitched and won."),
        _("Continuously"),
        CALLS,
        (_table("appels.csv", CALLS, rows.calls),),
        call_changed,
    ),
    Dataset(
        "candidatures",
        _("Applications, in numbers"),
        _(
            "How many applications each published call received, by country and main pillar. Nobody is named: small "
            "numbers are merged."
        ),
        _("When results are published"),
        SUBMISSIONS,
        (_table("candidatures.csv", SUBMISSIONS, rows.submissions),),
        result_changed,
    ),
    Dataset(
        "indicateurs",
        _("Indicators of the pillars"),
        _("Every reading of what the city measures under its seven pillars, with its unit and source."),
        _("With each reading"),
        READINGS,
        (_table("indicateurs.csv", READINGS, rows.readings),),
        reading_changed,
    ),
)
FILES = {file.name: file for dataset in DATASETS for file in dataset.files}
