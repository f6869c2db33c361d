"""An answer as a card of the list: what it is, what it says in short, where it opens."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdai.knowledge import telling
from tongdai.knowledge.asking import Answer, Told
from tongdai.knowledge.models import Article, LookupRow, Procedure
from tongdai.knowledge.search.entry import Part

ANCHORS = {
    Part.PAPERS: "giay-to",
    Part.STEPS: "cach-lam",
    Part.FEE: "le-phi",
    Part.TIME: "thoi-han",
    Part.WHERE: "noi-nop",
}


@dataclass(frozen=True)
class Card:
    title: str
    kind: str
    short: str
    url: str


def card(told: Told, *, part: Part | None, mark: str) -> Card:
    short = telling.in_short(told.row, part)
    return Card(telling.title(told.row), _kind(told), _cut(short), address(told.row, part=part, mark=mark))


def suggestion(told: Told, *, part: Part | None) -> dict[str, str]:
    """A line under the box while one types."""
    return {
        "title": telling.title(told.row),
        "about": _kind(told),
        "url": address(told.row, part=part, mark=""),
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
        case _:
            path = reverse("portal:row", args=[row.pk])
    anchor = f"#{ANCHORS[part]}" if part and isinstance(row, Procedure) else ""
    return f"{path}{'?' + query if query else ''}{anchor}"


def _kind(told: Told) -> str:
    match told.row:
        case Procedure():
            return _("Thủ tục · {field}").format(field=told.row.field) if told.row.field else _("Thủ tục")
        case Article():
            return _("Hỏi – đáp")
        case LookupRow():
            return told.row.table.name


def _cut(text: str, most: int = 180) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
