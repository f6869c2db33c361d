"""How far the sheets of an XLSX reach, read from its parts before a library makes room for them.

A library makes room for the whole rectangle: one cell at XFD1048576, in a file of 5 KB, asks for gigabytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import IO
from xml.parsers import expat

MOST_ROWS = 300_000
MOST_CELLS = 12_000_000  # of the rectangle around all cells: some 400 MB in memory
NEAR_COLUMNS = 40  # A … AN: MOST_ROWS of these are MOST_CELLS
CHUNK = 1 << 20

# As every program writes them. Where each cell and row is like these, the rectangle is within bounds, and that is all
# there is to know (1 s for 200,000 rows of 10 cells; the parser below takes 4 s).
_CELL, _NEAR_CELL = re.compile(rb"[<:]c[\s/>]"), re.compile(rb'<c r="(?:[A-Z]|A[A-N])(?:[1-9]\d{0,4}|[12]\d{5})"')


class TooFar(ValueError):
    """A sheet reaches too far. `rows`: it is the rows that are too many."""

    def __init__(self, *, rows: bool) -> None:
        super().__init__("too many rows" if rows else "too many cells")
        self.rows = rows


def check(packed: zipfile.ZipFile) -> None:
    """Raises TooFar; or zipfile.BadZipFile, expat.ExpatError where a part can't be read."""
    for part in packed.infolist():
        with packed.open(part) as inside:
            near = _is_near(inside)
        if not near:
            with packed.open(part) as inside:
                _walk(inside)


def _is_near(part: IO[bytes]) -> bool:
    """Whether this part is no sheet, or one whose cells all say where they are, and are near."""
    is_sheet, near = False, True
    for text in _whole_tags(part):
        is_sheet = is_sheet or b"sheetData" in text
        near = near and len(_CELL.findall(text)) == len(_NEAR_CELL.findall(text))
        if is_sheet and not near:
            return False
    return True


def _whole_tags(part: IO[bytes]) -> Iterator[bytes]:
    """The text in pieces that end before a tag begins."""
    rest = b""
    while read := part.read(CHUNK):
        text, mark, begun = (rest + read).rpartition(b"<")
        yield text
        rest = mark + begun
        if len(rest) > 4 * CHUNK:  # no tag in sight: text, and its end is in no need of being whole
            yield rest
            rest = rest[-64:]
    yield rest


def _walk(part: IO[bytes]) -> None:
    """Every cell that holds something, counted as the library does: one that doesn't say where it is stands next."""
    row = at = column = rows = columns = 0  # `at`: the row of the cell, which may say another than the row it stands in

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, at, column, rows, columns
        if name.endswith("c") and name in ("c", f"{name[:-2]}:c"):
            if "r" in attributes:
                at, column = _place(attributes["r"])
            else:
                at, column = row, column + 1
        elif name.endswith("row") and name in ("row", f"{name[:-4]}:row"):
            row, column = (_row(attributes["r"]) if "r" in attributes else row + 1), 0
        elif (at > rows or column > columns) and name.rpartition(":")[2] in ("v", "is"):
            rows, columns = max(rows, at), max(columns, column)
            if rows > MOST_ROWS:
                raise TooFar(rows=True)
            if rows * columns > MOST_CELLS:
                raise TooFar(rows=False)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = begins
    parser.ParseFile(part)


def _place(cell: str) -> tuple[int, int]:
    """`AN12` → 12, 40."""
    letters = cell.rstrip("0123456789")
    return _row(cell[len(letters) :]), _column(letters)


def _row(digits: str) -> int:
    if not (digits.isascii() and digits.isdecimal()):
        raise zipfile.BadZipFile(f"no row in a sheet: {digits[:20]!r}")
    return int(digits if len(digits) < 9 else digits.lstrip("0")[:9] or "0")


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """`A` → 1, `XFD` → 16,384."""
    if not (letters.isascii() and letters.isalpha()):
        raise zipfile.BadZipFile(f"no column in a sheet: {letters[:20]!r}")
    number = 0
    for letter in letters[:9].upper():
        number = number * 26 + ord(letter) - 64
    return number
