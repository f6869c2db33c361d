"""What the sheet's templates need: numbers as people write them (`numbers.py`), each leading to its cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template
from django.template import Context
from django.utils.html import format_html

from ..behind import NONE, Figure
from ..period import Period
from ..showing import numbers

register = template.Library()


for written in (numbers.whole, numbers.percent, numbers.points, numbers.decimal):
    register.filter(written.__name__, written)


@register.filter
def size(change: float) -> float:
    """Leave out the sign of a change: the word beside it says whether it rose or fell."""
    return abs(change)


@register.filter
def hundredths(rate: float) -> str:
    """Show a length for a drawing, 0–100, with a point whatever the language."""
    return f"{100 * rate:.1f}"


@register.filter
def at(counts: Mapping[str, int], name: str) -> int:
    return counts[name]


@register.filter
def over(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@register.simple_tag(takes_context=True)
def cases_behind(context: Context, shown: str, measure: str = "nhan", group: str = "", code: str = "") -> str:
    """Show a number that leads to its cases; on paper and in a file of its own it stays a number."""
    if not context.get("links"):
        return shown
    groups = {group: code or NONE} if group else {}
    return format_html('<a href="{}">{}</a>', Figure(context["period"], measure, groups).url, shown)


@register.simple_tag(takes_context=True)
def cases_of_day(context: Context, day: date, shown: str, measure: str = "nhan") -> str:
    """Lead to the cases of one day of the chart; in a file of its own it stays a number."""
    if not context.get("links"):
        return shown
    return format_html('<a href="{}">{}</a>', Figure(Period(day, day), measure).url, shown)
