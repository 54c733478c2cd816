"""Tables sent as CSV, line by line, that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

# What makes a spreadsheet read a cell as a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def neutral(cell: Any) -> str:
    """`cell` as text that no spreadsheet evaluates. A number stays one, its sign too."""
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return str(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(DANGEROUS) else text


class Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: list[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a table: separated by semicolons, marked as UTF-8 for spreadsheets."""
    writer = csv.writer(Echo(), delimiter=";")
    yield BOM + writer.writerow([neutral(cell) for cell in header])
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])


def data_lines(header: list[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a table for programs: UTF-8 without a mark, commas, decimal points, and no formula all the same."""
    writer = csv.writer(Echo(), lineterminator="\r\n")
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])


def csv_answer(name: str, header: list[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A table as a download called `name`.csv."""
    answer = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
