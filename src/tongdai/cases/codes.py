"""The tracking code: ten random digits and a check digit, to be read out, texted and keyed on a phone."""

from __future__ import annotations

import re
import secrets

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
    digits = f"{secrets.randbelow(10**10):010d}"
    return digits + check_digit(digits)


def is_valid(code: str) -> bool:
    """True for eleven digits whose check digit is right."""
    return bool(re.fullmatch(r"[0-9]{11}", code)) and check_digit(code) == "0"


def read(raw: str) -> str | None:
    """The code in what a person typed (spaces, dots, dashes between digits), or None if it is none."""
    digits = re.sub(r"[\s.\-–_/]", "", raw)
    return digits if is_valid(digits) else None


def spoken(code: str) -> str:
    """As it is printed and read out: `7304 1859 261`, tied by no-break spaces."""
    return f"{code[:4]}\u00a0{code[4:8]}\u00a0{code[8:]}"
