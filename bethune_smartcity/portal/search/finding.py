"""What a search finds, kind by kind: how many of each, and the few or the page of them that is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.utils.safestring import SafeString

from bethune_smartcity.core.search import excerpt, folded, holds, marked, ranked, words_of
from pillars.models import Pillar

from .kinds import KINDS, Few, Hit, Kind

# How many of each kind are shown when all kinds are, and how many a page holds when one is.
FEW, MANY = 4, 20
# The longest title shown: a question may be as long as a letter.
TITLE = 160


@dataclass(frozen=True)
class Shown:
    """A result as it is drawn: the words found are marked."""

    hit: Hit
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Group:
    """The results of one kind: how many there are, those shown, and the page they are on when the kind was chosen."""

    key: str
    label: Any
    count: int
    shown: list[Shown]
    page: Page | None = None

    @property
    def is_cut(self) -> bool:
        return self.page is None and self.count > len(self.shown)


@dataclass(frozen=True)
class Found:
    """All that was found; `groups` without the kinds that hold nothing, `shown` those of the kind chosen."""

    groups: list[Group]
    chosen: str = ""

    @property
    def total(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def shown(self) -> list[Group]:
        return [group for group in self.groups if self.chosen in ("", group.key)]


def find(
    asked: str, moment: datetime, *, kind: str = "", page: Any = 1, pillars: Sequence[Pillar] | None = None
) -> Found:
    """What is public at the aware instant `moment` and holds every word of `asked`.

    Titles that hold them all come first. `kind` narrows what is shown to one key of `KINDS`, and to its `page`. One
    statement reads and counts each kind; when one is chosen, one counts them all and one reads it. `pillars`: all of
    them, read if not given.
    """
    words = words_of(asked)
    if not words:
        return Found([], kind)
    pillars = list(Pillar.objects.all()) if pillars is None else pillars
    few = {one.key: _matching(one, words, pillars) for one in KINDS if isinstance(one, Few)}
    groups = _of_one_kind(words, moment, few, kind, page) if kind else _of_each_kind(words, moment, few)
    return Found([group for group in groups if group.count], kind)


def _of_each_kind(words: Sequence[str], moment: datetime, few: dict[str, list[Hit]]) -> Iterator[Group]:
    for one in KINDS:
        if isinstance(one, Few):
            found = few[one.key]
            yield Group(one.key, one.label, len(found), _shown(one, found[:FEW], words))
            continue
        in_all = Subquery(_counted(one, words, moment).values("n"))
        rows = list(_ranked(one, words, moment).annotate(in_all=in_all)[:FEW])
        yield Group(one.key, one.label, rows[0].in_all if rows else 0, _shown(one, rows, words))


def _of_one_kind(
    words: Sequence[str], moment: datetime, few: dict[str, list[Hit]], kind: str, page: Any
) -> Iterator[Group]:
    counts = _counts(words, moment)
    for one in KINDS:
        rows: Any = few[one.key] if isinstance(one, Few) else _ranked(one, words, moment)
        count = len(rows) if isinstance(one, Few) else counts.get(one.key, 0)
        if not count or one.key != kind:
            yield Group(one.key, one.label, count, [])
            continue
        paginator = Paginator(rows, MANY)
        paginator.count = count  # type: ignore[misc]  # counted already
        chosen = paginator.get_page(page)
        yield Group(one.key, one.label, count, _shown(one, chosen.object_list, words), chosen)


def _ranked(one: Kind, words: Sequence[str], moment: datetime) -> QuerySet[Any]:
    """The rows of a kind that hold the words, in their order, one for each thing they are about."""
    rows = ranked(one.rows(moment), one.column, words)
    order = rows.query.order_by
    if one.once_by:
        alike = one.rows(moment).filter(holds(one.column, words), **{one.once_by: OuterRef(one.once_by)})
        rows = rows.filter(pk=Subquery(alike.values("pk")[:1]))
    return rows.order_by("rank", *order)


def _counts(words: Sequence[str], moment: datetime) -> dict[str, int]:
    """How many rows of each kind hold the words: one statement."""
    counted = [_counted(one, words, moment) for one in KINDS if isinstance(one, Kind)]
    return dict(counted[0].union(*counted[1:], all=True))


def _counted(one: Kind, words: Sequence[str], moment: datetime) -> QuerySet[Any]:
    found = one.rows(moment).filter(holds(one.column, words)).order_by().select_related(None)
    # Django's own queryset: that of translated models orders the columns its own way, and a union goes by their order.
    rows = QuerySet(found.model, query=found.query)
    number = Count(one.once_by or "pk", distinct=bool(one.once_by))
    return rows.annotate(kind=Value(one.key, CharField())).values("kind").annotate(n=number).values_list("kind", "n")


def _matching(one: Few, words: Sequence[str], pillars: Sequence[Pillar]) -> list[Hit]:
    """The pages that hold every word, those whose title does first."""
    hits = [(hit, folded(hit.title, hit.text)) for hit in one.rows(pillars)]
    held = [(hit, text) for hit, text in hits if all(word in text for word in words)]
    return [hit for hit, text in sorted(held, key=lambda pair: not all(w in folded(pair[0].title) for w in words))]


def _shown(one: Kind | Few, rows: Any, words: Sequence[str]) -> list[Shown]:
    hits = [row if isinstance(row, Hit) else one.hit(row) for row in rows]  # type: ignore[union-attr]
    return [Shown(hit, _title(hit, words), excerpt(hit.text, words)) for hit in hits]


def _title(hit: Hit, words: Sequence[str]) -> SafeString:
    return excerpt(hit.title, words) if len(hit.title) > TITLE else marked(hit.title, words)
