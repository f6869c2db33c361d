"""Rows for a spreadsheet: as CSV or as XLSX, in which nothing is a formula."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import xlsxwriter

from ..clock import CITY_TZ

Cell: TypeAlias = str | int | float | datetime | timedelta | None
MARK = "\ufeff"  # by which Excel knows UTF-8
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would reckon with it (OWASP, "CSV Injection")


def plain(text: str) -> str:
    """What begins like a formula is quoted."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A line each, the first names the columns. Times are the city's, lengths are whole seconds."""
    yield MARK
    for row in itertools.chain([columns], rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow([_text(cell) for cell in row])
        yield line.getvalue()


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, made_at: datetime) -> bytes:
    """The same in one sheet; a time is a time there, and a number a number."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": made_at.astimezone(CITY_TZ).replace(tzinfo=None)})
    sheet = book.add_worksheet()
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    sheet.write_row(0, 0, columns, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            match cell:
                case None:
                    pass
                case datetime():
                    sheet.write_datetime(number, column, cell.astimezone(CITY_TZ).replace(tzinfo=None), moment)
                case timedelta():
                    sheet.write_number(number, column, round(cell.total_seconds()))
                case int() | float():
                    sheet.write_number(number, column, cell)
                case _:
                    sheet.write_string(number, column, cell)
    book.close()
    return made.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(CITY_TZ):%Y-%m-%d %H:%M:%S}"
        case timedelta():
            return str(round(cell.total_seconds()))
        case str():
            return plain(cell)
        case _:
            return str(cell)
