"""Which pillars things bear on, read with the things themselves: a page that has the pillars asks for them no more."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Aggregate, CharField, OuterRef, QuerySet, Subquery

from bethune_smartcity.core.statements import prefetched
from pillars.models import Pillar


class _Joined(Aggregate):
    """The keys of a group, joined by commas."""

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "STRING_AGG(CAST(%(expressions)s AS TEXT), ',')"
        return self.as_sql(compiler, connection, template=template, **extra)


def with_pillar_keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` of what bears on pillars, each with `pillar_keys` for `place_pillars`, and nothing prefetched."""
    bears: Any = rows.model
    of = bears.pillars.field.m2m_field_name()
    own = bears.pillars.through.objects.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return rows.prefetch_related(None).annotate(
        pillar_keys=Subquery(own.annotate(joined=_Joined("pillar")).values("joined"), output_field=CharField())
    )


def place_pillars(rows: Iterable[Any], pillars: Iterable[Pillar]) -> None:
    """Give each of `rows`, read by `with_pillar_keys`, those of `pillars` it bears on, as if prefetched. No statement.

    Args:
        pillars: all of them, in the order to show.
    """
    by_key = {str(pillar.pk): pillar for pillar in pillars}
    for row in rows:
        own = set((row.pillar_keys or "").split(","))
        prefetched(row, "pillars", [pillar for key, pillar in by_key.items() if key in own])
