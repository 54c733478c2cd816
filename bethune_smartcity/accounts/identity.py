"""The number by which each country knows its structures: what it is called there, how it looks, whether one is right.

Nobody is asked for one in order to apply: a structure from anywhere may leave it out.
Checks of digits: SIREN and SIRET after INSEE (Luhn), BCE/KBO and EIN after python-stdnum. The number of Companies House
(gov.uk, "company number": eight digits, two letters and six, or for registered societies two letters, five and an R),
those of the charity registers of the United Kingdom (six or seven digits; SC and NIC with six) and those of the German
registers (§ 13 HRV: section and number, the court beside) are ours.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum.be import vat as bce
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.fr import siren, siret
from stdnum.us import ein

from bethune_smartcity.core.errors import Invalid

LONGEST = 40


@dataclass(frozen=True)
class Scheme:
    """A country's number: its name, one made-up example, and `written(text)`, which gives it as people write it there
    or raises ValueError. A `free` one may hold letters of any language.
    """

    label: Any
    example: str
    written: Callable[[str], str]
    free: bool = False


def _siret(text: str) -> str:
    """The number of a site, or that of the structure, which begins it."""
    digits = siret.compact(text.replace(".", ""))
    if len(digits) == 9:
        digits = siren.validate(digits)
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    digits = siret.validate(digits)
    return f"{digits[:3]} {digits[3:6]} {digits[6:9]} {digits[9:]}"


def _rna_or_siret(text: str) -> str:
    """An association has a number in its own register (RNA) before it has a SIRET, if ever."""
    found = re.fullmatch(r"W[0-9]{9}", text.replace(" ", "").upper())
    return found[0] if found else _siret(text)


def _bce(text: str) -> str:
    digits = bce.validate(text)
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def _company_number(text: str) -> str:
    found = re.fullmatch(r"([A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}R|[0-9]{6,8})", text.replace(" ", "").upper())
    if not found:
        raise ValueError(text)
    return found[0].rjust(8, "0")


def _charity_or_company_number(text: str) -> str:
    """A charity has a number in its own register, which is written as it is."""
    found = re.fullmatch(r"NIC[0-9]{6}|[0-9]{6,7}", text.replace(" ", "").upper())
    return found[0] if found else _company_number(text)


def _register(text: str) -> str:
    found = re.fullmatch(
        r"(?i)(?P<court>.*?)\b(?P<part>HRA|HRB|GNR|GSR|PR|VR)\W*(?P<number>[0-9]{1,6})(?P<rest>\b.*)", text
    )
    if not found:
        raise ValueError(text)
    part = {"GNR": "GnR", "GSR": "GsR"}.get(found["part"].upper(), found["part"].upper())
    rest = re.sub(r"^ *([a-z])\b", lambda letter: f" {letter[1].upper()}", found["rest"])
    return " ".join(f"{found['court']}{part} {found['number']}{rest}".split())


def _ein(text: str) -> str:
    digits = ein.validate(text)
    return f"{digits[:2]}-{digits[2:]}"


def _kvk(text: str) -> str:
    found = re.fullmatch(r"[0-9]{8}", text.replace(" ", ""))
    if not found:
        raise ValueError(text)
    return found[0]


SIRET = Scheme(_("SIRET number"), "123 456 782 00010", _siret)
FRENCH_ASSOCIATION = Scheme(_("RNA or SIRET number"), "W621000123", _rna_or_siret)
BRITISH_CHARITY = Scheme(_("Charity or company number"), "1234567", _charity_or_company_number)
ELSEWHERE = Scheme(_("Registration number in your country"), "", str, free=True)
SCHEMES = {
    "FR": SIRET,
    "BE": Scheme("BCE/KBO", "0123.456.749", _bce),
    "GB": Scheme("Company number", "01234567", _company_number),
    "DE": Scheme("Handelsregister", "HRB 12345 Amtsgericht Köln", _register, free=True),
    "US": Scheme("EIN", "91-1144442", _ein),
    "NL": Scheme("KVK", "12345678", _kvk),
}
# Those of associations and other structures, where they are not those of companies.
NOT_COMPANIES = {"FR": FRENCH_ASSOCIATION, "GB": BRITISH_CHARITY}


def scheme_of(country: str, kind: str = "company") -> Scheme:
    """The number asked of a structure of `kind` from `country` (two letters, ISO 3166-1)."""
    if kind != "company" and country in NOT_COMPANIES:
        return NOT_COMPANIES[country]
    return SCHEMES.get(country, ELSEWHERE)


def checked(text: str, *, country: str, kind: str) -> str:
    """The number as its country writes it; empty when `text` is blank. Raises Invalid at `registration_number`."""
    typed = " ".join(text.split())
    scheme = scheme_of(country, kind)
    try:
        written = scheme.written(typed) if typed else ""
        if len(written) > LONGEST or not (scheme.free or written.isascii()):
            raise ValueError(written)
    except (ValueError, WrongNumber) as error:
        raise Invalid("bad_number", _refusal(scheme), field="registration_number") from error
    return written


def _refusal(scheme: Scheme) -> str:
    names = {"name": scheme.label, "example": scheme.example}
    if not scheme.example:
        return str(_("Forty characters at most. Leave it empty if you have none: none is needed to apply."))
    sentence = _("This is no %(name)s such as %(example)s. Leave it empty if you have none: none is needed to apply.")
    return str(sentence % names)
