"""Figures as Vietnam writes them: 4.534 and 74,2 %; in English 4,534 and 74.2%."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.translation import get_language

from ..behind import NONE, Figure
from ..period import Period

register = template.Library()
NBSP = "\u00a0"


@register.filter
def whole(value: int) -> str:
    """`4534` → `4.534`."""
    return f"{value:,}" if _english() else f"{value:,}".replace(",", ".")


@register.filter
def percent(rate: float) -> str:
    """`0.742` → `74,2 %`."""
    return f"{100 * rate:.1f}%" if _english() else f"{100 * rate:.1f}{NBSP}%".replace(".", ",")


@register.filter
def points(change: float) -> str:
    """Show a change of a rate, in percentage points without its sign: `0.04` → `4,0`."""
    return decimal(abs(100 * change))


@register.filter
def decimal(value: float) -> str:
    """Show one place after the comma."""
    return f"{value:.1f}" if _english() else f"{value:.1f}".replace(".", ",")


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


@register.simple_tag
def cases_of_day(day: date, shown: str, measure: str = "nhan") -> str:
    """Lead to the cases of one day of the chart."""
    return format_html('<a href="{}">{}</a>', Figure(Period(day, day), measure).url, shown)


def _english() -> bool:
    return (get_language() or "vi").startswith("en")
