"""A row of somebody's file → a row of ours: place, point, phone and days understood, what can't be is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongdai.directory.models import Place
from tongdai.directory.places import by_name
from tongdai.language.text import fold
from tongdai.platform.files.spreadsheets import plain
from tongdai.platform.typed_input import taken

from ..importing.sheets import Cells
from .columns import Role, of_role

LATITUDES, LONGITUDES = (8.0, 24.0), (102.0, 118.0)  # Vietnam with its islands, WGS84 degrees
_HOUR = re.compile(r"^\s*\d{1,2}:\d{2}(?::\d{2})?\s")


@dataclass
class Read:
    """`values`: what is shown, by column; `problems`: what was left out, and why."""

    name: str
    values: dict[str, str]
    place: Place | None = None
    latitude: float | None = None
    longitude: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    problems: list[str] = field(default_factory=list)


class Wards:
    """The one ward, commune or special zone whose name stands in the words, and none by likeness; asked once for each way

    of writing it.
    """

    def __init__(self) -> None:
        self._known: dict[str, Place | None] = {}

    def __call__(self, said: str) -> Place | None:
        if said not in self._known:
            found = by_name.mentioned(said)
            named = [each for each in found if fold(said) in (fold(each.name), fold(each.full_name))]
            sure = found if len(found) == 1 else named  # `Lê Chân`: the ward, rather than all of the former district
            self._known[said] = sure[0] if len(sure) == 1 else None
        return self._known[said]


def read(cells: Cells, columns: Sequence[dict[str, str]], *, ward: Wards) -> Read | None:
    """The row, or None where it has no name: a total, a note below the table."""
    name = cells.get(of_role(columns, Role.NAME), "")
    if not name:
        return None
    row = Read(name[:300], {each["name"]: cells.get(each["name"], "")[:2000] for each in columns})
    place = cells.get(of_role(columns, Role.PLACE), "")
    said = place or cells.get(of_role(columns, Role.ADDRESS), "")
    row.place = ward(said) if said else None
    if place and row.place is None:
        row.problems.append(_("không nhận ra nơi “{text}”").format(text=place[:60]))
    row.valid_from, row.valid_to = _days(row, cells, columns)
    _point(row, cells, columns)
    return row


def _days(row: Read, cells: Cells, columns: Sequence[dict[str, str]]) -> tuple[date | None, date | None]:
    found: list[date | None] = []
    for role in (Role.VALID_FROM, Role.VALID_TO):
        column = of_role(columns, role)
        text = cells.get(column, "")
        day = day_of(text) if text else None
        if text and day is None:
            row.values[column] = ""  # nobody is told of a day that is none
            row.problems.append(_("“{text}” không phải một ngày; viết như 1.7.2025").format(text=text[:40]))
        found.append(day)
    if found[0] and found[1] and found[0] > found[1]:
        row.problems.append(_("ngày bắt đầu sau ngày kết thúc"))
    return found[0], found[1]


def day_of(text: str) -> date | None:
    """`1.7.2025`, `17:00 01/07/2025`, `2025-07-01`, `ngày 1 tháng 7 năm 2025`; None where it is no day."""
    parts = [int(each) for each in re.findall(r"\d+", _HOUR.sub("", text))[:3] if len(each) <= 4]
    if len(parts) < 3:
        return None
    year, month, number = parts if parts[0] > 31 else (parts[2], parts[1], parts[0])
    try:
        return taken(date(year + 2000 if year < 100 else year, month, number))
    except ValueError:
        return None


def _point(row: Read, cells: Cells, columns: Sequence[dict[str, str]]) -> None:
    """Swapped coordinates are certain to be so here (no latitude is a longitude in Vietnam): turned, and said."""
    texts = [cells.get(of_role(columns, role), "") for role in (Role.LATITUDE, Role.LONGITUDE)]
    if not any(texts):
        return
    latitude, longitude = map(_degrees, texts)
    if latitude is None or longitude is None:
        row.problems.append(_("tọa độ “{text}” không đọc được").format(text=", ".join(texts)[:60]))
    elif _within(latitude, LATITUDES) and _within(longitude, LONGITUDES):
        row.latitude, row.longitude = latitude, longitude
    elif _within(longitude, LATITUDES) and _within(latitude, LONGITUDES):
        row.latitude, row.longitude = longitude, latitude
        row.problems.append(_("vĩ độ và kinh độ bị đổi chỗ, đã đổi lại"))
    else:
        row.problems.append(_("tọa độ {text} không ở Việt Nam").format(text=", ".join(texts)[:60]))


def _degrees(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _within(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1]


def shown(row: Any) -> str:
    """A cell as a spreadsheet may open it."""
    return plain(str(row))
