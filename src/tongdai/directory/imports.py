"""Agencies, topics, places and the calendar from CSV: first what would change, then all of the file or nothing.

Files as Vietnamese Excel writes them: UTF-8 with or without a mark, semicolons or commas; the first line names the
columns. Lists within a cell are parted by `|`; days are 2025-07-01 or 1.7.2025; yes is 1, x or có.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from tongdai.platform.clock import now
from tongdai.platform.files import csv_rows
from tongdai.platform.typed_input import NotADay, read_day, read_number

from .calendar.versions import save_version
from .changes.rules import LIMIT_HOURS, WAIT_DAYS_TAKEN, too_long
from .changes.writing import Refused, write
from .freshness import forget
from .models import WAIT_DAYS, Agency, Change, Holiday, Named, Place, Topic
from .outcome import Outcome

YES = frozenset({"1", "x", "có", "co", "yes", "true"})
NO = frozenset({"", "0", "không", "khong", "no", "false"})
Cells = dict[str, str]
LONGEST_WHY = 300  # a cell of a megabyte is not repeated


class NotThisTable(ValueError):
    """The file is no table of this kind at all. The message is for the person."""


class WrongCell(ValueError):
    """One cell can't be read. The message says what would be right."""

    def __init__(self, column: str, why: str) -> None:
        why = why if len(why) <= LONGEST_WHY else f"{why[:LONGEST_WHY]}…"
        super().__init__(why)
        self.column, self.why = column, why


@dataclass(frozen=True)
class Table:
    """A kind of file: its columns, those that must be there, and how a line becomes a row's values."""

    columns: tuple[str, ...]
    needed: tuple[str, ...]
    model: type[models.Model]
    key: str
    read: Callable[[Cells], dict[str, Any]]


def load(kind: str, path: Path, *, dry_run: bool = False) -> Outcome:
    """Read a file of this kind and write it, unless it is a dry run or anything in it is wrong.

    Raises:
        KeyError: no such kind.
        NotThisTable: not UTF-8, or a needed column is missing.
    """
    table, outcome = TABLES[kind], Outcome()
    lines = rows_of(path, columns=table.columns, needed=table.needed)
    with transaction.atomic():
        for number, cells in lines:
            try:
                check_cells(cells)
                _take(table, cells, outcome)
            except WrongCell as wrong:
                outcome.problems.append(problem_line(number, wrong))
        if dry_run or outcome.problems:
            transaction.set_rollback(True)
        elif kind == "calendar":
            save_version(at=now())
    forget()
    return outcome


def rows_of(path: Path, *, columns: Sequence[str], needed: Sequence[str]) -> list[tuple[int, Cells]]:
    """(line number, cells by column) of a CSV file; blank lines are passed over."""
    try:
        text = csv_rows.text_of(path)
        first = text.split("\n", 1)[0]
        lines = list(csv_rows.rows(text, delimiter=";" if first.count(";") > first.count(",") else ","))
    except csv_rows.NotCsv as wrong:
        raise NotThisTable(str(wrong)) from wrong
    names = [name.strip().lower() for name in lines[0][1]] if lines else []
    if missing := [name for name in needed if name not in names]:
        shown = {"missing": ", ".join(missing), "columns": ", ".join(columns)}
        raise NotThisTable(_("Thiếu cột {missing}. Các cột: {columns}.").format(**shown))
    found = []
    for line, row in lines[1:]:
        cells = {name: value.strip() for name, value in zip(names, row, strict=False) if name in columns}
        if any(cells.values()):
            found.append((line, {name: cells.get(name, "") for name in names if name in columns}))
    return found


def check_cells(cells: Cells) -> None:
    """Raises WrongCell where a cell holds what no database takes."""
    for column, value in cells.items():
        if "\0" in value:
            raise WrongCell(column, _("có ký tự lạ (NUL); gõ lại ô này"))


def check_room(model: type[models.Model], values: Mapping[str, object], *, column: str = "") -> None:
    """Raises WrongCell where a value is longer than what is kept of it; `column`: the one to name, if not the field's."""
    for name, why in too_long(model, values).items():
        raise WrongCell(column or name, why)


