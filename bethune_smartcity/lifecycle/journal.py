"""The journal as the back office reads it: each sees the lines about what they may see."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Replace
from django.http import HttpRequest
from django.urls import reverse

from bethune_smartcity.core.statements import Compiled

from .models import JournalEntry
from .wording import Complements, act_label, act_told, state_label

LAST = Compiled(lambda: JournalEntry.objects.order_by("-pk").values_list("pk", flat=True)[:1])


def last_line() -> int | None:
    """The key of the latest line: another one as soon as anything was done. One statement."""
    found: int | None = LAST.first()
    return found


def screens_in_journal(site: Any, request: HttpRequest) -> Iterator[tuple[Any, Any]]:
    """The models whose rows the journal tells the visitor about, each with its screen."""
    for model, screen in site._registry.items():
        if screen.in_journal and screen.has_view_permission(request):
            yield model, screen


def without_hyphens(column: str) -> Any:
    """A key as text: databases write the same UUID with hyphens or without."""
    return Replace(Cast(column, CharField()), Value("-"), Value(""))


def about_visible(
    rows: QuerySet[Any], screens: Iterable[tuple[Any, Any]], request: HttpRequest, *, kind: str, key: str
) -> QuerySet[Any]:
    """Those of `rows` whose subject, named by their columns `kind` and `key`, is listed to the visitor by one of
    `screens` (pairs of model and screen).
    """
    found = dict(screens)
    kinds = ContentType.objects.get_for_models(*found)
    seen = Q(pk__in=[])
    for model, screen in found.items():
        listed = _listed(model, screen, request)
        if listed is not None:
            seen |= Q(**{kind: kinds[model]}, flat__in=listed)
    return rows.alias(flat=without_hyphens(key)).filter(seen)


def _listed(model: Any, screen: Any, request: HttpRequest) -> RawSQL | None:
    """The keys of the rows that `screen` lists to the visitor, to compare with; None where it lists none whoever asks.

    Made once a request: what is built on it is copied by each filter that follows and compiled by each statement, which
    took longer than the database.
    """
    kept: dict[Any, RawSQL | None] = request.__dict__.setdefault("rows_listed", {})
    if model not in kept:
        rows = screen.get_queryset(request).order_by().annotate(flat=without_hyphens("pk")).values("flat")
        try:
            kept[model] = RawSQL(*rows.query.sql_with_params())  # noqa: S611 - written by the ORM, values apart
        except EmptyResultSet:
            kept[model] = None
    return kept[model]


def visible_lines(site: AdminSite, request: HttpRequest) -> QuerySet[JournalEntry]:
    """The lines about rows that the visitor finds in the screens of the back office. One statement."""
    screens = screens_in_journal(site, request)
    return about_visible(JournalEntry.objects.all(), screens, request, kind="subject_type", key="subject_id")


@dataclass(frozen=True)
class Told:
    """A line of the journal in words."""

    at: datetime
    by: str
    act: Any
    change: str
    reason: str


def lines_told(lines: list[JournalEntry], screen_of: Callable[[JournalEntry], Any], viewer: Any) -> list[Told]:
    """`lines` in words, each as the screen of its subject lets `viewer` read it."""
    complements = Complements(lines, viewer)
    return [_told(line, screen_of(line), complements) for line in lines]


def _told(line: JournalEntry, screen: Any, complements: Complements) -> Told:
    states = [state_label(screen.model, state) for state in (line.from_state, line.to_state)]
    quiet = line.verb in screen.quiet_verbs
    return Told(
        at=line.at,
        by=line.actor_label,
        act=act_told(act_label(screen.model, line.verb), "" if quiet else complements.of(line, screen.model)),
        change=" → ".join(str(state) for state in states if state),
        reason="" if quiet else line.reason,
    )


@dataclass(frozen=True)
class Line:
    """A line of the journal with where its subject is read."""

    subject: str
    url: str
    kind: str
    told: Told


def journal_lines(site: AdminSite, request: HttpRequest, limit: int) -> list[Line]:
    """The latest lines the visitor may read, and whom they are about."""
    lines = visible_lines(site, request).select_related("subject_type").order_by("-at", "-pk")[:limit]
    found = list(lines)
    told = lines_told(found, partial(screen_of, site), request.user)
    return [_line(line, words) for line, words in zip(found, told, strict=True)]


def _line(line: JournalEntry, told: Told) -> Line:
    model: Any = line.subject_type.model_class()
    return Line(line.subject_label, page_of(line), str(model._meta.verbose_name), told)


def screen_of(site: Any, line: JournalEntry) -> Any:
    """The screen of what a line is about."""
    model: Any = line.subject_type.model_class()
    return site.get_model_admin(model)


def page_of(line: JournalEntry) -> str:
    """The page of what a line is about."""
    kind = line.subject_type
    return reverse(f"admin:{kind.app_label}_{kind.model}_change", args=(line.subject_id,))
