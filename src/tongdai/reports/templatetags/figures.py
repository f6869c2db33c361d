"""Figures as Vietnam writes them: 4.534 and 74,2 %; in English 4,534 and 74.2%."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

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
    """A change of a rate, in percentage points without its sign: `0.04` → `4,0`."""
    return decimal(abs(100 * change))


@register.filter
def decimal(value: float) -> str:
    """One place after the comma."""
    return f"{value:.1f}" if _english() else f"{value:.1f}".replace(".", ",")


@register.filter
def hundredths(rate: float) -> str:
    """A length for a drawing, 0–100, with a point whatever the language."""
    return f"{100 * rate:.1f}"


@register.filter
def over(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _english() -> bool:
    return (get_language() or "vi").startswith("en")