def problem_line(number: int, wrong: WrongCell) -> str:
    """Where it is and what would be right."""
    return _("Dòng {number}, cột {column}: {why}").format(number=number, column=wrong.column, why=wrong.why)


def required(cells: Cells, column: str) -> str:
    if not cells.get(column):
        raise WrongCell(column, _("chưa có gì"))
    return cells[column]


def chosen(cells: Cells, column: str, choices: Sequence[str], default: str = "") -> str:
    value = cells.get(column) or default
    if value not in choices:
        raise WrongCell(
            column, _("“{value}” không có; chọn một trong: {choices}").format(value=value, choices=", ".join(choices))
        )
    return value


def day(cells: Cells, column: str) -> date | None:
    text = cells.get(column, "")
    if not text:
        return None
    try:
        return read_day(text)
    except NotADay as why:
        raise WrongCell(column, _("“{value}” không nhận được: {why}").format(value=text[:40], why=why)) from None


def number(cells: Cells, column: str) -> float | None:
    """A number with a point or a comma before its decimals."""
    text = cells.get(column, "").replace(",", ".")
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,20})?", text):
        raise WrongCell(column, _("“{value}” không phải một số").format(value=cells[column][:40]))
    return float(text)


def rows_named(model: type[Any], cells: Cells, column: str) -> list[Any]:
    """The rows whose codes stand in the cell, parted by `|`."""
    return [row_named(model, {column: code}, column) for code in cells.get(column, "").split("|") if code]


def yes(cells: Cells, column: str) -> bool:
    value = cells.get(column, "").lower()
    if value not in YES | NO:
        raise WrongCell(column, _("“{value}” không rõ; viết có hoặc không").format(value=value))
    return value in YES


def row_named(model: type[Any], cells: Cells, column: str) -> Any:
    """The row whose code stands in the cell, or None if the cell is empty."""
    code = cells.get(column, "")
    if not code:
        return None
    found = model.objects.filter(code=code).first()
    if found is None:
        raise WrongCell(column, _("không có mã “{code}”").format(code=code))
    return found


def _take(table: Table, cells: Cells, outcome: Outcome) -> None:
    values = table.read(cells)
    check_room(table.model, values)
    many = {name: values.pop(name) for name in [*values] if isinstance(values[name], list)}
    key = values.pop(table.key)
    row: Any = table.model._default_manager.filter(**{table.key: key}).first()
    known = row is not None
    row = row or table.model(**{table.key: key})
    differs = _write(row, values | many) if isinstance(row, Topic | Agency) else _save(row, values, many, known=known)
    if not known:
        outcome.added.append(f"{key}: {row}")
    elif differs:
        outcome.changed.append(f"{key}: {row} ({', '.join(differs)})")
    else:
        outcome.unchanged += 1


def _write(row: Topic | Agency, values: dict[str, Any]) -> list[str]:
    """As the page writes it: by the same rules, and on record."""
    try:
        return write(row, values, how=Change.How.FILE)
    except Refused as refused:
        column, why = next(iter(refused.wrong.items()))
        raise WrongCell(column, why) from None


def _save(row: Any, values: dict[str, Any], many: dict[str, list[Any]], *, known: bool) -> list[str]:
    """A row of another table. Returns the columns that differ."""
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, Named):
        row.clean_names()
        check_room(type(row), {"folded": row.folded, "sort_key": row.sort_key}, column="name")
    if not known or differs:
        row.save()
    for name, found in many.items():
        if {each.pk for each in getattr(row, name).all()} != {each.pk for each in found}:
            getattr(row, name).set(found)
            differs.append(name)
    return differs


def _agency(cells: Cells) -> dict[str, Any]:
    return {
        "code": required(cells, "code"),
        "name": required(cells, "name"),
        "kind": chosen(cells, "kind", Agency.Kind.values, Agency.Kind.DEPARTMENT),
        "parent": row_named(Agency, cells, "parent"),
        "phone": cells.get("phone", ""),
        "valid_from": day(cells, "valid_from"),
        "valid_to": day(cells, "valid_to"),
        "places": rows_named(Place, cells, "places"),
    } | _handles_denunciations(cells)


