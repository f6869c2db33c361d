"""The first sheet of an XLSX as rows of text: called in a process of its own (platform.decoders); see `sheets`.

Only values are read, never formulas.
"""

from __future__ import annotations

import codecs
import itertools
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from tongdai.language.text import clean
from tongdai.platform.decoders.server import Refusal

from . import xlsx_guard
from .xlsx_guard import MOST_ROWS

MOST_UNPACKED = 600 * 1024 * 1024  # all parts together: a sheet of 200,000 rows has about 200 MB
UNREMARKABLE, MOST_PRESSED = (
    32 * 1024 * 1024,
    100,
)  # above so many bytes no workbook is pressed so much: most are by 10 to 25
MOST_MERGED = 1_000_000  # cells in merged spans
AT_ONCE = 256 * 1024  # characters in a line of what is written, or one row

Cell = tuple[int, int]  # row, column

codecs.lookup("cp437")  # of names in a ZIP: loaded now, for once confined nothing can be


def rows(given: BinaryIO, made: BinaryIO, *, most_columns: int) -> None:
    """Write them as lines of JSON, each a list of rows.

    Raises:
        Refusal: `broken`, `empty`, `rows` (too many), `far` (too many cells), `unpacked` (too large), `other` (no XLSX).
    """
    gathered: list[list[str]] = []
    size = 0
    for row in _rows(_sheet(given), most_columns=most_columns):
        gathered.append(row)
        size += sum(map(len, row))
        if size > AT_ONCE or len(gathered) >= 1000:
            made.write(json.dumps(gathered).encode() + b"\n")
            gathered, size = [], 0
    made.write(json.dumps(gathered).encode() + b"\n")


def _sheet(given: BinaryIO) -> CalamineSheet:
    try:
        with zipfile.ZipFile(given) as packed:
            _check_unpacked(packed)
            xlsx_guard.check(packed)
        given.seek(0)
        found = CalamineWorkbook.from_filelike(given).get_sheet_by_index(0)
    except xlsx_guard.TooFar as wrong:
        raise Refusal("rows" if wrong.rows else "far") from wrong
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ExpatError, CalamineError, IndexError) as wrong:
        raise Refusal("broken") from wrong
    if not found.total_height and not found.total_width:
        raise Refusal("empty")
    if found.total_height > MOST_ROWS:
        raise Refusal("rows")
    return found


def _rows(found: CalamineSheet, *, most_columns: int) -> Iterator[list[str]]:
    merged = _merged(found.merged_cell_ranges or [])
    first: dict[Cell, str] = {}  # what stands in the top left cell of a merged span stands in all of it
    for number, row in enumerate(found.iter_rows()):
        cells = [_as_text(cell) for cell in row[:most_columns]]
        for column, cell in enumerate(cells):
            origin = merged.get((number, column))
            if origin is not None:
                cells[column] = first.setdefault(origin, cell)
        yield cells


def _merged(spans: Iterable[tuple[Cell, Cell]]) -> dict[Cell, Cell]:
    """Cell → the top left one of the span it is merged in; spans of whole sheets are left alone."""
    found: dict[Cell, Cell] = {}
    for (top, left), (bottom, right) in spans:
        size = (bottom - top + 1) * (right - left + 1)
        if size <= 10_000 and len(found) + size <= MOST_MERGED:
            cells = itertools.product(range(top, bottom + 1), range(left, right + 1))
            found |= dict.fromkeys(cells, (top, left))
    return found


def _check_unpacked(packed: zipfile.ZipFile) -> None:
    """By what the directory declares, before anything is unpacked. What lies in it is found by `xlsx_guard`: `zipfile` reads

    no more of a part than was declared, and one that holds more is `broken`.
    """
    parts = packed.infolist()
    size, pressed = sum(each.file_size for each in parts), sum(each.compress_size for each in parts)
    if size > MOST_UNPACKED or size > max(UNREMARKABLE, MOST_PRESSED * pressed) or len(parts) > 2000:
        raise Refusal("unpacked")
    names = {each.filename.lower() for each in parts}
    if "xl/workbook.xml" not in names or names & {"xl/workbook.bin", "content.xml"}:  # .xlsb, .ods, or no table at all
        raise Refusal("other")


def _as_text(cell: object) -> str:
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time(0):
            return f"{cell.day}.{cell.month}.{cell.year}"
        case datetime():
            return f"{cell.hour:02d}:{cell.minute:02d} {cell.day}.{cell.month}.{cell.year}"
        case date():
            return f"{cell.day}.{cell.month}.{cell.year}"
        case time():
            return f"{cell.hour:02d}:{cell.minute:02d}"
        case timedelta():
            return str(cell)
        case _:
            return clean(str(cell))
