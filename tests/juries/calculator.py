"""What a pocket calculator says of a sum as it is printed, exactly, rounded as its result is."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

SUM = re.compile(r'<p class="sum">(?:± )?([^<=]+) = ([^<]+)</p>')
DIGITS = Context(prec=60)


def number(text):
    return Fraction(text.replace("−", "-").replace(",", ".").replace("+", ""))


def worked_out(sum_, decimals):
    """The sum as typed, halves up to so many decimals."""
    python = re.sub(r"\d+(?:,\d+)?", lambda found: f"F('{found[0].replace(',', '.')}')", sum_)
    for sign, word in {"÷": "/", "×": "*", "−": "-", "√": "root", "²": "**2"}.items():
        python = python.replace(sign, word)
    assert re.fullmatch(r"[\d\s()./*+\-'Frot]+", python), python
    with localcontext(DIGITS):
        found = eval(python, {"__builtins__": {}, "F": Fraction, "root": root})
        if isinstance(found, Fraction):
            found = Decimal(found.numerator) / found.denominator
        return found.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def root(value):
    return (Decimal(value.numerator) / value.denominator).sqrt()


def comes_out(sum_, result):
    """Whether a sum gives its result, digit by digit."""
    return worked_out(sum_, len(result.partition(",")[2])) == number(result)


def wrong_sums(page):
    """The sums of a page that do not come out."""
    return [pair for pair in SUM.findall(page) if not comes_out(*pair)]


CELL = r'<td class="num[^"]*"[^>]*>(?:<b>)?([+−]?\d+,\d\d)(?:</b>)?</td>'
CORRECTED = re.compile(CELL * 3)


def corrections(page):
    """(mean, correction, adjusted score) of each row of a standing, or of minutes, as printed."""
    return CORRECTED.findall(page)


def wrong_corrections(page):
    """The rows of a standing, or of minutes, whose mean and correction do not give the adjusted score."""
    rows = corrections(page)
    assert rows
    return [row for row in rows if number(row[0]) + number(row[1]) != number(row[2])]
