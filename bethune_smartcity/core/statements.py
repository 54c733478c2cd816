"""Statements compiled once.

Django builds a statement's SQL anew each time it runs, which for what every page asks (which calls does this agent
screen, what are this call's questions) takes longer than the database does. A `Compiled` statement is written with
the ORM, with a slot for each value that varies; its SQL is made at first use and kept for the life of the process.

Kept for what is asked on every page. The shape may not depend on a value: a filter that is there or not, a condition
on the role belong to other statements. The part of a list that a page shows is asked of the whole of it (`part`).
"""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BooleanField, Count, Expression, Field, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

Build = Callable[..., "QuerySet[Any, Any]"]


class Slot(Expression):
    """The place of a value in a statement, written as the database wants a value of `field`."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def filled(self, values: dict[str, Any]) -> Any:
        """What goes in its place: a value, or the slot of the statement this one is part of."""
        value = values[self.name]
        return value if isinstance(value, Slot) else self.output_field.get_db_prep_value(value, connection)


class Kept(NamedTuple):
    """A queryset, the compiler that made its SQL, the SQL and its parameters, slots among them.

    `converters` say, by column, how what the database returns becomes a value: they follow from the columns alone.
    """

    queryset: "QuerySet[Any, Any]"
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]


class Compiled:
    """A statement whose SQL is made once in each language.

    Args:
        build: the queryset, from slots given by name.
        slots: for each of them, the field whose values it takes. A foreign key takes the keys it refers to.
    """

    def __init__(self, build: Build, **slots: Any) -> None:
        self.build, self.slots = build, slots
        self.kept: dict[tuple[str | None, bool], Kept] = {}

    def within(self, **values: Any) -> RawSQL:
        """The statement as what `__in` compares with: one column of it."""
        kept, params = self._filled(values)
        return RawSQL(kept.sql, params)  # noqa: S611 - written by the ORM, values apart

    def holds(self, **values: Any) -> "Holds":
        """The condition that it has a row, to filter others with: a slot takes a value, or an expression of theirs."""
        return Holds(self, values)

    def exists(self, **values: Any) -> bool:
        """Whether it has a row. One statement."""
        kept, params = self._filled(values, exists=True)
        with connection.cursor() as cursor:
            cursor.execute(kept.sql, params)
            return cursor.fetchone() is not None

    def first(self, **values: Any) -> Any:
        """Its first row, None without one."""
        return next(iter(self.fetch(**values)), None)

    def delete(self, **values: Any) -> None:
        """Delete its rows. Where it has none, one statement that only reads: no lock is taken for nothing."""
        if self.exists(**values):
            self.build(**values).delete()

    def fetch(self, **values: Any) -> list[Any]:
        """Its rows, as the queryset gives them. One statement, beside those of what it prefetches."""
        return _rows(*self._filled(values))

    def part(self, start: int, stop: int, **values: Any) -> list[Any]:
        """Its rows from the place `start`, counted from 0, to before `stop`; the queryset itself is not cut.

        One statement, none where the part is empty.
        """
        if stop <= start:
            return []
        kept, params = self._filled(values)
        return _rows(kept._replace(sql=f"{kept.sql} LIMIT {stop - start:d} OFFSET {start:d}"), params)

    def _filled(self, values: dict[str, Any], *, exists: bool = False) -> tuple[Kept, tuple[Any, ...]]:
        kept = self.compiled(exists=exists)
        params = (p.filled(values) if isinstance(p, Slot) else p for p in kept.params)
        return kept, tuple(params)

    def compiled(self, *, exists: bool) -> Kept:
        """Its SQL in the language in force, made at first use; with `exists`, of whether it has a row."""
        key = (get_language(), exists)
        return self.kept.get(key) or self.kept.setdefault(key, self._compile(exists=exists))

    def _compile(self, *, exists: bool) -> Kept:
        queryset = self.build(**{name: Slot(name, field) for name, field in self.slots.items()})
        query = queryset.query.exists() if exists else queryset.query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        return Kept(queryset, compiler, sql, params, compiler.get_converters(columns))


class Holds(Expression):
    """Whether a `Compiled` statement has a row, asked within another: of its rows, where expressions fill slots."""

    output_field = BooleanField()

    def __init__(self, statement: Compiled, values: dict[str, Any]) -> None:
        super().__init__()
        self.statement = statement
        self.given = {name: value for name, value in values.items() if not hasattr(value, "resolve_expression")}
        self.columns = {name: value for name, value in values.items() if name not in self.given}

    def get_source_expressions(self) -> list[Any]:
        return list(self.columns.values())

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.columns = dict(zip(self.columns, exprs, strict=True))

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        kept = self.statement.compiled(exists=True)
        columns = {name: compiler.compile(column) for name, column in self.columns.items()}
        filled = [self._filled(param, columns) for param in kept.params]
        words = [*(word for word, _values in filled), ""]
        sql = "".join(f"{before}{word}" for before, word in zip(kept.sql.split("%s"), words, strict=True))
        return f"EXISTS({sql})", [value for _word, values in filled for value in values]

    def _filled(self, param: Any, columns: dict[str, Any]) -> Any:
        """What stands for a parameter of the statement, and the values in it."""
        if not isinstance(param, Slot):
            return "%s", [param]
        return columns.get(param.name) or ("%s", [param.filled(self.given)])


class Among:
    """A statement about so many values of `field` at once, whose SQL is made for 4 of them, for 8, 16 and so on: what
    is left over of a size is filled with the last value.

    Args:
        build: the queryset, from a list of slots, and from the others by name.
        field: the field whose values they stand for.
        slots: for each of the others, the field whose values it takes.
    """

    SMALLEST = 4

    def __init__(self, build: Build, field: "Field[Any, Any]", **slots: Any) -> None:
        self.build, self.field, self.slots = build, field, slots
        self.sizes: dict[int, Compiled] = {}

    def fetch(self, values: Collection[Any], **others: Any) -> list[Any]:
        """Its rows, as the queryset gives them. One statement; none for no value."""
        if not values:
            return []
        given = list(values)
        size = max(self.SMALLEST, 1 << (len(given) - 1).bit_length())
        names = [f"value{n}" for n in range(size)]
        given += given[-1:] * (size - len(given))
        return self._of(size, names).fetch(**dict(zip(names, given, strict=True)), **others)

    def _of(self, size: int, names: list[str]) -> Compiled:
        if size not in self.sizes:
            build = self.build
            self.sizes[size] = Compiled(
                lambda **slots: build([slots.pop(name) for name in names], **slots),
                **dict.fromkeys(names, self.field),
                **self.slots,
            )
        return self.sizes[size]


def number_of(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """How many `rows` there are, as the one row of a statement."""
    # Grouped by nothing: by a column, the rows would be sorted to be counted.
    alike = rows.order_by().annotate(one=Value(1)).values("one")
    return alike.annotate(n=Count("pk")).values_list("n", flat=True)


def prefetched(row: Any, name: str, rows: Sequence[Any]) -> None:
    """Give `row` the `rows` of its relation `name`, as if they had been prefetched. No statement."""
    model: Any = type(row)
    found = _same(_related(model, name))
    found._result_cache, found._prefetch_done = list(rows), True
    row._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {}), name: found}


@cache
def _related(model: Any, name: str) -> Any:
    return model._meta.get_field(name).related_model.objects.all()


def _rows(kept: Kept, params: tuple[Any, ...]) -> list[Any]:
    # The kept queryset is never run itself: this one shares its parts, which reading its rows leaves as they are.
    queryset = _same(kept.queryset)
    queryset._query = _same(kept.queryset.query)
    queryset._query.get_compiler = lambda *_args, **_options: _ready(kept, params)
    return list(queryset)


def _same(thing: Any) -> Any:
    """An object apart with the same attributes: what `copy.copy` makes, in a tenth of the time."""
    made = object.__new__(type(thing))
    made.__dict__.update(thing.__dict__)
    return made


def _ready(kept: Kept, params: tuple[Any, ...]) -> Any:
    """A compiler that has done its work, on this thread's connection."""
    compiler = _same(kept.compiler)
    # The connection itself: what stands for that of each thread looks for it at every word.
    compiler.connection = connections[DEFAULT_DB_ALIAS]
    compiler.as_sql = lambda *_args, **_options: (kept.sql, params)
    compiler.get_converters = lambda _columns: kept.converters
    return compiler