def _handles_denunciations(cells: Cells) -> dict[str, bool]:
    """An inspectorate does unless the file says no; of others what the file says, and nothing new where it is silent."""
    if cells.get("handles_denunciations"):
        return {"handles_denunciations": yes(cells, "handles_denunciations")}
    if cells.get("kind") == Agency.Kind.INSPECTORATE:
        return {"handles_denunciations": True}
    return {"handles_denunciations": False} if "handles_denunciations" in cells else {}


def _topic(cells: Cells) -> dict[str, Any]:
    hours = read_number(required(cells, "limit_hours"), least=LIMIT_HOURS[0], most=LIMIT_HOURS[1])
    if hours is None:
        value = cells["limit_hours"][:40]
        raise WrongCell("limit_hours", _("“{value}” không phải số giờ làm việc").format(value=value))
    return {
        "code": required(cells, "code"),
        "name": required(cells, "name"),
        "parent": row_named(Topic, cells, "parent"),
        "agency": row_named(Agency, cells, "agency"),
        "by_place": yes(cells, "by_place"),
        "limit_hours": hours,
        "legal_basis": cells.get("legal_basis", ""),
        "urgent": yes(cells, "urgent"),
        "confidential": yes(cells, "confidential"),
        "health": yes(cells, "health"),
        "anonymous_allowed": yes(cells, "anonymous_allowed") if cells.get("anonymous_allowed") else True,
        "keywords": "\n".join(filter(None, map(str.strip, cells.get("keywords", "").split("|")))),
        "valid_from": day(cells, "valid_from"),
        "valid_to": day(cells, "valid_to"),
    } | _of_newer_files(cells)


def _of_newer_files(cells: Cells) -> dict[str, int | bool]:
    """How long a reply is waited for, what an answer needs, who sees its sender; a file without them changes none of it."""
    found: dict[str, int | bool] = {}
    if "wait_days" in cells:
        value = cells["wait_days"]
        days = read_number(value, least=WAIT_DAYS_TAKEN[0], most=WAIT_DAYS_TAKEN[1]) if value else WAIT_DAYS
        if days is None:
            raise WrongCell("wait_days", _("“{value}” không phải số ngày làm việc").format(value=value[:40]))
        found["wait_days"] = days
    for demand in ("proof_required", "approval_required", "hides_sender"):
        if demand in cells:
            found[demand] = yes(cells, demand)
    return found


def _place(cells: Cells) -> dict[str, Any]:
    name = required(cells, "name")
    return {
        "code": required(cells, "code"),
        "name": name,
        "full_name": cells.get("full_name") or name,
        "level": chosen(cells, "level", Place.Level.values),
        "parent": row_named(Place, cells, "parent"),
        "successors": rows_named(Place, cells, "successors"),
        "latitude": number(cells, "latitude"),
        "longitude": number(cells, "longitude"),
        "area_km2": number(cells, "area_km2"),
        "aliases": "\n".join(filter(None, map(str.strip, cells.get("aliases", "").split("|")))),
        "valid_from": day(cells, "valid_from"),
        "valid_to": day(cells, "valid_to"),
    }


def _holiday(cells: Cells) -> dict[str, Any]:
    required(cells, "day")
    return {"day": day(cells, "day"), "name": required(cells, "name"), "working": yes(cells, "working")}


_AGENCY = ("code", "name", "kind", "parent", "places", "phone", "handles_denunciations", "valid_from", "valid_to")
_TOPIC = ("code", "name", "parent", "agency", "by_place", "limit_hours", "wait_days", "legal_basis", "urgent", "confidential",
          "health", "anonymous_allowed", "proof_required", "approval_required", "hides_sender", "keywords",
          "valid_from", "valid_to")  # fmt: skip
_PLACE = ("code", "name", "full_name", "level", "parent", "successors", "latitude", "longitude", "area_km2", "aliases",
          "valid_from", "valid_to")  # fmt: skip
TABLES = {
    "agencies": Table(_AGENCY, ("code", "name"), Agency, "code", _agency),
    "topics": Table(_TOPIC, ("code", "name", "limit_hours"), Topic, "code", _topic),
    "places": Table(_PLACE, ("code", "name", "level"), Place, "code", _place),
    "calendar": Table(("day", "name", "working"), ("day", "name"), Holiday, "day", _holiday),
}
