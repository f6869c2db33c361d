"""A procedure's parts in words, for the answers' pages."""

from __future__ import annotations

from datetime import date, datetime, time

from django import template

from tongdai.knowledge import telling
from tongdai.knowledge.models import Audience, Level, LookupRow, Procedure
from tongdai.people import phones
from tongdai.platform.clock import CITY_TZ
from tongdai.platform.vietnamese import weekday

register = template.Library()
register.filter("fees", telling.fees)
register.filter("time_limits", telling.time_limits)
register.filter("where", telling.where)
register.filter("paper", telling.paper)
register.filter("way", telling.way)


@register.filter
def unsure(procedure: Procedure, part: str) -> bool:
    """Whether this part waits for an editor."""
    return procedure.unsure(part)


@register.filter
def levels(procedure: Procedure) -> str:
    """`xã, phường, đặc khu; tỉnh, thành phố`."""
    return "; ".join(str(Level(level).label) for level in procedure.levels if level in Level)


@register.filter
def audience(procedure: Procedure) -> str:
    return ", ".join(str(Audience(who).label) for who in procedure.audience if who in Audience)


@register.filter
def told(row: LookupRow) -> list[tuple[str, str, str]]:
    """(label, value, address to dial or open) of a row's filled cells, in the table's order; its name stands above."""
    found = []
    for column in row.table.columns:
        value = str(row.values.get(column["name"], ""))
        if value and column.get("role") not in {"name", "latitude", "longitude"}:
            number = phones.normalise(value) if column.get("role") == "phone" else None
            found.append((column["label"], value, f"tel:{number}" if number else ""))
    return found


@register.filter
def with_weekday(day: date) -> str:
    """`thứ Hai, 30.11.2026`."""
    return f"{weekday(datetime.combine(day, time(12), tzinfo=CITY_TZ))}, {day.day}.{day.month}.{day.year}"
