"""The texts of the demonstration in the portal's languages: French and English side by side, the others by table."""

from .dutch import DUTCH
from .german import GERMAN

# Each language beyond French and English: French text -> its translation.
TABLES: dict[str, dict[str, str]] = {"de": GERMAN, "nl": DUTCH}


def texts(fields: dict[str, str]) -> dict[str, str]:
    """
    `fields` with, for each `name_fr`, the same text as `name` and its translations known by table.

    A translation given in `fields` is kept.
    """
    french = {name.removesuffix("_fr"): text for name, text in fields.items() if name.endswith("_fr")}
    known = {
        f"{name}_{language}": table[text]
        for language, table in TABLES.items()
        for name, text in french.items()
        if text in table
    }
    return known | fields | french
