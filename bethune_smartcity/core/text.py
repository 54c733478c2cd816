"""Text as people type it: folded for search, checked for characters that deceive, its signs held to their words."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .errors import Invalid

# Bidirectional overrides and isolates: they make a name read otherwise than it is stored (Unicode TR 36).
DECEIVING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")

# What opens Unicode's tags of language: invisible, and the portal's own in what it writes (`notifications.tongues`).
LANGUAGE_TAG = "\U000e0001"

# French sets a space before these signs and inside its quotation marks, and a line may not break there.
BEFORE_SIGN = re.compile(r"(?<=\S) (?=[;:!?»%€](?!\w))|(?<=«) ")

# A figure is read whole in every language: its groups of three digits, what it counts, an hour and its minutes.
IN_FIGURE = re.compile(
    r"(?<=\d) (?=\d{3}(?!\d))|(?<=\d) (?=[kM]?€|%|(?:euros?|Euro|EUR|h|km)\b)"
    r"|(?<=\d) (?=(?:jours?|days?|Tage?n?|dag(?:en)?|mois|months?|Monate?n?|maand(?:en)?)\b)"
    r"|(?<=\d[ \u00a0]h) (?=\d\d\b)|(?<=€) (?=\d)"
)
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "January February March April May June July August September October November December "
    "Januar Februar März Mai Juni Juli Oktober Dezember "
    "januari februari maart april mei juni juli augustus september oktober november december"
)
DIGIT = re.compile(r"\d")
IN_DATE = re.compile(rf"(?<!\d)(\d{{1,2}}(?:er|\.)?) (?=(?:{'|'.join(MONTHS.split())})\b)")


def hold_signs(text: str) -> str:
    """`text` whose spaces before ; : ! ? % € and inside « » do not break."""
    return BEFORE_SIGN.sub("\u00a0", text)


def hold_figures(text: str) -> str:
    """`text` whose spaces inside an amount ("8 000 €"), an hour and between a day and its month do not break."""
    return IN_DATE.sub("\\1\u00a0", IN_FIGURE.sub("\u00a0", text)) if DIGIT.search(text) else text


# Spaces, line ends of every kind and control characters: none of them belongs in a title or in a mail's header.
BETWEEN_WORDS = re.compile("[ \x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """`text` on one line, what stands between words made one space; spaces that do not break stay."""
    return BETWEEN_WORDS.sub(" ", text).strip()


def beginning(text: str, most: int = 60) -> str:
    """The first words of `text` on one line: `most` characters at most, cut between words where there are several."""
    line = one_line(text)
    if len(line) <= most:
        return line
    cut = line[: most + 1].rsplit(" ", 1)[0] if " " in line[: most + 1] else line[: most - 1]
    return cut.rstrip(" ,;:.\u00a0") + "…"


APOSTROPHE, APOSTROPHES = "'", "’‘ʼ′`"
ONE_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, APOSTROPHE))


def normalise(text: str) -> str:
    """`text` without accents, case or repeated spaces, its apostrophes those of a keyboard.

    What search columns hold and queries are folded to.
    """
    # Folded on both sides of the decomposition: letters of mathematics become capitals there.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).translate(ONE_APOSTROPHE).split())


def is_odd(character: str) -> bool:
    return (
        character in DECEIVING
        or character == LANGUAGE_TAG
        or (unicodedata.category(character) == "Cc" and character not in "\n\r\t")
    )


ODD = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{''.join(sorted(DECEIVING))}]")


def without_odd(text: str) -> str:
    """`text` without the characters that `validate_plain` refuses, the portal's own tags of language aside: for what
    was written by another way than a form.
    """
    return ODD.sub("", text)


def validate_plain(text: str) -> None:
    """Refuse control and direction-override characters. Raises ValidationError."""
    if any(is_odd(c) for c in text):
        raise ValidationError(_("Remove the invisible characters from this text."), code="odd_characters")


def check_plain(text: str, *, field: str) -> None:
    """Raise Invalid at `field` for the characters that `validate_plain` refuses: for what operations are handed."""
    if any(is_odd(c) for c in text):
        raise Invalid("odd_characters", _("Remove the invisible characters from this text."), field=field)


def validate_single_line(text: str) -> None:
    """Refuse what `validate_plain` refuses, and line breaks. Raises ValidationError."""
    validate_plain(text)
    if any(c in text for c in "\n\r\t"):
        raise ValidationError(_("Write this on one line."), code="line_break")
