"""A finished call told in figures: what came in, from where, who pitched, who won."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Exists, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from bethune_smartcity.accounts.models import Partner
from bethune_smartcity.core.statements import Compiled
from calls.models import Call, Prize, Submission
from juries.models import Panel, Proposal


@dataclass(frozen=True)
class Winner:
    """A structure that won prizes of the jury, and what it was awarded, all of them together."""

    name: str
    amount: Decimal | None
    also_public: bool


@dataclass(frozen=True)
class Figures:
    """What the home page tells of a call. Countries are ISO codes, the most frequent first."""

    submissions: int
    countries: tuple[str, ...]
    finalists: tuple[str, ...]
    winners: tuple[Winner, ...]
    partners: tuple[str, ...]


def figures_of(call: Call, moment: datetime) -> Figures | None:
    """The figures of `call` at the aware instant `moment`, None before its results are public.

    Counted each time the page that tells them is drawn: a name corrected in them is read at once.
    """
    if call.results_at is None or moment < call.results_at:
        return None
    (countries, partners), told = _origins(call), DISTINGUISHED.fetch(call=call.pk, moment=moment)
    return Figures(
        submissions=sum(countries.values()),
        countries=tuple(sorted(countries, key=lambda code: (-countries[code], code))),
        finalists=tuple(dict.fromkeys(row["structure__name"] for row in told if row["pitched"])),
        winners=_winners(told),
        partners=tuple(sorted(partners)),
    )


def _of_the_call(call: Any) -> QuerySet[Any, Any]:
    """(country, how many applications were handed in from it), and (name, None) of each partner."""
    numbered = Submission.objects.filter(call=call, number__isnull=False).order_by()
    name, count = Cast("structure__country", CharField()), Count("pk")
    countries = numbered.annotate(told=name).values("told").annotate(count=count).values_list("told", "count")
    partners = Partner.objects.filter(calls=call).order_by().annotate(count=Value(None, IntegerField()))
    return countries.union(partners.values_list("name", "count"), all=True)


def _distinguished(call: Any, moment: Any) -> QuerySet[Any, Any]:
    """The applications kept for the finale or awarded, once for each award, jury's prizes first."""
    kept = Proposal.objects.filter(
        submission=OuterRef("pk"),
        panel__stage=Panel.Stage.READING,
        panel__publish_at__lte=moment,
        verdict=Proposal.Verdict.KEEP,
    )
    public = FilteredRelation("awards", condition=Q(awards__publish_at__lte=moment))
    submissions = Submission.objects.filter(call=call).annotate(pitched=Exists(kept), won=public)
    told = submissions.filter(Q(pitched=True) | Q(won__isnull=False))
    return told.order_by("won__prize__kind", "won__prize__rank", "number").values(
        "pk", "pitched", "structure__name", "won__prize__kind", "won__amount"
    )


ORIGINS = Compiled(_of_the_call, call=Call._meta.pk)
DISTINGUISHED = Compiled(_distinguished, call=Call._meta.pk, moment=Call._meta.get_field("results_at"))


def _origins(call: Call) -> tuple[dict[str, int], list[str]]:
    """How many applications were handed in from each country, and the names of the partners. One statement."""
    rows = ORIGINS.fetch(call=call.pk)
    return {name: count for name, count in rows if count}, [name for name, count in rows if count is None]


def _winners(told: list[dict[str, Any]]) -> tuple[Winner, ...]:
    loved = {row["pk"] for row in told if row["won__prize__kind"] == Prize.Kind.PUBLIC}
    given: dict[Any, list[dict[str, Any]]] = {}
    for row in told:
        if row["won__prize__kind"] == Prize.Kind.JURY:
            given.setdefault(row["pk"], []).append(row)
    return tuple(
        Winner(rows[0]["structure__name"], _together(row["won__amount"] for row in rows), pk in loved)
        for pk, rows in given.items()
    )


def _together(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The euros of several prizes; None where none has an amount."""
    told = [amount for amount in amounts if amount is not None]
    return sum(told, Decimal(0)) if told else None
