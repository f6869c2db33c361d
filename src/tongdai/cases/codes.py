"""The tracking code: ten random digits and a check digit, to be read out, texted and keyed on a phone.

The one place that knows how long it is, and how what a person typed is read.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

LENGTH = 11  # digits; the last is the check digit

# The totally anti-symmetric quasigroup of order 10 of H. Michael Damm, "Total anti-symmetrische Quasigruppen"
# (thesis, Marburg 2004): catches every single wrong digit and every swap of neighbours.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def check_digit(digits: str) -> str:
    """The digit that makes `digits` + it run to 0 through the Damm table."""
    row = 0
    for digit in digits:
        row = int(_DAMM[row][int(digit)])
    return str(row)


def new_code() -> str:
    """Eleven digits from the system's random source. Unique only once the database has said so."""
    digits = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}d}"
    return digits + check_digit(digits)


def is_valid(code: str) -> bool:
    """True for eleven digits whose check digit is right."""
    return has_length(code) and check_digit(code) == "0"


def has_length(code: str) -> bool:
    """True for as many ASCII digits as a code has, be the check digit right or wrong."""
    return len(code) == LENGTH and code.isascii() and code.isdigit()


def normalised(raw: str) -> str:
    """What a person typed without spaces, dots, dashes; digits of other scripts (full-width, Arabic) as our own."""
    bare = re.sub(r"[\s.\-–_/]", "", raw)
    return "".join(str(unicodedata.digit(each, each)) for each in bare)


def read(raw: str) -> str | None:
    """The code in what a person typed, or None if it is none."""
    code = normalised(raw)
    return code if is_valid(code) else None


def spoken(code: str) -> str:
    """As it is printed and read out: `7304 1859 261`, tied by no-break spaces."""
    return f"{code[:4]}\u00a0{code[4:8]}\u00a0{code[8:]}"
