"""A table of readings as people keep it in a spreadsheet, taken apart. Text in, plain values out."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from bethune_smartcity.core.text import normalise

MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
COLUMNS = {
    "indicateur": "indicator",
    "indicator": "indicator",
    "date": "day",
    "jour": "day",
    "day": "day",
    "valeur": "value",
    "value": "value",
    "source": "source",
    "pilier": "pillar",
    "pillar": "pillar",
}
NEEDED = ("indicator", "day", "value")
DELIMITERS = ";\t,"
# What columns of the database hold.
DIGITS, DECIMALS = 11, 3
SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
FRENCH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
WORDS = re.compile(r"(\d{1,2})(?:er)? ([a-z]+) (\d{4})", re.ASCII)


class Unreadable(ValueError):
    """The table has no header that names the columns needed, or is no table."""


@dataclass(frozen=True)
class Raw:
    """A line of a table: its number in the file, and its cells by column."""

    number: int
    cells: dict[str, str]


def lines_of(text: str) -> list[Raw]:
    """The lines of a table whose first line names its columns, in any order; empty lines are passed over.

    Cells are apart by semicolons, tabs or commas. Raises Unreadable.
    """
    rows = _rows(text)
    first = next(rows, None)
    header = [COLUMNS.get(normalise(cell), "") for cell in first[1]] if first else []
    if not set(NEEDED) <= set(header):
        raise Unreadable
    return [
        Raw(number, {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name})
        for number, cells in rows
    ]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.removeprefix("\ufeff").splitlines()
    head = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=max(DELIMITERS, key=head.count))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise Unreadable from error


def value_of(text: str) -> Decimal | None:
    """A number as people write it: "1 234,5", "1234.5", "1.234,5", "−3"; None for what is none."""
    plain = SPACES.sub("", text).replace("\u2212", "-")
    if "," in plain and "." in plain:
        group = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(group, "")
    plain = plain.replace(",", ".")
    if len(plain) > 40 or not NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def fits(value: Decimal) -> bool:
    """Whether `value` can be kept without losing any of it."""
    return abs(value) < 10**DIGITS and value == round(value, DECIMALS)


def day_of(text: str) -> date | None:
    """A day as people write it: "2018-03-15", "15/03/2018", "1er mars 2018"; None for what is none."""
    plain = normalise(text)
    try:
        if found := ISO.fullmatch(plain):
            year, month, day = map(int, found.groups())
        elif found := FRENCH.fullmatch(plain):
            day, month, year = map(int, found.groups())
        elif found := WORDS.fullmatch(plain):
            day, month, year = int(found[1]), MONTHS.index(found[2]) + 1, int(found[3])
        else:
            return None
        return date(year, month, day)
    except ValueError:
        return None
