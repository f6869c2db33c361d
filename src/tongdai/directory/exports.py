"""The city's tables as CSV, in the very columns `imports` reads: what is taken out and brought in again changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Manager, Model

from .imports import TABLES

ONE_A_LINE = frozenset({"keywords", "aliases"})  # columns that hold one phrase a line; in a cell they are parted by |
MARK = "\ufeff"  # by which Excel knows UTF-8


def table(kind: str) -> str:
    """All rows of this kind, those first that others name.

    Raises:
        KeyError: no such kind.
    """
    shape = TABLES[kind]
    rows = list(shape.model._default_manager.all())
    return written(shape.columns, _named_first(rows))


def written(columns: Sequence[str], rows: Iterable[Any]) -> str:
    """CSV with a mark for Excel; the first line names the columns."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(columns)
    sheet.writerows([_cell(getattr(row, column), column) for column in columns] for row in rows)
    return MARK + text.getvalue()


def _named_first(rows: list[Any]) -> list[Any]:
    """Parents before children, and what a former unit became before the former unit."""
    by_id = {row.pk: row for row in rows}

    def depth(row: Any) -> tuple[bool, int]:
        above, levels = by_id.get(getattr(row, "parent_id", None)), 0
        while above is not None:
            above, levels = by_id.get(above.parent_id), levels + 1
        return getattr(row, "valid_to", None) is not None, levels

    return sorted(rows, key=depth)


def _cell(value: Any, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Manager):
        return "|".join(sorted(row.code for row in value.all()))
    if isinstance(value, Model):
        return str(value.code)  # type: ignore[attr-defined]
    return str(value).replace("\n", "|" if column in ONE_A_LINE else " ")
