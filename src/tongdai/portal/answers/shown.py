"""An answer as a card of the list: what it is, what it says in short, where it opens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdai.knowledge.answers import short_answers
from tongdai.knowledge.ask import Answer, Told
from tongdai.knowledge.lookups.columns import Role
from tongdai.knowledge.models import Article, LookupRow, LookupTable, Procedure
from tongdai.knowledge.search.entry import Part
from tongdai.language.text import fold
from tongdai.people import phones

ANCHORS = {
    Part.PAPERS: "giay-to",
    Part.STEPS: "cach-lam",
    Part.FEE: "le-phi",
    Part.TIME: "thoi-han",
    Part.WHERE: "noi-nop",
}


TWO_LINES = 66  # characters, under the box of a phone 360 px wide


@dataclass(frozen=True)
class Card:
    title: str
    kind: str
    short: str
    url: str


def card(found: Told, *, part: Part | None, mark: str) -> Card:
    row = found.row
    short = (
        short_answers.in_short(row, part)
        if not isinstance(row, LookupRow)
        else ". ".join(f"{label}: {value}" for label, value, _link in cells(row))
    )
    return Card(short_answers.title(row), _kind(found), _cut(short), address(found.row, part=part, mark=mark))


def suggestion(found: Told, *, part: Part | None) -> dict[str, str]:
    """A line under the box while one types."""
    return {
        "title": _cut(short_answers.title(found.row), TWO_LINES),
        "about": _kind(found),
        "url": address(found.row, part=part, mark=""),
    }


def address(row: Answer, *, part: Part | None, mark: str) -> str:
    """Its page, at the part that was asked for."""
    asked = {"phan": part or "", "h": mark}
    query = urlencode({name: value for name, value in asked.items() if value})
    match row:
        case Procedure():
            path = reverse("portal:procedure", args=[row.code])
        case Article():
            path = reverse("portal:article", args=[row.pk])
        case LookupTable():
            path = reverse("portal:table", args=[row.slug])
        case _:
            path = reverse("portal:row", args=[row.pk])
    anchor = f"#{ANCHORS[part]}" if part and isinstance(row, Procedure) else ""
    return f"{path}{'?' + query if query else ''}{anchor}"


def cells(row: LookupRow) -> list[tuple[str, str, str]]:
    """(label, value, address to dial) of its filled cells, in the table's order.

    Its name stands above, its point is a map's, and its ward stands once.
    """
    found = []
    for column in row.table.columns:
        value, role = str(row.values.get(column["name"], "")), column.get("role")
        if not value or role in {Role.NAME, Role.LATITUDE, Role.LONGITUDE}:
            continue
        if role == Role.PLACE and row.place and fold(value) in fold(f"{row.place.full_name} {row.name}"):
            continue
        found.append((column["label"], value, dial(value) if role == Role.PHONE else ""))
    return found


def ward(row: LookupRow) -> str:
    """Its ward, unless its name says it already."""
    return row.place.full_name if row.place and fold(row.place.full_name) not in fold(row.name) else ""


def dial(number: str) -> str:
    """`tel:` of a number people dial: a subscriber's, or a short one as 113 and 1022; empty if it is neither."""
    digits = re.sub(r"[\s.\-]", "", number)
    if re.fullmatch(r"[0-9]{3,5}", digits):
        return f"tel:{digits}"
    known = phones.normalise(number)
    return f"tel:{known}" if known else ""


def _kind(found: Told) -> str:
    match found.row:
        case Procedure():
            return _("Thủ tục · {field}").format(field=found.row.field) if found.row.field else _("Thủ tục")
        case Article():
            return _("Hỏi – đáp")
        case LookupTable():
            return _("Bảng tra cứu")
        case LookupRow():
            return found.row.table.name


def _cut(text: str, most: int = 180) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
