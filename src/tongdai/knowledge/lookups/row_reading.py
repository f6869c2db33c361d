"""A row of somebody's file → a row of ours: place, point, phone and days understood, what can't be is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from tongdai.directory.models import Place
from tongdai.directory.places import by_name
from tongdai.language.text import fold

from ..importing.dates import read_day
from ..importing.sheets import Cells
from ..models import ColumnRole, column_of

LATITUDES, LONGITUDES = (8.0, 24.0), (102.0, 118.0)  # Vietnam with its islands, WGS84 degrees


@dataclass
class ReadRow:
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

    def __call__(self, text: str) -> Place | None:
        if text not in self._known:
            found = by_name.mentioned(text)
            named = [each for each in found if fold(text) in (fold(each.name), fold(each.full_name))]
            sure = found if len(found) == 1 else named  # `Lê Chân`: the ward, rather than all of the former district
            self._known[text] = sure[0] if len(sure) == 1 else None
        return self._known[text]


def read(cells: Cells, columns: Sequence[dict[str, str]], *, ward: Wards) -> ReadRow | None:
    """The row, or None where it has no name: a total, a note below the table."""
    name = cells.get(column_of(columns, ColumnRole.NAME), "")
    if not name:
        return None
    row = ReadRow(name[:300], {each["name"]: cells.get(each["name"], "")[:2000] for each in columns})
    place = cells.get(column_of(columns, ColumnRole.PLACE), "")
    text = place or cells.get(column_of(columns, ColumnRole.ADDRESS), "")
    row.place = ward(text) if text else None
    if place and row.place is None:
        row.problems.append(_("không nhận ra nơi “{text}”").format(text=place[:60]))
    row.valid_from, row.valid_to = _days(row, cells, columns)
    _point(row, cells, columns)
    return row


def _days(row: ReadRow, cells: Cells, columns: Sequence[dict[str, str]]) -> tuple[date | None, date | None]:
    found: list[date | None] = []
    for role in (ColumnRole.VALID_FROM, ColumnRole.VALID_TO):
        column = column_of(columns, role)
        text = cells.get(column, "")
        day = read_day(text) if text else None
        if text and day is None:
            row.values[column] = ""  # nobody is told of a day that is none
            row.problems.append(_("“{text}” không phải một ngày; viết như 1.7.2025").format(text=text[:40]))
        found.append(day)
    if found[0] and found[1] and found[0] > found[1]:
        row.problems.append(_("ngày bắt đầu sau ngày kết thúc"))
    return found[0], found[1]


def _point(row: ReadRow, cells: Cells, columns: Sequence[dict[str, str]]) -> None:
    """Swapped coordinates are certain to be so here (no latitude is a longitude in Vietnam): turned, and said."""
    texts = [cells.get(column_of(columns, role), "") for role in (ColumnRole.LATITUDE, ColumnRole.LONGITUDE)]
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
