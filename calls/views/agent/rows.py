"""Lines of the list of applications, on the page and in the export: words are looked up once, not once a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bethune_smartcity.accounts.models import name_of_country
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.components.marks import chip
from calls.workflow import SubmissionState
from pillars.models import Pillar

CHUNK = 500
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Row:
    """A line of the page."""

    number: str
    url: str
    title: str
    structure: str
    country: str
    pillar: str
    state: str
    at: str
    at_words: str


class Words:
    """The names behind the keys of the lines, in the language in force."""

    def __init__(self) -> None:
        self.states = {state.value: str(state.label) for state in SubmissionState}
        self.reserve = _("on the reserve list")
        self.language = get_language()

    @cached_property
    def chips(self) -> dict[int | None, str]:
        return {pk: chip(pillar) for pk, pillar in self.pillars.items()}

    @cached_property
    def pillars(self) -> dict[int | None, Pillar]:
        return {pillar.pk: pillar for pillar in Pillar.objects.all()}

    def state(self, row: dict[str, Any]) -> str:
        """Where it stands as agents read it: the reserve list among what is admissible."""
        name = self.states[row["state"]]
        is_reserve = row["state"] == SubmissionState.ADMISSIBLE and row["reserve_public_at"] is not None
        return f"{name}, {self.reserve}" if is_reserve else name

    def country(self, code: str) -> str:
        return name_of_country(code, self.language)


@lru_cache(maxsize=4096)
def drawn(row: Row, _language: str | None) -> SafeString:
    """A line of the page from its texts, on which alone it depends: kept once drawn."""
    return render_to_string("calls/agent/_row.html", {"row": row})


def list_rows(found: Iterable[dict[str, Any]]) -> list[SafeString]:
    """The lines of a page, from the columns of the applications."""
    words, pattern = Words(), reverse("calls:screen", kwargs={"pk": NOBODY})
    rows = (
        Row(
            number=row["number"],
            url=pattern.replace(str(NOBODY), str(row["pk"])),
            title=row["title"],
            structure=row["structure__name"],
            country=words.country(row["structure__country"]),
            pillar=words.chips.get(row["pillar_id"], ""),
            state=words.state(row),
            at=row["submitted_at"].astimezone(clock.PARIS).isoformat(timespec="seconds"),
            at_words=f"{wording.day(row['submitted_at'])}, {wording.hour(row['submitted_at'])}",
        )
        for row in found
    )
    return [drawn(row, words.language) for row in rows]


def header() -> list[str]:
    """The heads of the export's columns."""
    return [
        _("No."),
        _("State"),
        _("Project"),
        _("In one line"),
        _("Pillar"),
        _("Structure"),
        _("Country"),
        _("Town"),
        _("Submitted"),
    ]


def export_rows(found: Any) -> Iterator[list[Any]]:
    """The cells of each application, read in chunks."""
    words = Words()
    names = {pk: pillar.name for pk, pillar in words.pillars.items()}
    for row in found.iterator(chunk_size=CHUNK):
        yield [
            row["number"],
            words.state(row),
            row["title"],
            row["one_line"],
            names.get(row["pillar_id"], ""),
            row["structure__name"],
            words.country(row["structure__country"]),
            row["structure__city"],
            row["submitted_at"].astimezone(clock.PARIS).isoformat(timespec="seconds"),
        ]
